package dev.hone.report;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.partitioningBy;
import static java.util.stream.Collectors.toList;

import dev.hone.report.ReportData.DatasetSummary;
import dev.hone.report.ReportData.MetricValue;
import dev.hone.report.ReportData.Training;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the report of a run as one HTML page that needs no other file and no network; its own
 * script draws the plots. The same values give the same bytes; every text from data is escaped.
 */
public final class HtmlReport {
  private final ReportData data;
  private final MetricGrid grid;
  private final Measure primary;
  private final Markup page = new Markup();
  private final HtmlFrame frame = new HtmlFrame(page);
  private final HtmlTables tables = new HtmlTables(page);

  private HtmlReport(ReportData data) {
    this.data = data;
    this.grid = new MetricGrid(data.metrics());
    this.primary = data.run().primary();
  }

  /** The page of a run. */
  public static String render(ReportData data) {
    return new HtmlReport(data).write();
  }

  /** How the page calls a data set. */
  static String datasetName(String dataset) {
    return dataset.equals(ReportData.MACRO_AVERAGE) ? "All data sets (macro-average)" : dataset;
  }

  private String write() {
    return frame.write(
        "Hone report: " + data.run().runId(), this::header, this::main, this::footer);
  }

  private void header() {
    page.text("p", "Hone report \u00b7 run " + data.run().runId(), "class", "eyebrow");
    String what = data.training().happened() ? ", before and after fine-tuning" : ", evaluated";
    page.text("h1", data.run().baseModel() + what);
    String headline = headline();
    if (!headline.isEmpty()) {
      page.text("p", headline, "class", "lead");
    }
    if (!data.metrics().isEmpty()) {
      page.element("ul", this::tiles, "class", "tiles");
    }
  }

  /** One sentence that says how the primary measure moved. */
  private String headline() {
    String scope = scope();
    double change = scope == null ? Double.NaN : grid.change(scope, primary);
    if (!Double.isFinite(change)) {
      return data.training().happened() ? "" : "Nothing was trained: the baselines alone.";
    }
    String verb = change > 0 ? "rose" : change < 0 ? "fell" : "stayed";
    String where =
        scope.equals(ReportData.MACRO_AVERAGE)
            ? "averaged over " + Numbers.counted(averaged(), "data set")
            : "on " + scope;
    return primary.label()
        + " "
        + verb
        + " from "
        + Numbers.decimals(grid.find(ReportData.BASE, scope, primary).value(), 3)
        + " to "
        + Numbers.decimals(grid.find(ReportData.TUNED, scope, primary).value(), 3)
        + " ("
        + Numbers.relative(grid.relativeChange(scope, primary))
        + ") "
        + where
        + ", "
        + data.run().split()
        + " split.";
  }

  /** How many data sets the mean is over: those trained on, or all where none is. */
  private long averaged() {
    List<String> ranked = grid.datasets(List.of(primary));
    long trained =
        data.datasets().stream()
            .map(DatasetSummary::facts)
            .filter(facts -> facts.usage() == ReportData.Usage.TRAINED)
            .filter(facts -> ranked.contains(facts.name()))
            .count();
    return trained > 0 ? trained : ranked.size() - 1;
  }

  /** The mean over data sets, or the only data set; null where there is neither. */
  private String scope() {
    List<String> datasets = grid.datasets();
    return datasets.contains(ReportData.MACRO_AVERAGE)
        ? ReportData.MACRO_AVERAGE
        : datasets.size() == 1 ? datasets.get(0) : null;
  }

  private void tiles() {
    String scope = scope();
    if (scope != null) {
      for (Measure measure : grid.headline(primary)) {
        boolean tuned = grid.find(ReportData.TUNED, scope, measure) != null;
        String model = tuned ? ReportData.TUNED : ReportData.BASE;
        MetricValue value = grid.find(model, scope, measure);
        if (value != null) {
          double change = grid.relativeChange(scope, measure);
          tile(
              measure.label(),
              Numbers.decimals(value.value(), 3),
              Double.isFinite(change) ? Numbers.relative(change) + " against base" : model);
        }
      }
    }
    Training training = data.training();
    if (training.happened()) {
      tile(
          "Training",
          Numbers.duration(training.seconds()),
          Numbers.count(training.rows())
              + " rows, "
              + Numbers.count(training.steps())
              + " updates");
    }
  }

  private void tile(String name, String value, String detail) {
    page.element(
        "li",
        () -> page.text("span", name).text("strong", value).text("small", detail),
        "class",
        "tile");
  }

