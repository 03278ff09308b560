package dev.hone.bench;

import java.io.Serializable;
import java.util.SplittableRandom;

/**
 * Vectors of unit length whose directions are evenly spread: each depends on the seed and its own
 * number alone.
 */
record MadeVectors(long seed, int dimension) implements Serializable {
  /** Of the vectors of one seed no two begin alike. */
  private static final long STEP = 0x9E3779B97F4A7C15L;

  float[] vector(long number) {
    SplittableRandom random = new SplittableRandom(seed ^ (number * STEP));
    float[] vector = new float[dimension];
    double squares = 0;
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) random.nextGaussian();
      squares += vector[i] * (double) vector[i];
    }
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) (vector[i] / Math.sqrt(squares));
    }
    return vector;
  }
}
