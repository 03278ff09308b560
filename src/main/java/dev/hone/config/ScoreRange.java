package dev.hone.config;

import java.util.Locale;

/**
 * The scores that a scored data set can have.
 *
 * @param from the lowest score possible
 * @param to the highest score possible
 */
public record ScoreRange(double from, double to) {
  /** Refuses an empty range. */
  public ScoreRange {
    if (!(Double.isFinite(from) && Double.isFinite(to) && from < to)) {
      throw new IllegalArgumentException(
          "score-range is [" + from + ", " + to + "], but must be [from, to] with from < to");
    }
  }

  /** The range as the configuration writes it. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "[%s, %s]", from, to);
  }
}
