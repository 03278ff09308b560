package dev.hone.loss;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How much nearer a positive must be than a negative.
 *
 * @param distance how distances are measured
 * @param margin by how much; finite, above 0. Unit vectors are never more than 2 apart, so that a
 *     margin of 2 or more asks them for what cannot be
 */
public record TripletOptions(Distance distance, double margin) implements RankingObjective {
  /** Refuses a margin that is none. */
  public TripletOptions {
    if (!(margin > 0) || Double.isInfinite(margin)) {
      throw new IllegalArgumentException("margin is " + margin + ", must be finite and above 0");
    }
  }

  @Override
  public BatchLoss over(CandidateColumns columns) {
    return TripletMargin.of(this, columns);
  }

  @Override
  public SortedMap<String, Object> settings() {
    SortedMap<String, Object> settings = new TreeMap<>();
    settings.put("loss", "triplet");
    settings.put("distance", distance.name());
    settings.put("margin", margin);
    return settings;
  }
}
