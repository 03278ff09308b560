package dev.hone.metric;

/**
 * Result of a two-sided paired test over queries. It says nothing about the spread over training
 * seeds.
 *
 * @param meanDifference mean of candidate minus baseline
 * @param pValue in [0, 1]
 * @param queries number of pairs
 */
public record PairedTest(double meanDifference, double pValue, int queries) {
  /**
   * Checks the p-value.
   *
   * @throws IllegalArgumentException if it lies outside [0, 1]
   */
  public PairedTest {
    if (!(pValue >= 0.0 && pValue <= 1.0)) {
      throw new IllegalArgumentException(
          "illegal p-value: " + pValue + ", must be between 0 and 1");
    }
  }
}
