package dev.hone.report;

import static java.util.stream.Collectors.joining;

import dev.hone.report.ReportData.DimensionValue;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Draws a measure over the dimension, one line per model with its intervals; an equal way to the
 * right is an equal factor. Horizontal places are percentages, so that the plot fits any width
 * while its letters keep their size.
 */
final class DimensionPlot {
  private static final int HEIGHT = 240;
  private static final int TOP = 12;
  private static final int BOTTOM = HEIGHT - 28;

  /** Free at both ends for labels and intervals, in percent. */
  private static final double MARGIN = 9;

  /** Between two models' marks at one dimension, in percent. */
  private static final double APART = 1.2;

  private final Markup page;
  private final String title;
  private final List<String> models;
  private final List<List<DimensionValue>> curves;

  DimensionPlot(Markup page, DimensionGrid grid, String dataset, Measure measure) {
    this.page = page;
    this.title = measure.label() + " by dimension on " + HtmlReport.datasetName(dataset);
    this.models = grid.models(dataset);
    this.curves = models.stream().map(model -> grid.curve(dataset, model)).toList();
  }

  /** Whether no model has two dimensions. */
  boolean isEmpty() {
    return curves.stream().allMatch(curve -> curve.size() < 2);
  }

  void write() {
    Scale scale = scale();
    page.element(
        "svg",
        () -> {
          axes(scale);
          for (int i = 0; i < curves.size(); i++) {
            curve(curves.get(i), (i - (curves.size() - 1) / 2.0) * APART, scale);
          }
        },
        "height",
        String.valueOf(HEIGHT),
        "role",
        "img",
        "aria-label",
        description());
  }

  private Scale scale() {
    double[] ends =
        curves.stream()
            .flatMap(List::stream)
            .flatMapToDouble(value -> DoubleStream.of(value.value(), value.ciLow(), value.ciHigh()))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    return Scale.around(ends[0], ends[ends.length - 1]);
  }

  private String description() {
    return curves.stream()
        .map(
            curve ->
                curve.get(0).model()
                    + ": "
                    + curve.stream()
                        .map(at -> Numbers.decimals(at.value(), 3) + " at " + at.dim())
                        .collect(joining(", ")))
        .collect(joining("; ", title + ". ", ". The table below holds the numbers."));
  }

  private int[] dims() {
    return curves.stream()
        .flatMap(List::stream)
        .mapToInt(DimensionValue::dim)
        .distinct()
        .sorted()
        .toArray();
  }

  private void axes(Scale scale) {
    for (double tick : scale.ticks()) {
      String y = y(scale, tick);
      page.empty("line", "class", "grid", "x1", "0", "x2", "100%", "y1", y, "y2", y);
      page.text("text", scale.label(tick), "x", "0", "y", number(place(scale, tick) - 3));
    }
    for (int dim : dims()) {
      page.text(
          "text",
          String.valueOf(dim),
          "x",
          x(dim, 0),
          "y",
          String.valueOf(HEIGHT - 8),
          "text-anchor",
          "middle");
    }
  }

  private void curve(List<DimensionValue> curve, double shift, Scale scale) {
    for (int i = 1; i < curve.size(); i++) {
      DimensionValue from = curve.get(i - 1);
      DimensionValue to = curve.get(i);
      line(
          "mark thin " + IntervalPlot.kind(to.model()),
          x(from.dim(), shift),
          x(to.dim(), shift),
          y(scale, from.value()),
          y(scale, to.value()));
    }
    for (DimensionValue at : curve) {
      String x = x(at.dim(), shift);
      if (Double.isFinite(at.ciLow()) && Double.isFinite(at.ciHigh())) {
        String kind = "mark " + IntervalPlot.kind(at.model());
        line(kind, x, x, y(scale, at.ciLow()), y(scale, at.ciHigh()));
      }
      IntervalPlot.mark(page, at.model(), x, (int) Math.round(place(scale, at.value())));
    }
  }

  private void line(String kind, String x1, String x2, String y1, String y2) {
    page.empty("line", "class", kind, "x1", x1, "x2", x2, "y1", y1, "y2", y2);
  }

  /** The largest dimension stands at the right end. */
  private String x(int dim, double shift) {
    int[] dims = dims();
    double span = Math.log((double) dims[dims.length - 1] / dims[0]);
    double position = span > 0 ? Math.log((double) dim / dims[0]) / span : .5;
    return String.format(Locale.ROOT, "%.2f%%", MARGIN + (100 - 2 * MARGIN) * position + shift);
  }

  private static double place(Scale scale, double value) {
    return BOTTOM - (BOTTOM - TOP) * scale.position(value);
  }

  private static String y(Scale scale, double value) {
    return number(place(scale, value));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