  private void main() {
    if (!data.metrics().isEmpty()) {
      frame.section("results", "Results", this::results);
    }
    DimensionGrid dimensions = new DimensionGrid(data.dimensions());
    if (!dimensions.isEmpty()) {
      frame.section(
          "dimensions",
          "Dimensions and precisions",
          () -> new HtmlDimensions(page, dimensions, primary).write());
    }
    if (!data.changes().mostImproved().isEmpty() || !data.changes().mostWorsened().isEmpty()) {
      frame.section(
          "examples",
          "Queries that moved",
          () -> new HtmlExamples(page).write(data.changes(), primary));
    }
    HtmlProbes.section(page, frame, data.probes());
    if (data.training().happened() || !data.lossCurve().isEmpty()) {
      frame.section("training", "Training", () -> new HtmlTraining(page).write(data));
    }
    if (!data.datasets().isEmpty()) {
      frame.section("data", "Data", this::datasets);
    }
    if (!data.mining().isEmpty()) {
      frame.section("mining", "Hard negatives", () -> new HtmlMining(page).write(data.mining()));
    }
    if (!data.audit().isEmpty()) {
      frame.section("audit", "Audit of the data", () -> tables.audit(data.audit()));
    }
    if (!data.truncation().isEmpty()) {
      frame.section(
          "truncation",
          "Truncated texts by model and data set",
          () -> tables.truncation(data.truncation()));
    }
    if (!HtmlCost.isEmpty(data)) {
      frame.section(
          "cost", "Time and cost", () -> new HtmlCost(page).write(data.training(), data.cost()));
    }
    frame.section("configuration", "Configuration", this::configuration);
  }

  private void results() {
    IntervalPlot plot = IntervalPlot.of(grid, primary);
    if (!plot.isEmpty()) {
      page.element(
          "figure",
          () -> {
            page.text(
                "figcaption",
                primary.label() + " on the " + data.run().split() + " split, with 95 % intervals.");
            legend();
            plot.write(page, plot.description(primary));
          });
    }
    Map<Boolean, List<Measure>> ofPairs =
        grid.headline(primary).stream().collect(partitioningBy(Measure::isOfPairs));
    String split = ", " + data.run().split() + " split.";
    if (!ofPairs.get(false).isEmpty()) {
      tables.metrics(grid, ofPairs.get(false), "Rankings, before and after" + split);
    }
    if (!ofPairs.get(true).isEmpty()) {
      tables.metrics(grid, ofPairs.get(true), "Pairs compared, before and after" + split);
    }
    page.text(
        "p",
        "Brackets hold the 95 % bootstrap interval over queries. It says how much the mean would"
            + " move with other queries of the same kind, and nothing about another training seed."
            + " Two models see the same queries, so overlapping intervals do not mean that they are"
            + " equal. Change is tuned minus base, then as a share of base.",
        "class",
        "note");
    allCuts();
  }

  /** Every metric at each of its cut-offs, if it has any, that the tables above do not hold. */
  private void allCuts() {
    Map<String, List<Measure>> byMetric =
        grid.measures().stream().collect(groupingBy(Measure::metric, TreeMap::new, toList()));
    byMetric.values().removeIf(grid.headline(primary)::containsAll);
    byMetric.values().forEach(this::cuts);
  }

  private void cuts(List<Measure> cuts) {
    String title = cuts.get(0).name() + (cuts.get(0).k() > 0 ? " at each k" : "");
    page.element(
        "details",
        () -> {
          page.text("summary", title);
          tables.metrics(grid, cuts, title + ", " + data.run().split() + " split.");
        });
  }

  private void legend() {
    Legend.write(
        page,
        grid.datasets().stream().flatMap(set -> grid.models(set).stream()).distinct().toList());
  }

  private void datasets() {
    tables.datasets(data.datasets(), grid, primary);
    for (DatasetSummary set : data.datasets()) {
      if (!set.facts().derivation().isEmpty()) {
        page.element(
            "p",
            () ->
                page.text("strong", set.facts().name())
                    .characters(": ")
                    .text("span", set.facts().derivation(), "dir", "auto"));
      }
    }
  }

  private void configuration() {
    page.element(
        "details",
        () -> {
          page.text("summary", "The effective configuration of this run");
          page.text(
              "pre",
              data.run().configuration(),
              "tabindex",
              "0",
              "role",
              "region",
              "aria-label",
              "Effective configuration");
        });
  }

  private void footer() {
    page.text(
        "p",
        "Metrics as trec_eval defines them; higher is better. Written by Hone from the published"
            + " tables of run "
            + data.run().runId()
            + ".");
  }
}
