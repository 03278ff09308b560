package dev.hone.metric;

/** Argument checks that this room's classes share. */
final class Checks {
  private Checks() {}

  static void requireFinite(double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "illegal value at index " + i + ": " + values[i] + ", must be finite");
      }
    }
  }
}
