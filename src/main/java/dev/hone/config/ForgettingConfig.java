package dev.hone.config;

import java.util.List;

/**
 * How much training may cost where nothing was trained on.
 *
 * @param most the largest drop of a data set's primary metric that needs no advice, 0 to 1
 * @param general names of the data sets on which a drop counts; auto: those that are not trained on
 */
public record ForgettingConfig(double most, Auto<List<String>> general) {
  /** Refuses values out of range. */
  public ForgettingConfig {
    Keys.GENERAL.check(general);
  }

  /** The data sets on which a drop counts, among those of a run, in their order. */
  public List<DatasetConfig> among(List<DatasetConfig> datasets) {
    return datasets.stream()
        .filter(
            dataset ->
                general.isAuto()
                    ? !dataset.trainOn()
                    : general.orElse(List.of()).contains(dataset.name()))
        .toList();
  }
}
