package dev.hone.evaluate;

import dev.hone.metric.PairedComparison;
import java.util.List;

/**
 * What comparing a candidate with a baseline found. Tests over queries say nothing about the spread
 * over training seeds.
 *
 * @param baseline the runs of one side, whose values were averaged per query
 * @param candidate the runs of the other
 * @param lines one per metric and data set, the primary metric first
 * @param losses queries of which the candidate lost most by the primary metric, the worst first
 * @param gains queries of which it gained most
 * @param verdict whether the candidate is worse
 * @param bootstrapDraws draws behind each interval
 */
public record ComparisonResult(
    List<Side> baseline,
    List<Side> candidate,
    List<Line> lines,
    List<Change> losses,
    List<Change> gains,
    Verdict verdict,
    int bootstrapDraws) {

  /** Stands for the mean over the data sets compared. */
  public static final String MACRO_AVERAGE = "*";

  /** Copies the lists. */
  public ComparisonResult {
    baseline = List.copyOf(baseline);
    candidate = List.copyOf(candidate);
    lines = List.copyOf(lines);
    losses = List.copyOf(losses);
    gains = List.copyOf(gains);
  }

  /**
   * One run of a side.
   *
   * @param run as the command line names it
   * @param form dimensions and precision of what was compared
   */
  public record Side(String run, String form) {}

  /**
   * One metric on one data set.
   *
   * @param dataset its name, or {@link #MACRO_AVERAGE}
   * @param isPrimary whether the verdict looks at it
   * @param count queries or pairs
   * @param baseline value of the baseline
   * @param candidate value of the candidate
   * @param delta candidate minus baseline
   * @param paired null where no values per query are published (spearman, triplet_accuracy, ...)
   * @param adjustedP Holm's, of the randomization tests of all lines; NaN where {@code paired} is
   *     null
   */
  public record Line(
      String dataset,
      MetricAt metric,
      boolean isPrimary,
      long count,
      double baseline,
      double candidate,
      double delta,
      PairedComparison paired,
      double adjustedP) {

    Line adjusted(double p) {
      return new Line(dataset, metric, isPrimary, count, baseline, candidate, delta, paired, p);
    }
  }

  /**
   * A query whose value changed.
   *
   * @param text the query, or empty where it is no longer published
   */
  public record Change(
      String dataset, String queryId, double baseline, double candidate, String text) {
    double delta() {
      return candidate - baseline;
    }

    Change withText(String found) {
      return new Change(dataset, queryId, baseline, candidate, found);
    }
  }

  /**
   * What a candidate lost on a data set that it was not trained on.
   *
   * @param base value of the model that it was tuned from
   * @param tuned value of the candidate
   * @param isTooMuch whether it lost more than it may
   */
  public record Forgetting(
      String dataset, MetricAt metric, double base, double tuned, boolean isTooMuch) {}

  /**
   * Whether the candidate may follow the baseline.
   *
   * @param metric the primary metric, or several, one for each kind of data set
   * @param datasets how many data sets its values are the mean of
   * @param tolerance the largest loss that is not worse
   * @param maxForgetting the largest loss against the candidate's own base
   * @param forgetting on data sets that the candidate was not trained on
   */
  public record Verdict(
      String metric,
      int datasets,
      double baseline,
      double candidate,
      double delta,
      double tolerance,
      double maxForgetting,
      List<Forgetting> forgetting) {

    /** Copies the list. */
    public Verdict {
      forgetting = List.copyOf(forgetting);
    }

    /** Whether the primary metric is lower by more than the tolerance. */
    public boolean isLower() {
      return isMore(-delta, tolerance);
    }

    /** Whether the candidate forgot more than it may on any data set. */
    public boolean forgets() {
      return forgetting.stream().anyMatch(Forgetting::isTooMuch);
    }

    /** Whether either is so. */
    public boolean isWorse() {
      return isLower() || forgets();
    }

    /**
     * Exactly the bound is not more, whatever the last bits of a difference are; what is not a
     * number is.
     */
    static boolean isMore(double loss, double bound) {
      return !(loss - bound <= 1e-12);
    }
  }
}
