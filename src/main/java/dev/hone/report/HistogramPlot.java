package dev.hone.report;

import dev.hone.report.MiningData.Distribution;
import dev.hone.report.MiningData.Panel;
import dev.hone.report.MiningData.Scores;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Draws the distributions of one data set below one another over one axis, each as high as its own
 * fullest bin. Horizontal places are percentages, so that the plot fits any width while its letters
 * keep their size.
 */
final class HistogramPlot {
  private static final int TITLE = 20;
  private static final int BARS = 36;
  private static final int ROW = TITLE + BARS + 8;
  private static final int AXIS = 24;

  /** Free at both ends for the outer labels, in percent. */
  private static final int MARGIN = 3;

  /** What ends of the axis may miss a tick by, in ticks. */
  private static final double ROUNDING = 1e-6;

  private final Markup page;
  private final Panel panel;
  private final int bins;
  private final Scale scale;

  HistogramPlot(Markup page, Scores scores, Panel panel) {
    this.page = page;
    this.panel = panel;
    this.bins = scores.bins();
    this.scale = new Scale(scores.low(), scores.high(), scores.tick());
  }

  void write() {
    int height = panel.distributions().size() * ROW + AXIS;
    page.element(
        "svg",
        () -> {
          axis(height);
          int top = 0;
          for (Distribution of : panel.distributions()) {
            row(of, top);
            top += ROW;
          }
        },
        "height",
        String.valueOf(height),
        "role",
        "img",
        "aria-label",
        description());
  }

  private String description() {
    return panel.distributions().stream()
        .map(
            of ->
                HtmlScores.name(of)
                    + ": "
                    + Numbers.counted(of.pairs(), "pair")
                    + ", median "
                    + Numbers.decimals(of.median(), 3))
        .collect(
            Collectors.joining(
                "; ",
                "Scores of the filter scorer on " + panel.dataset() + ". ",
                ". The table below holds the quantiles."));
  }

  private void axis(int height) {
    for (long i = Math.round(Math.ceil(scale.low() / scale.step() - ROUNDING));
        i * scale.step() <= scale.high() + ROUNDING * scale.step();
        i++) {
      String x = percent(i * scale.step());
      String bottom = String.valueOf(height - AXIS);
      page.empty("line", "class", "grid", "x1", x, "x2", x, "y1", "0", "y2", bottom);
      page.text(
          "text",
          scale.label(i * scale.step()),
          "x",
          x,
          "y",
          String.valueOf(height - 6),
          "text-anchor",
          "middle");
    }
  }

  private void row(Distribution of, int top) {
    page.text(
        "text",
        Legend.cut(HtmlScores.name(of)) + " (" + Numbers.count(of.pairs()) + ")",
        "class",
        "name",
        "x",
        "0",
        "y",
        String.valueOf(top + 14));
    page.element(
        "svg",
        () -> page.empty("path", "class", "area " + color(of), "d", outline(of.counts())),
        "x",
        MARGIN + "%",
        "y",
        String.valueOf(top + TITLE),
        "width",
        (100 - 2 * MARGIN) + "%",
        "height",
        String.valueOf(BARS),
        "viewBox",
        "0 0 " + bins + " 100",
        "preserveAspectRatio",
        "none");
    String x = percent(of.median());
    page.empty(
        "line",
        "class",
        "median",
        "x1",
        x,
        "x2",
        x,
        "y1",
        String.valueOf(top + TITLE),
        "y2",
        String.valueOf(top + TITLE + BARS));
  }

  /** Steps around the bins: 100 units down is none, 0 is the fullest bin. */
  static String outline(List<Long> counts) {
    long fullest = Math.max(1, Collections.max(counts));
    StringBuilder path = new StringBuilder("M0 100");
    long before = 0;
    for (int bin = 0; bin < counts.size(); bin++) {
      if (counts.get(bin) != before) {
        before = counts.get(bin);
        path.append('H').append(bin).append('V').append(height(before, fullest));
      }
    }
    return path.append('H').append(counts.size()).append("V100Z").toString();
  }

  private static String height(long count, long fullest) {
    return String.format(Locale.ROOT, "%.1f", 100 - 100.0 * count / fullest);
  }

  private static String color(Distribution of) {
    return switch (of.kind()) {
      case POSITIVE -> "positive";
      case KEPT -> "kept";
      case NOT_KEPT -> "rest";
    };
  }

  private String percent(double value) {
    double width = 100 - 2 * MARGIN;
    return String.format(Locale.ROOT, "%.2f%%", MARGIN + width * scale.position(value));
  }
}
