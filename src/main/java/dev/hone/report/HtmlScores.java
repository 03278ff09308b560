package dev.hone.report;

import static dev.hone.report.TableFrame.number;
import static dev.hone.report.TableFrame.text;

import dev.hone.report.MiningData.Distribution;
import dev.hone.report.MiningData.Panel;
import dev.hone.report.MiningData.Scores;
import dev.hone.report.TableFrame.Column;
import java.util.List;

/** Writes how the filter scorer's scores are distributed: a plot per data set, and quantiles. */
final class HtmlScores {
  private static final List<Column> COLUMNS =
      List.of(
          text("Data set"),
          text("Scores of"),
          number("Pairs"),
          number("5\u00a0%"),
          number("25\u00a0%"),
          number("Median"),
          number("75\u00a0%"),
          number("95\u00a0%"));

  private final Markup page;
  private final TableFrame frame;

  HtmlScores(Markup page) {
    this.page = page;
    this.frame = new TableFrame(page);
  }

  void write(Scores scores) {
    page.text(
        "p",
        "The filter scorer's scores of queries with their lowest positives, with the negatives of"
            + " each strategy, and with what a filter dropped or no quota had room for. Every row is"
            + " as high as its own fullest bin; the line is its median. Negatives that lie far to"
            + " the left of the positives are easy, those beside them may be answers.");
    for (Panel panel : scores.panels()) {
      page.element(
          "figure",
          () -> {
            page.text("figcaption", panel.dataset());
            HistogramPlot plot = HistogramPlot.of(scores, panel);
            plot.write(page, plot.description(panel.dataset()));
          });
    }
    if (scores.hidden() > 0) {
      page.text(
          "p",
          "The data sets with most negatives are drawn, "
              + Numbers.counted(scores.hidden(), "other")
              + (scores.hidden() == 1 ? " is not." : " are not."),
          "class",
          "note");
    }
    page.element(
        "details",
        () -> {
          page.text("summary", "Scores as numbers");
          frame.table(
              "Quantiles of the filter scorer's scores.",
              COLUMNS,
              () -> scores.panels().forEach(this::rows));
        });
  }

  private void rows(Panel panel) {
    for (Distribution of : panel.distributions()) {
      page.element(
          "tr",
          () -> {
            page.text("th", panel.dataset(), "scope", "row");
            page.text("td", name(of));
            frame.cell(Numbers.count(of.pairs()));
            of.quantiles().forEach(value -> frame.cell(Numbers.decimals(value, 3)));
          });
    }
  }

  /** What a distribution's scores belong to, in words. */
  static String name(Distribution of) {
    return switch (of.kind()) {
      case POSITIVE -> "lowest positives";
      case KEPT -> "negatives of " + of.strategy();
      case NOT_KEPT -> "not kept";
    };
  }
}
