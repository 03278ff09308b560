package dev.hone.metric;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a candidate differs from a baseline on the same queries, by one metric. It says nothing about
 * the spread over training seeds.
 *
 * @param queries number of pairs
 * @param baseline mean over the queries, or over data sets of such means
 * @param candidate the same
 * @param delta candidate minus baseline: the mean of the differences
 * @param interval bootstrap interval of {@code delta}, paired: differences are resampled
 * @param tTestP p of the paired t-test; NaN over several data sets, for which it is not defined
 * @param randomizationP p of the randomization test
 * @param draws of the randomization test; 0 where it looked at every assignment
 * @param effectSize d_z of {@link Significance#effectSize}; NaN over several data sets
 * @param wins queries on which the candidate is better
 * @param ties queries on which both are equal but for rounding
 * @param losses queries on which it is worse
 */
public record PairedComparison(
    int queries,
    double baseline,
    double candidate,
    double delta,
    Interval interval,
    double tTestP,
    double randomizationP,
    int draws,
    double effectSize,
    int wins,
    int ties,
    int losses) {

  /** The values of the queries of one data set, in the order of their ids. */
  public static final class Pairs {
    private final double[] baseline;
    private final double[] candidate;
    private final double[] differences;

    /**
     * Pairs the values.
     *
     * @param baseline [queries], finite, at least one
     * @param candidate [queries], finite
     * @throws IllegalArgumentException if there are none, lengths differ or one is not finite
     */
    public Pairs(double[] baseline, double[] candidate) {
      this.baseline = baseline.clone();
      this.candidate = candidate.clone();
      this.differences = Significance.differences(baseline, candidate);
      if (differences.length == 0) {
        throw new IllegalArgumentException("illegal pairs: none, must be at least one");
      }
    }
  }

  /**
   * Compares on one data set.
   *
   * @param seed of the randomization test's draws
   */
  public static PairedComparison of(Pairs pairs, Bootstrap bootstrap, long seed) {
    double[] differences = pairs.differences;
    int draws = Significance.draws(differences.length);
    PairedTest tTest = Significance.pairedTTest(pairs.baseline, pairs.candidate);
    PairedTest randomization =
        Significance.randomizationTest(pairs.baseline, pairs.candidate, Math.max(1, draws), seed);
    return new PairedComparison(
        differences.length,
        Means.mean(pairs.baseline),
        Means.mean(pairs.candidate),
        tTest.meanDifference(),
        bootstrap.mean(differences),
        tTest.pValue(),
        randomization.pValue(),
        draws,
        Significance.effectSize(differences),
        count(differences, 1),
        count(differences, 0),
        count(differences, -1));
  }

  /**
   * Compares by the mean over data sets; queries are resampled and swapped within each.
   *
   * @param byDataset data sets with their pairs, at least one
   * @param seed of the randomization test's draws
   */
  public static PairedComparison macro(
      SortedMap<String, Pairs> byDataset, Bootstrap bootstrap, long seed) {
    SortedMap<String, double[]> differences = new TreeMap<>();
    byDataset.forEach((dataset, pairs) -> differences.put(dataset, pairs.differences));
    double[] all = differences.values().stream().flatMapToDouble(Arrays::stream).toArray();
    int draws = Significance.draws(all.length);
    PairedTest randomization =
        Significance.macroRandomizationTest(differences, Math.max(1, draws), seed);
    return new PairedComparison(
        all.length,
        byDataset.values().stream()
            .mapToDouble(pairs -> Means.mean(pairs.baseline))
            .average()
            .orElseThrow(),
        byDataset.values().stream()
            .mapToDouble(pairs -> Means.mean(pairs.candidate))
            .average()
            .orElseThrow(),
        randomization.meanDifference(),
        bootstrap.macro(differences),
        Double.NaN,
        randomization.pValue(),
        draws,
        Double.NaN,
        count(all, 1),
        count(all, 0),
        count(all, -1));
  }

  private static int count(double[] differences, int sign) {
    return (int)
        Arrays.stream(differences).filter(difference -> Math.signum(difference) == sign).count();
  }
}
