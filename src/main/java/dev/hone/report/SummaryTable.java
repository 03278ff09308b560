package dev.hone.report;

import dev.hone.report.ReportData.MetricValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes the plain-text table that a terminal shows at the end of a run; fits 100 columns. */
public final class SummaryTable {
  private static final int NAME_WIDTH = 30;
  private static final int MODEL_WIDTH = 12;

  private SummaryTable() {}

  /**
   * One line per ranked data set and model with the headline measures, the mean over data sets
   * last, and the change of the tuned model's NDCG@10 relative to the base model's. Data sets that
   * have none of these measures, such as scored pairs, are left out.
   *
   * @param metrics of one run; may lack models or measures, which show as a dash
   * @return lines that end in a line feed
   */
  public static String render(List<MetricValue> metrics) {
    MetricGrid grid = new MetricGrid(metrics);
    List<String> header = new ArrayList<>(List.of("Data set", "Model"));
    Measure.HEADLINE.forEach(measure -> header.add(measure.label()));
    header.add("vs base");
    StringBuilder table = new StringBuilder();
    appendLine(table, header);
    int width = table.length() - 1;
    table.append("-".repeat(width)).append('\n');
    for (String dataset : grid.datasets()) {
      if (!isRanked(grid, dataset)) {
        continue;
      }
      String name = dataset.equals(ReportData.MACRO_AVERAGE) ? "all (macro)" : dataset;
      for (String model : grid.models(dataset)) {
        List<String> cells =
            new ArrayList<>(List.of(cut(name, NAME_WIDTH), cut(model, MODEL_WIDTH)));
        Measure.HEADLINE.forEach(measure -> cells.add(value(grid, model, dataset, measure)));
        cells.add(model.equals(ReportData.TUNED) ? change(grid, dataset) : "");
        appendLine(table, cells);
        name = "";
      }
    }
    return table.toString();
  }

  private static boolean isRanked(MetricGrid grid, String dataset) {
    return grid.models(dataset).stream()
        .anyMatch(
            model ->
                Measure.HEADLINE.stream()
                    .anyMatch(measure -> grid.find(model, dataset, measure) != null));
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

  private static String change(MetricGrid grid, String dataset) {
    double change = grid.relativeChange(dataset, Measure.NDCG_10);
    return Double.isFinite(change) ? String.format(Locale.ROOT, "%+.1f %%", 100 * change) : "-";
  }

  /** Names come from configuration: line breaks and over-long names would break the table. */
  private static String cut(String name, int width) {
    String line = name.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= width ? line : line.substring(0, width - 3) + "...";
  }
}
