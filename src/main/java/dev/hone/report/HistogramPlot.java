package dev.hone.report;

import dev.hone.report.MiningData.Distribution;
import dev.hone.report.MiningData.Panel;
import dev.hone.report.MiningData.Scores;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Distributions below one another over one axis, each as high as its own fullest bin.
 *
 * @param low where the first bin begins
 * @param high where the last bin ends
 * @param rows the distributions
 */
record HistogramPlot(double low, double high, List<Row> rows) implements Plot {

  static HistogramPlot of(Scores scores, Panel panel) {
    return new HistogramPlot(
        scores.low(), scores.high(), panel.distributions().stream().map(Row::new).toList());
  }

  @Override
  public String kind() {
    return "histograms";
  }

  /** Sizes and medians in words. */
  String description(String dataset) {
    return rows.stream()
        .map(
            row ->
                row.name()
                    + ": "
                    + Numbers.counted(row.pairs(), "pair")
                    + ", median "
                    + Numbers.decimals(row.median(), 3))
        .collect(
            Collectors.joining(
                "; ",
                "Scores of the filter scorer on " + dataset + ". ",
                ". The table below holds the quantiles."));
  }

  /**
   * One distribution.
   *
   * @param name what it counts, in words
   * @param colour positive, kept or rest
   * @param pairs how many it counts
   * @param median half of them are no more
   * @param counts by bin, from the lowest
   */
  record Row(String name, String colour, long pairs, double median, List<Long> counts) {
    Row(Distribution of) {
      this(HtmlScores.name(of), colour(of), of.pairs(), of.median(), of.counts());
    }

    private static String colour(Distribution of) {
      return switch (of.kind()) {
        case POSITIVE -> "positive";
        case KEPT -> "kept";
        case NOT_KEPT -> "rest";
      };
    }
  }
}
