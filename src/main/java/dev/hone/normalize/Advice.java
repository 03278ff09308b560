package dev.hone.normalize;

import dev.hone.config.DatasetConfig;
import dev.hone.config.DatasetType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Says whether a data set is large enough to train on, and which loss fits its type. */
final class Advice {
  private final List<DatasetConfig> datasets;

  Advice(List<DatasetConfig> datasets) {
    this.datasets = datasets;
  }

  /**
   * One finding per data set that is trained on.
   *
   * @param rows rows of training (queries of a ranking set) by data set; none where absent
   */
  List<Finding> findings(Map<String, Long> rows) {
    List<Finding> findings = new ArrayList<>();
    for (DatasetConfig dataset : datasets) {
      if (dataset.trainOn()) {
        findings.add(finding(dataset, rows.getOrDefault(dataset.name(), 0L)));
      }
    }
    return findings;
  }

  private static Finding finding(DatasetConfig dataset, long rows) {
    DatasetType type = dataset.type();
    String unit = type.countsQueries() ? "queries" : "rows";
    boolean enough = rows >= type.enoughFrom();
    String size =
        enough
            ? "enough %s to train on".formatted(unit)
            : "fewer than the %d %s from which this type usually helps"
                .formatted(type.enoughFrom(), unit);
    return new Finding(
        dataset.name(),
        "train",
        "size",
        enough ? "info" : "warning",
        rows,
        0,
        size + "; the loss that fits: " + type.fittingLoss());
  }
}
