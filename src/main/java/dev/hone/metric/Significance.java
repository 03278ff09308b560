package dev.hone.metric;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Two-sided paired tests of two runs over the same queries, and Holm's correction. Values stand in
 * the order of their query ids. Smucker, Allan and Carterette, "A comparison of statistical
 * significance tests for information retrieval evaluation" (CIKM 2007), is why these two tests.
 */
public final class Significance {
  /** Up to this many queries the randomization test looks at every assignment of signs. */
  public static final int MOST_ENUMERATED = 12;

  /**
   * Values this close, relative to their size, are equal but for rounding; so are sums, relative to
   * the sum of absolute differences.
   */
  private static final double ROUNDING = 1e-12;

  private Significance() {}

  /**
   * Mean per query over several runs of one side (training seeds).
   *
   * @param runs [runs][queries], at least one run, equal lengths
   * @return [queries]
   * @throws IllegalArgumentException if there is no run or lengths differ
   */
  public static double[] meanPerQuery(List<double[]> runs) {
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("illegal runs: none, must be at least one");
    }
    double[] means = new double[runs.get(0).length];
    for (double[] run : runs) {
      requireSameLength(means, run);
      for (int i = 0; i < means.length; i++) {
        means[i] += run[i] / runs.size();
      }
    }
    return means;
  }

  /**
   * Student's paired t-test, p as SciPy's {@code ttest_rel}. Runs that are identical but for
   * rounding, and fewer than two queries, have p = 1.
   *
   * @param baseline [queries], finite
   * @param candidate [queries], finite
   * @throws IllegalArgumentException if lengths differ or a value is not finite
   */
  public static PairedTest pairedTTest(double[] baseline, double[] candidate) {
    double[] differences = differences(baseline, candidate);
    int n = differences.length;
    if (n < 2 || Arrays.stream(differences).allMatch(difference -> difference == 0.0)) {
      return new PairedTest(n == 0 ? 0.0 : Means.mean(differences), 1.0, n);
    }
    double mean = Means.mean(differences);
    double squares = Arrays.stream(differences).map(value -> (value - mean) * (value - mean)).sum();
    double freedom = n - 1.0;
    double squaredError = squares / freedom / n;
    double squaredT = mean * mean / squaredError;
    double p =
        Double.isInfinite(squaredT)
            ? 0.0
            : IncompleteBeta.regularised(
                freedom / (freedom + squaredT), squaredT / (freedom + squaredT), freedom / 2, 0.5);
    return new PairedTest(mean, Math.min(1.0, p), n);
  }

  /**
   * Fisher's randomization test of the mean difference: how often the mean is as far from 0 when
   * each query's two values are swapped at random. All 2^n assignments for up to {@value
   * #MOST_ENUMERATED} queries; else {@code draws} random ones with p = (b + 1) / (draws + 1).
   *
   * @param baseline [queries], finite
   * @param candidate [queries], finite
   * @param draws at least 1
   * @throws IllegalArgumentException if lengths differ, a value is not finite, or {@code draws} is
   *     below 1
   */
  public static PairedTest randomizationTest(
      double[] baseline, double[] candidate, int draws, long seed) {
    if (draws < 1) {
      throw new IllegalArgumentException("illegal draws: " + draws + ", must be at least 1");
    }
    double[] differences = differences(baseline, candidate);
    int n = differences.length;
    double mean = n == 0 ? 0.0 : Means.mean(differences);
    double p =
        n <= MOST_ENUMERATED
            ? enumeratedShare(differences)
            : (drawnAsExtreme(differences, draws, seed) + 1.0) / (draws + 1.0);
    return new PairedTest(mean, p, n);
  }

  /**
   * Holm's step-down adjusted p-values ("A simple sequentially rejective multiple test procedure",
   * 1979), in the order given.
   *
   * @param pValues in [0, 1]
   * @throws IllegalArgumentException if a p-value lies outside [0, 1]
   */
  public static double[] holm(double[] pValues) {
    for (double p : pValues) {
      if (!(p >= 0.0 && p <= 1.0)) {
        throw new IllegalArgumentException("illegal p-value: " + p + ", must be between 0 and 1");
      }
    }
    int[] ascending =
        IntStream.range(0, pValues.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> pValues[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] adjusted = new double[pValues.length];
    double largest = 0.0;
    for (int i = 0; i < ascending.length; i++) {
      largest = Math.max(largest, Math.min(1.0, (ascending.length - i) * pValues[ascending[i]]));
      adjusted[ascending[i]] = largest;
    }
    return adjusted;
  }

  private static double enumeratedShare(double[] differences) {
    double threshold = threshold(differences);
    int assignments = 1 << differences.length;
    int asExtreme = 0;
    for (int signs = 0; signs < assignments; signs++) {
      double sum = 0.0;
      for (int i = 0; i < differences.length; i++) {
        sum += (signs & (1 << i)) == 0 ? differences[i] : -differences[i];
      }
      asExtreme += Math.abs(sum) >= threshold ? 1 : 0;
    }
    return (double) asExtreme / assignments;
  }

  private static int drawnAsExtreme(double[] differences, int draws, long seed) {
    double threshold = threshold(differences);
    SplittableRandom random = new SplittableRandom(seed);
    int asExtreme = 0;
    for (int draw = 0; draw < draws; draw++) {
      double sum = 0.0;
      long signs = 0;
      for (int i = 0; i < differences.length; i++) {
        signs = i % Long.SIZE == 0 ? random.nextLong() : signs >>> 1;
        sum += (signs & 1) == 0 ? differences[i] : -differences[i];
      }
      asExtreme += Math.abs(sum) >= threshold ? 1 : 0;
    }
    return asExtreme;
  }

  private static double threshold(double[] differences) {
    double sum = 0.0;
    double size = 0.0;
    for (double difference : differences) {
      sum += difference;
      size += Math.abs(difference);
    }
    return Math.abs(sum) - ROUNDING * size;
  }

  private static double[] differences(double[] baseline, double[] candidate) {
    requireSameLength(baseline, candidate);
    Checks.requireFinite(baseline);
    Checks.requireFinite(candidate);
    return IntStream.range(0, baseline.length)
        .mapToDouble(i -> difference(baseline[i], candidate[i]))
        .toArray();
  }

  /**
   * Zero where only rounding parts the two: the means of equal runs differ in their last bits where
   * one side has more runs, and a t-test would find noise of one sign significant.
   */
  private static double difference(double baseline, double candidate) {
    double difference = candidate - baseline;
    double size = Math.max(Math.abs(baseline), Math.abs(candidate));
    return Math.abs(difference) <= ROUNDING * size ? 0.0 : difference;
  }

  private static void requireSameLength(double[] left, double[] right) {
    if (left.length != right.length) {
      throw new IllegalArgumentException(
          "illegal lengths: "
              + left.length
              + " and "
              + right.length
              + " queries, must be equal: paired tests compare the same queries");
    }
  }
}
