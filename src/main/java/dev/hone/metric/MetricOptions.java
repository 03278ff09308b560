package dev.hone.metric;

import java.util.Objects;

/**
 * What ranking metrics take for relevant, and what a grade is worth to NDCG.
 *
 * @param minRelevantGrade lowest grade that counts as relevant, at least 1; NDCG does not use it
 * @param gain gain of a grade, for NDCG alone
 */
public record MetricOptions(int minRelevantGrade, Gain gain) {
  /** trec_eval's: grade 1 is relevant, gain is linear. */
  public static final MetricOptions DEFAULT = new MetricOptions(1, Gain.LINEAR);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if {@code minRelevantGrade} is below 1: documents that are not
   *     judged have grade 0
   */
  public MetricOptions {
    Objects.requireNonNull(gain, "gain");
    if (minRelevantGrade < 1) {
      throw new IllegalArgumentException(
          "illegal minRelevantGrade: " + minRelevantGrade + ", must be at least 1");
    }
  }
}
