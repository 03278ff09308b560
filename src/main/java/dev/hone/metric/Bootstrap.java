package dev.hone.metric;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Percentile bootstrap (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter
 * 13): resamples queries with replacement and takes quantiles of the statistic, interpolated
 * linearly as NumPy does. The same seed and values in the same order give the same interval, so
 * values stand in the order of their query ids.
 *
 * @param draws resamples, at least 100
 * @param confidence in (0, 1)
 * @param seed of the draws; each call begins with it, so intervals do not depend on earlier calls
 */
public record Bootstrap(int draws, double confidence, long seed) {
  /** Resamples by default. */
  public static final int DEFAULT_DRAWS = 2_000;

  /** Confidence by default. */
  public static final double DEFAULT_CONFIDENCE = 0.95;

  private static final int FEWEST_DRAWS = 100;

  /** A statistic of a resample. */
  @FunctionalInterface
  public interface Statistic {
    /**
     * Value for a resample.
     *
     * @param indices [n], drawn from 0 to n - 1 with replacement; valid during the call only
     * @return NaN where the statistic is undefined: the draw is left out
     */
    double of(int[] indices);
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public Bootstrap {
    if (draws < FEWEST_DRAWS) {
      throw new IllegalArgumentException(
          "illegal draws: " + draws + ", must be at least " + FEWEST_DRAWS);
    }
    if (!(confidence > 0.0 && confidence < 1.0)) {
      throw new IllegalArgumentException(
          "illegal confidence: " + confidence + ", must be between 0 and 1, both excluded");
    }
  }

  /** 95 % from 2,000 draws. */
  public static Bootstrap seeded(long seed) {
    return new Bootstrap(DEFAULT_DRAWS, DEFAULT_CONFIDENCE, seed);
  }

  /**
   * Interval of the mean over queries.
   *
   * @param values [n], finite
   */
  public Interval mean(double[] values) {
    Checks.requireFinite(values);
    return statistic(values.length, indices -> meanAt(values, indices));
  }

  /**
   * Interval of any statistic over n things, such as a rank correlation over n pairs.
   *
   * @throws IllegalArgumentException if {@code n} is negative
   */
  public Interval statistic(int n, Statistic statistic) {
    if (n < 0) {
      throw new IllegalArgumentException("illegal n: " + n + ", must not be negative");
    }
    if (n == 0) {
      return new Interval(Double.NaN, Double.NaN);
    }
    SplittableRandom random = new SplittableRandom(seed);
    int[] indices = new int[n];
    double[] drawn = new double[draws];
    for (int draw = 0; draw < draws; draw++) {
      resample(indices, random);
      drawn[draw] = statistic.of(indices);
    }
    return percentiles(drawn);
  }

  /**
   * Interval of the macro-average over data sets: the mean of their means, where each draw
   * resamples the queries within each data set and keeps the data sets.
   *
   * @param valuesByDataset data set to its values per query [n], at least one each, finite
   * @throws IllegalArgumentException if there is no data set, or one has no value
   */
  public Interval macro(Map<String, double[]> valuesByDataset) {
    SortedMap<String, double[]> sorted = new TreeMap<>(valuesByDataset);
    sorted.forEach(
        (dataset, values) -> {
          if (values.length == 0) {
            throw new IllegalArgumentException(
                "illegal values of data set '" + dataset + "': none, must be at least one");
          }
          Checks.requireFinite(values);
        });
    if (sorted.isEmpty()) {
      throw new IllegalArgumentException("illegal data sets: none, must be at least one");
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] drawn = new double[draws];
    for (int draw = 0; draw < draws; draw++) {
      double sum = 0.0;
      for (double[] values : sorted.values()) {
        int[] indices = new int[values.length];
        resample(indices, random);
        sum += meanAt(values, indices);
      }
      drawn[draw] = sum / sorted.size();
    }
    return percentiles(drawn);
  }

  private static void resample(int[] indices, SplittableRandom random) {
    for (int i = 0; i < indices.length; i++) {
      // The high half of nextLong scaled to the range: SplitMix64 is the same on every JDK, while
      // nextInt(bound) is free to change. The bias is below n / 2^32.
      indices[i] = (int) (((random.nextLong() >>> 32) * indices.length) >>> 32);
    }
  }

  private static double meanAt(double[] values, int[] indices) {
    double sum = 0.0;
    for (int index : indices) {
      sum += values[index];
    }
    return sum / indices.length;
  }

  private Interval percentiles(double[] drawn) {
    double[] defined = Arrays.stream(drawn).filter(value -> !Double.isNaN(value)).toArray();
    if (defined.length == 0) {
      return new Interval(Double.NaN, Double.NaN);
    }
    Arrays.sort(defined);
    double tail = (1.0 - confidence) / 2.0;
    return new Interval(quantile(defined, tail), quantile(defined, 1.0 - tail));
  }

  /** Quantile by linear interpolation between order statistics (Hyndman and Fan's type 7). */
  static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    double value = sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    // Rounding must not carry it past its neighbour, or ends of an interval could swap.
    return Math.min(value, sorted[above]);
  }
}
