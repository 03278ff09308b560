package dev.hone.report;

import static dev.hone.report.TableFrame.number;
import static dev.hone.report.TableFrame.text;

import dev.hone.report.ReportData.DimensionValue;
import java.util.List;

/** Writes what the primary measure keeps when vectors are cut (Matryoshka) or kept coarser. */
final class HtmlDimensions {
  private final Markup page;
  private final TableFrame frame;
  private final DimensionGrid grid;
  private final Measure measure;

  HtmlDimensions(Markup page, DimensionGrid grid, Measure measure) {
    this.page = page;
    this.frame = new TableFrame(page);
    this.grid = grid;
    this.measure = measure;
  }

  void write() {
    page.text(
        "p",
        measure.label()
            + " where only the first values of each vector are used, or each value is kept in fewer"
            + " bits. The index shrinks by the factor given. Shares are of the model's own whole"
            + " vectors, and of those of the base model.");
    List<String> datasets = grid.datasets();
    part(datasets.get(0));
    if (datasets.size() > 1) {
      page.element(
          "details",
          () -> {
            page.text("summary", "By data set");
            datasets.subList(1, datasets.size()).forEach(this::part);
          });
    }
  }

  private void part(String dataset) {
    DimensionPlot plot = DimensionPlot.of(grid, dataset);
    String name = HtmlReport.datasetName(dataset);
    if (!plot.isEmpty()) {
      page.element(
          "figure",
          () -> {
            page.text(
                "figcaption",
                name + ": " + measure.label() + " by dimension, with 95 % intervals.");
            Legend.write(page, grid.models(dataset));
            plot.write(page, plot.description(measure.label() + " by dimension on " + name));
          });
    }
    frame.table(
        name + ": " + measure.label() + " by dimension and precision.",
        columns(),
        () ->
            grid.models(dataset).stream()
                .flatMap(model -> grid.rows(dataset, model).stream())
                .forEach(this::row));
  }

  private static List<TableFrame.Column> columns() {
    return List.of(
        text("Model"),
        number("Dimensions"),
        text("Precision"),
        number("Value"),
        number("Of its whole"),
        number("Of base"),
        number("Smaller"));
  }

  private void row(DimensionValue value) {
    page.element(
        "tr",
        () -> {
          page.text("th", value.model(), "scope", "row");
          frame.cell(String.valueOf(value.dim()));
          page.text("td", value.precision());
          page.element("td", () -> value(value), "class", "num");
          frame.cell(Numbers.percentage(grid.share(value, value.model())));
          frame.cell(Numbers.percentage(grid.share(value, ReportData.BASE)));
          frame.cell(times(grid.smaller(value)));
        });
  }

  private void value(DimensionValue value) {
    page.characters(Numbers.decimals(value.value(), 4));
    if (Double.isFinite(value.ciLow())) {
      page.text("small", Numbers.interval(value.ciLow(), value.ciHigh()));
    }
  }

  private static String times(double factor) {
    boolean whole = factor == Math.rint(factor);
    return Double.isFinite(factor)
        ? Numbers.decimals(factor, whole ? 0 : 1) + "\u00d7"
        : Numbers.decimals(factor, 0);
  }
}
