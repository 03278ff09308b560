package dev.hone.report;

import static java.util.stream.Collectors.joining;

import dev.hone.report.ReportData.DimensionValue;
import java.util.List;

/**
 * A measure over the dimension.
 *
 * @param curves one per model
 */
record DimensionPlot(List<Curve> curves) implements Plot {

  static DimensionPlot of(DimensionGrid grid, String dataset) {
    return new DimensionPlot(
        grid.models(dataset).stream()
            .map(
                model ->
                    new Curve(model, grid.curve(dataset, model).stream().map(Point::new).toList()))
            .toList());
  }

  @Override
  public String kind() {
    return "dimensions";
  }

  /** Whether no model has two dimensions. */
  boolean isEmpty() {
    return curves.stream().allMatch(curve -> curve.points().size() < 2);
  }

  /** Every value in words. */
  String description(String title) {
    return curves.stream()
        .map(
            curve ->
                curve.model()
                    + ": "
                    + curve.points().stream()
                        .map(at -> Numbers.decimals(at.value(), 3) + " at " + at.dim())
                        .collect(joining(", ")))
        .collect(joining("; ", title + ". ", ". The table below holds the numbers."));
  }

  /** A model's values, the largest dimension first. */
  record Curve(String model, List<Point> points) {}

  /** A value at a dimension, and the ends of its interval; NaN where it has none. */
  record Point(int dim, double value, double low, double high) {
    Point(DimensionValue value) {
      this(value.dim(), value.value(), value.ciLow(), value.ciHigh());
    }
  }
}
