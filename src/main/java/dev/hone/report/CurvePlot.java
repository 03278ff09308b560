package dev.hone.report;

import dev.hone.report.ReportData.LossPoint;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** Draws a quantity of the training log over its steps, fitting any width. */
final class CurvePlot {
  private static final int HEIGHT = 190;
  private static final int PLOT = 160;
  private static final int WIDTH = 1_000;

  private final Markup page;
  private final List<LossPoint> points;
  private final double[] values;
  private final String title;

  /** Draws only where every point has a value; {@link #isEmpty} tells. */
  CurvePlot(Markup page, String title, List<LossPoint> points, ToDoubleFunction<LossPoint> value) {
    this.page = page;
    this.title = title;
    this.points = points.stream().filter(p -> Double.isFinite(value.applyAsDouble(p))).toList();
    this.values = this.points.stream().mapToDouble(value).toArray();
  }

  boolean isEmpty() {
    return points.isEmpty();
  }

  /** The values as they are, thin, under their moving mean. */
  void writeSmoothed() {
    write(
        scale -> {
          polyline("raw", values, scale);
          polyline("smooth", smooth(values), scale);
        });
  }

  /** The values as they are. */
  void writePlain() {
    write(scale -> polyline("smooth", values, scale));
  }

  /**
   * The mean over a centred window of a tenth of the values, cut off at both ends: the last point
   * stays a mean, and one odd batch at the end does not look like a trend.
   */
  static double[] smooth(double[] values) {
    int reach = Math.max(1, values.length / 20);
    double[] smooth = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int from = Math.max(0, i - reach);
      int to = Math.min(values.length - 1, i + reach);
      double sum = 0;
      for (int j = from; j <= to; j++) {
        sum += values[j];
      }
      smooth[i] = sum / (to - from + 1);
    }
    return smooth;
  }

  private void write(Consumer<Scale> lines) {
    double minimum = values[0];
    double maximum = values[0];
    for (double value : values) {
      minimum = Math.min(minimum, value);
      maximum = Math.max(maximum, value);
    }
    Scale scale = Scale.around(minimum, maximum);
    page.element(
        "svg",
        () -> {
          axis(scale);
          page.element(
              "svg",
              () -> lines.accept(scale),
              "y",
              "8",
              "width",
              "100%",
              "height",
              String.valueOf(PLOT - 8),
              "viewBox",
              "0 0 " + WIDTH + " " + (PLOT - 8),
              "preserveAspectRatio",
              "none");
        },
        "height",
        String.valueOf(HEIGHT),
        "role",
        "img",
        "aria-label",
        description());
  }

  private String description() {
    return title
        + " over "
        + points.size()
        + " points of the training log: from "
        + Numbers.significant(values[0])
        + " at step "
        + points.get(0).step()
        + " to "
        + Numbers.significant(values[values.length - 1])
        + " at step "
        + points.get(points.size() - 1).step()
        + ".";
  }

  private void axis(Scale scale) {
    for (double tick : scale.ticks()) {
      String y = number(8 + (PLOT - 8) * (1 - scale.position(tick)));
      page.empty("line", "class", "grid", "x1", "0", "x2", "100%", "y1", y, "y2", y);
      page.text(
          "text",
          scale.label(tick),
          "x",
          "0",
          "y",
          number(8 + (PLOT - 8) * (1 - scale.position(tick)) - 3));
    }
    String bottom = String.valueOf(HEIGHT - 8);
    page.text("text", "step " + points.get(0).step(), "x", "0", "y", bottom);
    page.text(
        "text",
        String.valueOf(points.get(points.size() - 1).step()),
        "x",
        "100%",
        "y",
        bottom,
        "text-anchor",
        "end");
  }

  private void polyline(String kind, double[] heights, Scale scale) {
    int first = points.get(0).step();
    double span = Math.max(1, points.get(points.size() - 1).step() - first);
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < heights.length; i++) {
      double x = WIDTH * (points.get(i).step() - first) / span;
      double y = (PLOT - 8) * (1 - scale.position(heights[i]));
      path.append(i == 0 ? "" : " ").append(number(x)).append(',').append(number(y));
    }
    page.empty("polyline", "class", kind, "points", path.toString());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
