package dev.hone.train;

import dev.hone.metric.Metric;
import dev.hone.metric.MetricOptions;
import java.io.Serializable;
import java.util.List;

/**
 * How a run is validated while it trains.
 *
 * @param every updates between two validations, at least 1; one comes before the first update and
 *     one after the last, too
 * @param patience validations in a row without a better model after which training stops; 0: never
 * @param metric label of what rankings are measured by
 * @param k where it is cut off, at least 1
 * @param minRelevantGrade lowest grade of a relevant document, at least 1
 * @param gain name of the gain of a grade in NDCG
 * @param sets at least one
 */
public record ValidationPlan(
    int every,
    int patience,
    String metric,
    int k,
    int minRelevantGrade,
    String gain,
    List<ValidationSet> sets)
    implements Serializable {
  /** Checks the ranges. */
  public ValidationPlan {
    if (every < 1 || patience < 0 || k < 1 || sets.isEmpty()) {
      throw new IllegalArgumentException(
          "every >= 1, patience >= 0, k >= 1 and a data set are needed: %d, %d, %d, %d"
              .formatted(every, patience, k, sets.size()));
    }
    sets = List.copyOf(sets);
  }

  /** What rankings are measured by. */
  Metric measure() {
    return Metric.ofLabel(metric);
  }

  /** What counts as relevant, and what a grade is worth. */
  MetricOptions options() {
    return new MetricOptions(minRelevantGrade, dev.hone.metric.Gain.valueOf(gain));
  }
}
