package dev.hone.train;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What one validation found.
 *
 * @param step updates done
 * @param epoch of the last update; 0 before the first
 * @param criterion what the best model is chosen by: the mean of the data sets' relative changes
 *     against the base; higher is better, 0 is the base's
 * @param scores one per data set
 */
public record ValidationResult(int step, int epoch, double criterion, List<Score> scores) {
  /** Copies the list. */
  public ValidationResult {
    scores = List.copyOf(scores);
  }

  /**
   * The primary metric of one data set.
   *
   * @param metric as metric tables call it
   * @param k where it is cut off; null where it has no cut-off
   * @param value higher is better
   * @param base the base model's value
   */
  public record Score(String dataset, String metric, Integer k, double value, double base) {
    private String describe() {
      String name = k == null ? metric : metric + "@" + k;
      return String.format(Locale.ROOT, "%s %s %.4f", dataset, name, value);
    }

    /**
     * (value - base) / |base|; the difference itself where the base has 0, and 0 where the metric
     * says nothing (a correlation of what does not vary).
     */
    double relativeChange() {
      if (Double.isNaN(value) || Double.isNaN(base)) {
        return 0;
      }
      return base == 0 ? value : (value - base) / Math.abs(base);
    }
  }

  /** The scores in one line, for the log. */
  public String describe() {
    return scores.stream().map(Score::describe).collect(Collectors.joining(", "))
        + String.format(Locale.ROOT, "; %+.2f %% against the base", 100 * criterion);
  }

  /** The mean of the scores' relative changes. */
  static double criterion(List<Score> scores) {
    return scores.stream().mapToDouble(Score::relativeChange).average().orElse(0);
  }
}
