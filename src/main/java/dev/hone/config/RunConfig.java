package dev.hone.config;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;

/**
 * Everything that a user sets for a run. A value comes from, in this order: {@code --set}, the
 * configuration file, the key's default.
 *
 * @param runId the name under which the run is published; auto: a digest of all that decides its
 *     result
 * @param workspace the folder that everything is written to: a path or a URI
 * @param seed the seed of everything random
 * @param model the model to tune: {@code builtin:NAME} or a folder
 * @param datasets the data sets, in the order of the file
 * @param queryPrompt text before every query; auto: the model's own
 * @param documentPrompt text before every document; auto: the model's own
 * @param normalize how sources become the normal form
 * @param mine how hard negatives are found
 * @param bm25 how BM25 scores documents
 * @param encode how texts become vectors
 * @param train how the model is trained
 * @param checkpoints when training writes checkpoints
 * @param evaluate how models are measured
 * @param forgetting how much training may cost where nothing was trained on
 * @param detail what is told of the evaluated models beside their metrics
 * @param tune which settings are tried to find the best
 * @param mlflow where MLflow is told of the run
 */
public record RunConfig(
    Auto<String> runId,
    String workspace,
    long seed,
    String model,
    List<DatasetConfig> datasets,
    Auto<String> queryPrompt,
    Auto<String> documentPrompt,
    NormalizeConfig normalize,
    MineConfig mine,
    Bm25Config bm25,
    EncodeConfig encode,
    TrainConfig train,
    CheckpointConfig checkpoints,
    EvaluateConfig evaluate,
    ForgettingConfig forgetting,
    DetailConfig detail,
    TuneConfig tune,
    MlflowConfig mlflow) {

  /** Refuses two data sets of one name, and what does not belong to the data sets. */
  public RunConfig {
    Keys.RUN_ID.check(runId);
    Keys.WORKSPACE.check(workspace);
    Keys.MODEL.check(model);
    Keys.PROMPT_QUERY.check(queryPrompt);
    Keys.PROMPT_DOCUMENT.check(documentPrompt);
    datasets = List.copyOf(datasets);
    Set<String> names = new HashSet<>();
    for (DatasetConfig dataset : datasets) {
      // Names become parts of paths, and some file systems do not tell case apart.
      if (!names.add(dataset.name().toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "datasets names " + dataset.name() + " twice, but each name may stand once");
      }
      if (dataset.trainOn()) {
        train.of(dataset);
      }
    }
    if (train.loss().distillation().isOn() && mine.filterScorer().orElse(model).equals(model)) {
      throw new IllegalArgumentException(
          "train.distillation learns from mine.filter-scorer, which is the model that is tuned: name a teacher, another encoder or a cross-encoder");
    }
    for (OtherRun run : evaluate.runs()) {
      run.among(datasets);
    }
    Keys.MAX_FORGETTING.check(forgetting.most());
    requireKnown(forgetting.general().orElse(List.of()), datasets);
  }

  private static void requireKnown(List<String> general, List<DatasetConfig> datasets) {
    List<String> known = datasets.stream().map(DatasetConfig::name).toList();
    for (String name : general) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "evaluate.general names " + name + ", but the data sets are " + known);
      }
    }
  }

  /**
   * Reads a configuration.
   *
   * @param fileOrNull a HOCON file; null for defaults alone
   * @param sets {@code key=value} each, the key with or without the leading {@code hone.}; a later
   *     one wins
   * @throws dev.hone.error.HoneException with all problems, one per line, if there is any
   */
  public static RunConfig load(Path fileOrNull, List<String> sets) {
    return Loader.load(fileOrNull == null ? Sources.nothing() : Sources.file(fileOrNull), sets);
  }

  /**
   * Reads the demo's configuration, which comes with Hone.
   *
   * @param sets as in {@link #load}
   * @throws dev.hone.error.HoneException as {@link #load}
   */
  public static RunConfig demo(List<String> sets) {
    return Loader.load(Sources.demo(), sets);
  }

  /**
   * A configuration that includes another file and goes over some of its keys, as HOCON.
   *
   * @param sets as in {@link #load}
   */
  public static String including(Path file, List<String> sets) {
    return Renderer.including(file, sets);
  }

  /** The whole configuration as HOCON, every key with its value, sorted, secrets masked. */
  public String effective() {
    return Renderer.effective(this);
  }

  /** As {@link #effective}, without what changes neither results nor pages: where MLflow is. */
  public String shown() {
    return Renderer.shown(this);
  }

  /**
   * Every setting that changes results, by its path, as text, secrets masked; data sets by name,
   * other groups of a list by their place from 0.
   */
  public SortedMap<String, String> settings() {
    return Renderer.settings(this);
  }

  /** Every key with the accepted values, the default and the meaning, for a terminal. */
  public static String helpText() {
    return Renderer.helpText();
  }

  /** Every key with the accepted values, the default and the meaning, as a Markdown table. */
  public static String markdownTable() {
    return Renderer.markdownTable();
  }
}
