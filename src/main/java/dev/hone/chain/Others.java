package dev.hone.chain;

import dev.hone.config.OtherModel;
import dev.hone.config.OtherRun;
import dev.hone.config.RunConfig;
import dev.hone.evaluate.TrecRun;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelSource;
import dev.hone.store.LocalCache;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * What a run measures beside its own models.
 *
 * @param models other models with their folders, in the order of the configuration
 * @param runs other systems' rankings
 */
record Others(Map<OtherModel, ModelFolder> models, List<TrecRun> runs) {

  /**
   * Finds the models and files of a configuration.
   *
   * @throws dev.hone.error.HoneException if one is not there or cannot be used
   */
  static Others of(RunConfig config, LocalCache cache, Configuration hadoop) {
    Map<OtherModel, ModelFolder> models = new LinkedHashMap<>();
    for (OtherModel model : config.evaluate().models()) {
      models.put(model, ModelSource.resolve(model.path(), cache, hadoop));
    }
    List<TrecRun> runs =
        config.evaluate().runs().stream().map(run -> open(run, config, hadoop)).toList();
    return new Others(models, runs);
  }

  private static TrecRun open(OtherRun run, RunConfig config, Configuration hadoop) {
    return TrecRun.open(run.name(), run.path(), run.among(config.datasets()), hadoop);
  }

  /** Digests of all of them, by name. */
  Map<String, String> digests() {
    Map<String, String> digests = new TreeMap<>();
    models.forEach((model, folder) -> digests.put(model.name(), folder.digest()));
    runs.forEach(run -> digests.put(run.name(), run.digest() + run.datasets()));
    return digests;
  }
}
