package dev.hone.report;

import dev.hone.report.ReportData.MetricValue;
import java.util.List;
import java.util.Objects;

/**
 * Each model's value with its interval.
 *
 * @param groups one per data set that has values
 */
record IntervalPlot(List<Group> groups) implements Plot {

  static IntervalPlot of(MetricGrid grid, Measure measure) {
    return new IntervalPlot(
        grid.datasets().stream()
            .map(dataset -> group(grid, dataset, measure))
            .filter(group -> !group.marks().isEmpty())
            .toList());
  }

  private static Group group(MetricGrid grid, String dataset, Measure measure) {
    return new Group(
        HtmlReport.datasetName(dataset),
        grid.models(dataset).stream()
            .map(model -> grid.find(model, dataset, measure))
            .filter(Objects::nonNull)
            .filter(value -> Double.isFinite(value.value()))
            .map(Mark::new)
            .toList());
  }

  @Override
  public String kind() {
    return "intervals";
  }

  /** Whether there is anything to draw. */
  boolean isEmpty() {
    return groups.isEmpty();
  }

  String description(Measure measure) {
    return measure.label()
        + " per data set and model with 95 percent intervals; the table below holds the numbers.";
  }

  /** A data set's name and its models' values. */
  record Group(String name, List<Mark> marks) {}

  /** A model's value, and the ends of its interval; NaN where it has none. */
  record Mark(String model, double value, double low, double high) {
    Mark(MetricValue value) {
      this(value.model(), value.value(), value.ciLow(), value.ciHigh());
    }
  }
}
