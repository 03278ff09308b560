package dev.hone.report;

import dev.hone.report.ReportData.MetricValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Writes the plain-text table that a terminal shows at the end of a run; fits 100 columns. */
public final class SummaryTable {
  private static final int NAME_WIDTH = 30;
  private static final int MODEL_WIDTH = 12;

  private SummaryTable() {}

  /**
   * One line per ranked data set and model with the primary and the other headline measures, the
   * mean over data sets last, and the change of the tuned model's primary measure relative to the
   * base model's; below it the same for data sets whose pairs are compared, by their one measure.
   *
   * @param metrics of one run; may lack models or measures, which show as a dash
   * @param primary the measure that rankings are judged by
   * @return lines that end in a line feed
   */
  public static String render(List<MetricValue> metrics, Measure primary) {
    List<Measure> shown =
        Stream.concat(Stream.of(primary), Measure.HEADLINE.stream())
            .distinct()
            .limit(Measure.HEADLINE.size())
            .toList();
    MetricGrid grid = new MetricGrid(metrics);
    List<String> ranked =
        grid.datasets().stream().filter(dataset -> measure(grid, dataset, shown) != null).toList();
    List<String> compared =
        grid.datasets().stream()
            .filter(dataset -> !ranked.contains(dataset))
            .filter(dataset -> measure(grid, dataset, Measure.COMPARED) != null)
            .toList();
    return (ranked.isEmpty() ? "" : rankings(grid, ranked, shown))
        + (ranked.isEmpty() || compared.isEmpty() ? "" : "\n")
        + (compared.isEmpty() ? "" : comparisons(grid, compared));
  }

  /** The first of some measures that a data set has, or null. */
  private static Measure measure(MetricGrid grid, String dataset, List<Measure> measures) {
    return measures.stream()
        .filter(
            measure ->
                grid.models(dataset).stream()
                    .anyMatch(model -> grid.find(model, dataset, measure) != null))
        .findFirst()
        .orElse(null);
  }

  private static String comparisons(MetricGrid grid, List<String> datasets) {
    StringBuilder table = new StringBuilder();
    appendComparison(table, List.of("Data set", "Model", "Measure", "Value", "vs base"));
    table.append("-".repeat(table.length() - 1)).append('\n');
    for (String dataset : datasets) {
      Measure measure = measure(grid, dataset, Measure.COMPARED);
      String name = dataset;
      for (String model : grid.models(dataset)) {
        String change = model.equals(ReportData.TUNED) ? change(grid, dataset, measure) : "";
        appendComparison(
            table,
            List.of(
                cut(name, NAME_WIDTH),
                cut(model, MODEL_WIDTH),
                measure.label(),
                value(grid, model, dataset, measure),
                change));
        name = "";
      }
    }
    return table.toString();
  }

  private static void appendComparison(StringBuilder table, List<String> cells) {
    table
        .append(
            String.format(Locale.ROOT, "%-30s  %-12s  %18s  %8s  %22s", cells.toArray())
                .stripTrailing())
        .append('\n');
  }

  private static String rankings(MetricGrid grid, List<String> datasets, List<Measure> shown) {
    List<String> header = new ArrayList<>(List.of("Data set", "Model"));
    shown.forEach(measure -> header.add(measure.label()));
    header.add("vs base");
    StringBuilder table = new StringBuilder();
    appendLine(table, header);
    int width = table.length() - 1;
    table.append("-".repeat(width)).append('\n');
    for (String dataset : datasets) {
      String name = dataset.equals(ReportData.MACRO_AVERAGE) ? "all (macro)" : dataset;
      for (String model : grid.models(dataset)) {
        List<String> cells =
            new ArrayList<>(List.of(cut(name, NAME_WIDTH), cut(model, MODEL_WIDTH)));
        shown.forEach(measure -> cells.add(value(grid, model, dataset, measure)));
        cells.add(model.equals(ReportData.TUNED) ? change(grid, dataset, shown.get(0)) : "");
        appendLine(table, cells);
        name = "";
      }
    }
    return table.toString();
  }

  private static void appendLine(StringBuilder table, List<String> cells) {
    table
        .append(
            String.format(Locale.ROOT, "%-30s  %-12s  %8s  %8s  %8s  %10s  %10s", cells.toArray())
                .stripTrailing())
        .append('\n');
  }

  private static String value(MetricGrid grid, String model, String dataset, Measure measure) {
    MetricValue found = grid.find(model, dataset, measure);
    return found == null ? "-" : String.format(Locale.ROOT, "%.4f", found.value());
  }

  private static String change(MetricGrid grid, String dataset, Measure measure) {
    double change = grid.relativeChange(dataset, measure);
    return Double.isFinite(change) ? String.format(Locale.ROOT, "%+.1f %%", 100 * change) : "-";
  }

  /** Names come from configuration: line breaks and over-long names would break the table. */
  private static String cut(String name, int width) {
    String line = name.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= width ? line : line.substring(0, width - 3) + "...";
  }
}
