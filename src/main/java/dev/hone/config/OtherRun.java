package dev.hone.config;

import java.util.List;

/**
 * Another system's rankings, as TREC run files.
 *
 * @param name what tables call the system
 * @param path file, folder or pattern
 * @param datasets names of the data sets whose queries it answers; auto: the one ranked data set
 */
public record OtherRun(String name, String path, Auto<List<String>> datasets) {
  /** Refuses values out of range. */
  public OtherRun {
    Keys.OTHER_RUN_NAME.check(name);
    Keys.OTHER_RUN_PATH.check(path);
    Keys.OTHER_RUN_DATASETS.check(datasets);
  }

  /**
   * The data sets whose queries it answers.
   *
   * @param all of the run
   * @throws IllegalArgumentException if it names one that is not ranked, or none of several
   */
  public List<String> among(List<DatasetConfig> all) {
    List<String> ranked =
        all.stream().filter(dataset -> dataset.type().isRanked()).map(DatasetConfig::name).toList();
    List<String> named = datasets.orElse(ranked);
    if (datasets.isAuto() && ranked.size() != 1) {
      throw new IllegalArgumentException(
          "evaluate.runs has %s for the one data set with rankings, but these are %s: say which by datasets = [name]"
              .formatted(name, ranked));
    }
    if (!ranked.containsAll(named)) {
      throw new IllegalArgumentException(
          "evaluate.runs has %s for %s, but the data sets with rankings are %s"
              .formatted(name, named, ranked));
    }
    return named;
  }
}
