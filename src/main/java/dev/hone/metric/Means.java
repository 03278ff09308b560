package dev.hone.metric;

/** Arithmetic means, summed in the order given. */
final class Means {
  private Means() {}

  /** Mean of at least one value. */
  static double mean(double[] values) {
    double sum = 0.0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
