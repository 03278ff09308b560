package dev.hone.train;

/**
 * The learning rate of each update: a linear warm-up, then the decay that was chosen.
 *
 * <p>With w = ceil(ratio * T) warm-up updates, update t = 0..T-1 has rate * t / max(1, w) while t <
 * w. After that {@link Decay} says how it falls. The first update of a warm-up therefore has rate
 * 0, as in Transformers' {@code get_linear_schedule_with_warmup}.
 *
 * @param rate the peak; finite and above 0
 * @param warmupRatio the share of updates that warm up; in [0, 1]
 * @param updates the number of updates, T; at least 1
 * @param decay how the rate falls after the warm-up
 */
public record LearningRateSchedule(double rate, double warmupRatio, int updates, Decay decay) {

  /** How the rate falls after the warm-up. */
  public enum Decay {
    /** To 0 in a straight line: rate * (T - t) / max(1, T - w). */
    LINEAR,
    /** To 0 along half a cosine: rate * (1 + cos(pi * (t - w) / max(1, T - w))) / 2. */
    COSINE,
    /** Not at all. */
    CONSTANT
  }

  /** Refuses values outside their ranges. */
  public LearningRateSchedule {
    if (!(rate > 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException("rate is " + rate + ", must be finite and above 0");
    }
    if (!(warmupRatio >= 0 && warmupRatio <= 1)) {
      throw new IllegalArgumentException("warmupRatio is " + warmupRatio + ", must be in [0, 1]");
    }
    if (updates < 1) {
      throw new IllegalArgumentException("updates is " + updates + ", must be at least 1");
    }
  }

  /** The number of warm-up updates, w. */
  public int warmup() {
    return (int) Math.ceil(warmupRatio * updates);
  }

  /**
   * The learning rate of an update.
   *
   * @param update t, in [0, T)
   * @throws IllegalArgumentException if t is outside its range
   */
  public double at(int update) {
    if (update < 0 || update >= updates) {
      throw new IllegalArgumentException(
          "update is " + update + ", must be in [0, " + updates + ")");
    }
    int warmup = warmup();
    if (update < warmup) {
      return rate * update / Math.max(1, warmup);
    }
    double rest = Math.max(1, updates - warmup);
    return switch (decay) {
      case LINEAR -> rate * (updates - update) / rest;
      case COSINE -> rate * (1 + Math.cos(Math.PI * (update - warmup) / rest)) / 2;
      case CONSTANT -> rate;
    };
  }
}
