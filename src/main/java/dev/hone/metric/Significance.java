package dev.hone.metric;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
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

  private static final int FEWEST_DRAWS = 10_000;
  private static final int MOST_DRAWS = 100_000;

  /** Words of 64 signs that a test draws, between the bounds above: some 30 ms. */
  private static final int WORDS = 5_000_000;

  /** The step between the states of SplitMix64. */
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private static final int BYTES = Long.BYTES;
  private static final int BYTE_VALUES = 1 << Byte.SIZE;

  private Significance() {}

  /**
   * Candidate minus baseline per query; 0 where only rounding parts the two.
   *
   * @param baseline [queries], finite
   * @param candidate [queries], finite
   * @return [queries]
   * @throws IllegalArgumentException if lengths differ or a value is not finite
   */
  public static double[] differences(double[] baseline, double[] candidate) {
    requireSameLength(baseline, candidate);
    Checks.requireFinite(baseline);
    Checks.requireFinite(candidate);
    return IntStream.range(0, baseline.length)
        .mapToDouble(i -> difference(baseline[i], candidate[i]))
        .toArray();
  }

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
    double mean = n == 0 ? 0.0 : Means.mean(differences);
    if (n < 2 || largest(differences) == 0.0) {
      return new PairedTest(mean, 1.0, n);
    }
    double ratio = effectSize(differences);
    double squaredT = ratio * ratio * n;
    double freedom = n - 1.0;
    double p =
        Double.isInfinite(squaredT)
            ? 0.0
            : IncompleteBeta.regularised(
                freedom / (freedom + squaredT), squaredT / (freedom + squaredT), freedom / 2, 0.5);
    return new PairedTest(mean, Math.min(1.0, p), n);
  }

  /**
   * Standardised mean difference of paired values, d_z = mean / standard deviation of the
   * differences (Cohen, "Statistical Power Analysis for the Behavioral Sciences", 1988, section
   * 2.3), the deviation with n - 1.
   *
   * @param differences [queries], finite
   * @return 0 where all are 0; infinite, with the sign of the mean, where all are alike but for
   *     rounding; NaN for fewer than two
   */
  public static double effectSize(double[] differences) {
    int n = differences.length;
    if (n < 2) {
      return Double.NaN;
    }
    double largest = largest(differences);
    if (largest == 0.0) {
      return 0.0;
    }
    // A power of two takes no digits, and no square is too small then.
    int scale = Math.getExponent(largest);
    double[] scaled =
        Arrays.stream(differences).map(difference -> Math.scalb(difference, -scale)).toArray();
    double mean = Means.mean(scaled);
    double squares = Arrays.stream(scaled).map(value -> (value - mean) * (value - mean)).sum();
    double deviation = Math.sqrt(squares / (n - 1.0));
    return deviation <= ROUNDING ? Math.copySign(Double.POSITIVE_INFINITY, mean) : mean / deviation;
  }

  private static double largest(double[] differences) {
    return Arrays.stream(differences).map(Math::abs).max().orElse(0.0);
  }

  /**
   * How many draws a randomization test of so many queries takes within some 30 ms: 100,000 up to
   * 3,200 queries, never fewer than 10,000; 0 where every assignment is looked at.
   */
  public static int draws(int queries) {
    if (queries <= MOST_ENUMERATED) {
      return 0;
    }
    return Math.max(FEWEST_DRAWS, Math.min(MOST_DRAWS, WORDS / words(queries)));
  }

  private static int words(int queries) {
    return (queries + Long.SIZE - 1) / Long.SIZE;
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
    double mean = differences.length == 0 ? 0.0 : Means.mean(differences);
    return new PairedTest(mean, shareAsExtreme(differences, draws, seed), differences.length);
  }

  /**
   * The same for the mean over data sets of their mean differences: values are swapped within each
   * query, and a query of a small data set weighs more.
   *
   * @param differences of each data set, from {@link #differences}: [queries], at least one each
   * @param draws at least 1
   * @throws IllegalArgumentException if there is no data set, one has no query, or {@code draws} is
   *     below 1
   */
  public static PairedTest macroRandomizationTest(
      SortedMap<String, double[]> differences, int draws, long seed) {
    if (differences.isEmpty() || differences.values().stream().anyMatch(one -> one.length == 0)) {
      throw new IllegalArgumentException(
          "illegal data sets: " + differences.keySet() + ", must be some, with a query each");
    }
    double mean = differences.values().stream().mapToDouble(Means::mean).average().orElseThrow();
    double[] weighted =
        differences.values().stream()
            .flatMapToDouble(
                one -> Arrays.stream(one).map(value -> value / one.length / differences.size()))
            .toArray();
    return new PairedTest(mean, shareAsExtreme(weighted, draws, seed), weighted.length);
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

  private static double shareAsExtreme(double[] differences, int draws, long seed) {
    if (differences.length <= MOST_ENUMERATED) {
      return enumeratedShare(differences);
    }
    if (draws < 1) {
      throw new IllegalArgumentException("illegal draws: " + draws + ", must be at least 1");
    }
    return (drawnAsExtreme(differences, draws, seed) + 1.0) / (draws + 1.0);
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

  /**
   * Draw by draw, 64 queries take one number of a SplitMix64 that begins with the seed, the first
   * its lowest bit. Since the i-th number can be told without those before it, all draws of 64
   * queries are made at once, eight signs each by a table of their 256 sums.
   */
  private static int drawnAsExtreme(double[] differences, int draws, long seed) {
    double[] sums = new double[draws];
    double[][] tables = new double[BYTES][BYTE_VALUES];
    int words = words(differences.length);
    for (int word = 0; word < words; word++) {
      for (int position = 0; position < BYTES; position++) {
        fill(tables[position], differences, word * Long.SIZE + position * Byte.SIZE);
      }
      for (int draw = 0; draw < draws; draw++) {
        long signs = splitMix64(seed + GAMMA * ((long) draw * words + word + 1));
        double sum = 0.0;
        for (double[] table : tables) {
          sum += table[(int) signs & (BYTE_VALUES - 1)];
          signs >>>= Byte.SIZE;
        }
        sums[draw] += sum;
      }
    }
    double threshold = threshold(differences);
    return (int) Arrays.stream(sums).filter(sum -> Math.abs(sum) >= threshold).count();
  }

  /** Sums of eight differences, or what is left of them, for all 256 choices of signs. */
  private static void fill(double[] table, double[] differences, int from) {
    for (int signs = 0; signs < table.length; signs++) {
      double sum = 0.0;
      for (int i = 0; i < Byte.SIZE && from + i < differences.length; i++) {
        double difference = differences[from + i];
        sum += (signs & (1 << i)) == 0 ? difference : -difference;
      }
      table[signs] = sum;
    }
  }

  /** Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014). */
  private static long splitMix64(long state) {
    long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
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
