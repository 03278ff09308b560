package dev.hone.report;

import dev.hone.report.ReportData.MetricValue;
import java.util.List;
import java.util.Locale;

/**
 * Draws each model's value with its interval, one group of rows per data set. Horizontal places are
 * percentages, so that the plot fits any width while its letters keep their size.
 */
final class IntervalPlot {
  private static final int TITLE = 22;
  private static final int ROW = 18;
  private static final int GAP = 12;
  private static final int AXIS = 24;

  private final Markup page;
  private final MetricGrid grid;
  private final Measure measure;
  private final List<String> datasets;
  private final Scale scale;

  IntervalPlot(Markup page, MetricGrid grid, Measure measure) {
    this.page = page;
    this.grid = grid;
    this.measure = measure;
    this.datasets =
        grid.datasets().stream()
            .filter(dataset -> !models(grid, dataset, measure).isEmpty())
            .toList();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (String dataset : datasets) {
      for (String model : models(grid, dataset, measure)) {
        MetricValue value = grid.find(model, dataset, measure);
        low = Math.min(low, hasInterval(value) ? value.ciLow() : value.value());
        high = Math.max(high, hasInterval(value) ? value.ciHigh() : value.value());
      }
    }
    this.scale = datasets.isEmpty() ? Scale.around(0, 1) : Scale.around(low, high);
  }

  /** Whether there is anything to draw. */
  boolean isEmpty() {
    return datasets.isEmpty();
  }

  void write() {
    int height = AXIS;
    for (String dataset : datasets) {
      height += TITLE + ROW * models(grid, dataset, measure).size() + GAP;
    }
    int plotHeight = height;
    page.element(
        "svg",
        () -> {
          axis(plotHeight);
          int top = 0;
          for (String dataset : datasets) {
            group(dataset, top);
            top += TITLE + ROW * models(grid, dataset, measure).size() + GAP;
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
    return measure.label()
        + " per data set and model with 95 percent intervals; the table below holds the numbers.";
  }

  private void axis(int height) {
    for (double tick : scale.ticks()) {
      String x = percent(tick);
      page.empty(
          "line",
          "class",
          "grid",
          "x1",
          x,
          "x2",
          x,
          "y1",
          "0",
          "y2",
          String.valueOf(height - AXIS));
      page.text(
          "text",
          scale.label(tick),
          "x",
          x,
          "y",
          String.valueOf(height - 6),
          "text-anchor",
          "middle");
    }
  }

  private void group(String dataset, int top) {
    page.text(
        "text",
        Legend.cut(HtmlReport.datasetName(dataset)),
        "class",
        "name",
        "x",
        "0",
        "y",
        px(top + 15));
    int y = top + TITLE + ROW / 2;
    for (String model : models(grid, dataset, measure)) {
      MetricValue value = grid.find(model, dataset, measure);
      if (hasInterval(value)) {
        interval(model, value, y);
      }
      mark(page, model, percent(value.value()), y);
      y += ROW;
    }
  }

  private void interval(String model, MetricValue value, int y) {
    page.empty(
        "line",
        "class",
        "mark " + kind(model),
        "x1",
        percent(value.ciLow()),
        "x2",
        percent(value.ciHigh()),
        "y1",
        px(y),
        "y2",
        px(y));
  }

  /** A ring for base, a square for BM25, a disc for tuned: told apart without colour. */
  static void mark(Markup page, String model, String x, int y) {
    String kind = "mark " + kind(model);
    if (model.equals(ReportData.BM25)) {
      page.element(
          "svg",
          () ->
              page.empty(
                  "rect", "class", kind, "x", "-4", "y", px(y - 4), "width", "8", "height", "8"),
          "x",
          x,
          "overflow",
          "visible");
    } else {
      page.empty("circle", "class", kind, "cx", x, "cy", px(y), "r", "5");
    }
  }

  /** The class of a model's marks: one of four, whatever the model's name. */
  static String kind(String model) {
    return switch (model) {
      case ReportData.BASE, ReportData.BM25, ReportData.TUNED -> model;
      default -> "other";
    };
  }

  private static List<String> models(MetricGrid grid, String dataset, Measure measure) {
    return grid.models(dataset).stream()
        .filter(model -> grid.find(model, dataset, measure) != null)
        .filter(model -> Double.isFinite(grid.find(model, dataset, measure).value()))
        .toList();
  }

  private static boolean hasInterval(MetricValue value) {
    return Double.isFinite(value.ciLow()) && Double.isFinite(value.ciHigh());
  }

  /** Two percent stay free at both ends for marks and the outer labels. */
  private String percent(double value) {
    return String.format(Locale.ROOT, "%.2f%%", 3 + 94 * scale.position(value));
  }

  private static String px(int pixels) {
    return String.valueOf(pixels);
  }
}
