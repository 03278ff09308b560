package dev.hone.metric;

/**
 * A confidence interval; both ends NaN where there was nothing to draw from.
 *
 * @param low lower end
 * @param high upper end, not below {@code low}
 */
public record Interval(double low, double high) {
  /**
   * Checks the order of the ends.
   *
   * @throws IllegalArgumentException if {@code low} is above {@code high}
   */
  public Interval {
    if (low > high) {
      throw new IllegalArgumentException(
          "illegal interval: low " + low + " must not be above high " + high);
    }
  }
}
