package dev.hone.loss;

import java.util.Objects;

/**
 * Two texts and how similar they are.
 *
 * @param first one text
 * @param second the other
 * @param score on the scale of its data set; finite, higher is more similar
 */
public record ScoredPair(String first, String second, double score) {
  /** Refuses a missing text, and a score that has no place in an order. */
  public ScoredPair {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(second, "second");
    if (!Double.isFinite(score)) {
      throw new IllegalArgumentException("score is " + score + ", must be finite");
    }
  }
}
