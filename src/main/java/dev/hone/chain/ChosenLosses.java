package dev.hone.chain;

import dev.hone.config.Auto;
import dev.hone.config.DatasetConfig;
import dev.hone.config.RunConfig;
import dev.hone.config.TrainConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.model.ModelFolder;
import dev.hone.train.DatasetTraining;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The losses of a run, one for each data set that is trained on. */
final class ChosenLosses {
  private static final Logger LOG = LoggerFactory.getLogger(ChosenLosses.class);

  private final RunConfig config;
  private final SortedMap<String, ChosenLoss> losses;

  private ChosenLosses(RunConfig config, SortedMap<String, ChosenLoss> losses) {
    this.config = config;
    this.losses = losses;
  }

  /**
   * Settles which losses they are.
   *
   * @param rows of the run that are trained on
   */
  static ChosenLosses of(RunConfig config, long rows) {
    SortedMap<String, ChosenLoss> losses = new TreeMap<>();
    for (DatasetConfig dataset : trained(config)) {
      losses.put(dataset.name(), ChosenLoss.of(config.train().of(dataset), rows));
    }
    LOG.info("train.loss: {}; {} rows", joined(words(losses)), rows);
    return new ChosenLosses(config, losses);
  }

  private static List<DatasetConfig> trained(RunConfig config) {
    return config.datasets().stream().filter(DatasetConfig::trainOn).toList();
  }

  private static SortedMap<String, String> words(SortedMap<String, ChosenLoss> losses) {
    SortedMap<String, String> words = new TreeMap<>();
    losses.forEach((dataset, loss) -> words.put(dataset, loss.word()));
    return words;
  }

  /**
   * Checks that a model has positions for the longest texts of the run and of each data set.
   *
   * @throws HoneException if it has not
   */
  static void checkLengths(RunConfig config, ModelFolder model) {
    checkLength("hone.train.max-length", config.train().maxLength(), model);
    for (DatasetConfig dataset : trained(config)) {
      checkLength("max-length of data set " + dataset.name(), dataset.own().maxLength(), model);
    }
  }

  private static void checkLength(String key, Auto<Integer> length, ModelFolder model) {
    int most = model.architecture().maxTokens();
    if (length.orElse(1) > most) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "%s is %d, but %s has positions for %d tokens: set it to %d or less."
              .formatted(key, length.orElse(1), model.path(), most, most));
    }
  }

  /** The batch that all data sets share: a large one where no loss needs memory for it. */
  int batch(long rows, int epochs) {
    boolean cached = losses.values().stream().allMatch(ChosenLoss::isCached);
    return ChosenLoss.batch(cached, rows, epochs);
  }

  /**
   * What a rank needs of them.
   *
   * @param resolved takes what {@code auto} became
   */
  SortedMap<String, DatasetTraining> over(ModelFolder model, Map<String, String> resolved) {
    SortedMap<String, DatasetTraining> trainings = new TreeMap<>();
    SortedMap<String, SortedMap<String, String>> settled = new TreeMap<>();
    for (DatasetConfig dataset : trained(config)) {
      ChosenLoss loss = losses.get(dataset.name());
      TrainConfig train = config.train().of(dataset);
      Map<String, String> own = new HashMap<>();
      trainings.put(
          dataset.name(),
          new DatasetTraining(
              loss.over(model, own),
              loss.gradients(),
              Chain.prompts(config, dataset, model),
              train.maxLength().orElse(model.maxLength())));
      own.forEach(
          (key, value) ->
              settled.computeIfAbsent(key, name -> new TreeMap<>()).put(dataset.name(), value));
    }
    settled.forEach((key, values) -> resolved.put(key, joined(values)));
    return trainings;
  }

  /** One value where all have it, else each beside its data set. */
  private static String joined(SortedMap<String, String> values) {
    Collection<String> distinct = new LinkedHashSet<>(values.values());
    return distinct.size() == 1
        ? distinct.iterator().next()
        : values.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining(", "));
  }
}
