package dev.hone.loss;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Pairs of texts have to be as similar, in order, as their scores say: CoSENT.
 *
 * @param scale the inverse temperature; finite and above 0, 20 is usual
 */
public record OrderOptions(double scale) implements Objective {
  /** Refuses a scale that makes no order. */
  public OrderOptions {
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException("scale is " + scale + ", must be finite and above 0");
    }
  }

  /** The loss of n pairs. Its embeddings are those of the first texts, then of the second ones. */
  public BatchLoss over(List<ScoredPair> pairs) {
    return new CoSent(scale, pairs.stream().map(ScoredPair::score).toList());
  }

  @Override
  public SortedMap<String, Object> settings() {
    SortedMap<String, Object> settings = new TreeMap<>();
    settings.put("loss", "cosent");
    settings.put("scale", scale);
    return settings;
  }
}
