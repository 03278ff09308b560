package dev.hone.metric;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** How well similarity scores agree with what people said. */
public final class Similarity {
  private Similarity() {}

  /**
   * Cosine of two vectors, in [-1, 1], added up in float64 in the order of dimensions.
   *
   * @param a [n], finite
   * @param b [n], finite
   * @return 0 where a vector has length 0
   * @throws IllegalArgumentException if lengths differ
   */
  public static double cosine(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "illegal vectors: %d and %d dimensions, must be as many".formatted(a.length, b.length));
    }
    double product = 0.0;
    double ofA = 0.0;
    double ofB = 0.0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      ofA += (double) a[i] * a[i];
      ofB += (double) b[i] * b[i];
    }
    double lengths = Math.sqrt(ofA) * Math.sqrt(ofB);
    return lengths == 0.0 ? 0.0 : Math.max(-1.0, Math.min(1.0, product / lengths));
  }

  /**
   * Pearson's correlation, in [-1, 1], as SciPy's {@code pearsonr}.
   *
   * @param scores [n], finite
   * @param gold [n], finite
   * @return NaN where it is undefined: fewer than two pairs, or a side that is constant
   * @throws IllegalArgumentException if lengths differ or a value is not finite
   */
  public static double pearson(double[] scores, double[] gold) {
    requirePairs(scores, gold);
    if (isConstant(scores) || isConstant(gold)) {
      return Double.NaN;
    }
    double[] left = unitDeviations(scores);
    double[] right = unitDeviations(gold);
    double sum = 0.0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return Math.max(-1.0, Math.min(1.0, sum));
  }

  /**
   * Spearman's rank correlation, in [-1, 1], as SciPy's {@code spearmanr}: Pearson's over ranks,
   * where ties share their average rank.
   *
   * @return NaN where it is undefined, as for {@link #pearson}
   * @throws IllegalArgumentException if lengths differ or a value is not finite
   */
  public static double spearman(double[] scores, double[] gold) {
    requirePairs(scores, gold);
    return pearson(averageRanks(scores), averageRanks(gold));
  }

  /**
   * Share of triplets whose positive scores strictly above the negative.
   *
   * @param positiveScores [n], similarity of anchor and positive
   * @param negativeScores [n], similarity of anchor and negative
   * @return NaN where there is no triplet
   * @throws IllegalArgumentException if lengths differ or a value is not finite
   */
  public static double tripletAccuracy(double[] positiveScores, double[] negativeScores) {
    requirePairs(positiveScores, negativeScores);
    long correct =
        IntStream.range(0, positiveScores.length)
            .filter(i -> positiveScores[i] > negativeScores[i])
            .count();
    return positiveScores.length == 0 ? Double.NaN : (double) correct / positiveScores.length;
  }

  /** Ranks from 1, ascending by value; equal values share the mean of the ranks they take. */
  static double[] averageRanks(double[] values) {
    Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
    // Adding zero makes negative zero equal to zero.
    Arrays.sort(order, Comparator.comparingDouble(i -> values[i] + 0.0));
    double[] ranks = new double[values.length];
    int start = 0;
    while (start < order.length) {
      int end = start + 1;
      while (end < order.length && values[order[end]] == values[order[start]]) {
        end++;
      }
      for (int i = start; i < end; i++) {
        ranks[order[i]] = (start + 1 + end) / 2.0;
      }
      start = end;
    }
    return ranks;
  }

  private static double[] unitDeviations(double[] values) {
    double mean = Means.mean(values);
    double[] deviations = Arrays.stream(values).map(value -> value - mean).toArray();
    double largest = Arrays.stream(deviations).map(Math::abs).max().orElseThrow();
    // Scaling by the largest keeps the squares away from overflow and underflow.
    double squares =
        Arrays.stream(deviations).map(value -> (value / largest) * (value / largest)).sum();
    double norm = largest * Math.sqrt(squares);
    return Arrays.stream(deviations).map(value -> value / norm).toArray();
  }

  private static boolean isConstant(double[] values) {
    return Arrays.stream(values).allMatch(value -> value == values[0]);
  }

  private static void requirePairs(double[] left, double[] right) {
    if (left.length != right.length) {
      throw new IllegalArgumentException(
          "illegal lengths: " + left.length + " and " + right.length + ", must be equal");
    }
    Checks.requireFinite(left);
    Checks.requireFinite(right);
  }
}
