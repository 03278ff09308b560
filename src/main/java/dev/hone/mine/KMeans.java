package dev.hone.mine;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Lloyd's clustering by Euclidean distance, in float64, as a pure function of the vectors' order:
 * the first vectors are the first centres, and ties go to the earlier centre.
 */
final class KMeans implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int MOST_ROUNDS = 20;

  private final double[][] centres;

  private KMeans(double[][] centres) {
    this.centres = centres;
  }

  /**
   * Finds clusters.
   *
   * @param vectors one or more
   * @param clusters how many, at most one per vector
   */
  static KMeans fit(List<float[]> vectors, int clusters) {
    int count = Math.min(clusters, vectors.size());
    double[][] centres = new double[count][];
    for (int i = 0; i < count; i++) {
      centres[i] = widened(vectors.get(i));
    }
    KMeans fitted = new KMeans(centres);
    int[] assigned = new int[vectors.size()];
    Arrays.fill(assigned, -1);
    for (int round = 0; round < MOST_ROUNDS; round++) {
      int[] next = new int[assigned.length];
      for (int i = 0; i < next.length; i++) {
        next[i] = fitted.nearest(vectors.get(i));
      }
      if (Arrays.equals(next, assigned)) {
        return fitted;
      }
      assigned = next;
      fitted = new KMeans(means(vectors, assigned, fitted.centres));
    }
    return fitted;
  }

  private static double[] widened(float[] vector) {
    double[] wide = new double[vector.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = vector[i];
    }
    return wide;
  }

  /** A cluster that lost all its vectors keeps its centre. */
  private static double[][] means(List<float[]> vectors, int[] assigned, double[][] before) {
    double[][] sums = new double[before.length][before[0].length];
    int[] sizes = new int[before.length];
    for (int i = 0; i < assigned.length; i++) {
      float[] vector = vectors.get(i);
      double[] sum = sums[assigned[i]];
      for (int d = 0; d < sum.length; d++) {
        sum[d] += vector[d];
      }
      sizes[assigned[i]]++;
    }
    for (int c = 0; c < sums.length; c++) {
      for (int d = 0; d < sums[c].length; d++) {
        sums[c][d] = sizes[c] == 0 ? before[c][d] : sums[c][d] / sizes[c];
      }
    }
    return sums;
  }

  /** How many clusters there are. */
  int count() {
    return centres.length;
  }

  /** The cluster of a vector, from 0. */
  int nearest(float[] vector) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int c = 0; c < centres.length; c++) {
      double distance = 0;
      for (int d = 0; d < vector.length; d++) {
        double difference = vector[d] - centres[c][d];
        distance += difference * difference;
      }
      if (distance < least) {
        least = distance;
        best = c;
      }
    }
    return best;
  }
}
