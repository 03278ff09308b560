package dev.hone.report;

import dev.hone.report.AuditData.RejectedRecords;
import dev.hone.report.ReportData.AuditFinding;
import dev.hone.report.ReportData.DatasetSummary;
import dev.hone.report.ReportData.FilterCount;
import dev.hone.report.ReportData.MetricValue;
import dev.hone.report.ReportData.Resolved;
import dev.hone.report.ReportData.SplitCounts;
import dev.hone.report.ReportData.TruncatedTexts;
import dev.hone.report.ReportData.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * Writes the report's tables: each with a caption, header cells with a scope, and its own scroll.
 */
final class HtmlTables {
  /** Characters of a refused record that a page shows. */
  private static final int SHOWN = 160;

  private static final List<Column> SIZES =
      List.of(
          text("Data set"),
          text("Type"),
          text("Domain"),
          text("Used"),
          number("Documents"),
          text("Split"),
          number("Queries"),
          number("Judgements"),
          number("Scored pairs"));

  private final Markup page;

  HtmlTables(Markup page) {
    this.page = page;
  }

  /** Every data set and model with its intervals, and the change under each tuned value. */
  void metrics(MetricGrid grid, List<Measure> measures, String caption) {
    List<Column> columns = new ArrayList<>(List.of(text("Data set"), text("Model")));
    measures.forEach(measure -> columns.add(number(measure.label())));
    columns.add(number("Queries"));
    table(
        caption,
        columns,
        () -> {
          for (String dataset : grid.datasets(measures)) {
            List<String> models = grid.models(dataset, measures);
            for (String model : models) {
              boolean first = model.equals(models.get(0));
              String kind =
                  (first ? "first " : "") + (model.equals(ReportData.TUNED) ? "tuned" : "");
              page.element(
                  "tr",
                  () -> {
                    if (first) {
                      page.text(
                          "th",
                          HtmlReport.datasetName(dataset),
                          "scope",
                          "rowgroup",
                          "rowspan",
                          String.valueOf(models.size()));
                    }
                    page.text("th", model, "scope", "row");
                    measures.forEach(measure -> metric(grid, dataset, model, measure));
                    cell(queries(grid, dataset, model, measures));
                  },
                  "class",
                  kind.strip());
            }
          }
        });
  }

  private void metric(MetricGrid grid, String dataset, String model, Measure measure) {
    MetricValue value = grid.find(model, dataset, measure);
    page.element(
        "td",
        () -> {
          page.characters(value == null ? "\u2013" : Numbers.decimals(value.value(), 4));
          if (value != null && Double.isFinite(value.ciLow())) {
            page.text(
                "small",
                "["
                    + Numbers.decimals(value.ciLow(), 3)
                    + ", "
                    + Numbers.decimals(value.ciHigh(), 3)
                    + "]");
          }
          double change = grid.change(dataset, measure);
          if (model.equals(ReportData.TUNED) && Double.isFinite(change)) {
            page.element(
                "small",
                () ->
                    page.text(
                        "span",
                        Numbers.difference(change, 4)
                            + " ("
                            + Numbers.relative(grid.relativeChange(dataset, measure))
                            + ")",
                        "class",
                        change > 0 ? "good" : change < 0 ? "bad" : "even"));
          }
        },
        "class",
        "num");
  }

  private static String queries(
      MetricGrid grid, String dataset, String model, List<Measure> measures) {
    for (Measure measure : measures) {
      MetricValue value = grid.find(model, dataset, measure);
      if (value != null) {
        return Numbers.count(value.queryCount());
      }
    }
    return "\u2013";
  }

  /** Plain values of further measures, one row per data set and measure, one column per model. */
  void measures(MetricGrid grid, List<Measure> measures) {
    List<String> models =
        grid.datasets().stream().flatMap(set -> grid.models(set).stream()).distinct().toList();
    List<Column> columns = new ArrayList<>(List.of(text("Data set"), text("Measure")));
    models.forEach(model -> columns.add(number(model)));
    table(
        "Means over queries.",
        columns,
        () -> {
          for (String dataset : grid.datasets()) {
            for (Measure measure : measures) {
              page.element(
                  "tr",
                  () -> {
                    page.text("th", HtmlReport.datasetName(dataset), "scope", "row");
                    page.text("td", measure.label());
                    for (String model : models) {
                      MetricValue value = grid.find(model, dataset, measure);
                      cell(value == null ? "\u2013" : Numbers.decimals(value.value(), 4));
                    }
                  });
            }
          }
        });
  }

  void datasets(List<DatasetSummary> datasets, MetricGrid grid, Measure primary) {
    List<Column> columns = new ArrayList<>(SIZES);
    columns.add(text("Gain"));
    table(
        "Data sets with their sizes. Gain is the relative change in "
            + primary.label()
            + " beside what this type of data usually brings.",
        columns,
        () -> datasets.forEach(set -> dataset(set, grid, primary)));
  }

  /** The data sets with their sizes alone, before anything is measured. */
  void sizes(List<DatasetSummary> datasets) {
    table(
        "Data sets with their sizes.",
        SIZES,
        () -> datasets.forEach(set -> dataset(set, rows -> {})));
  }

  private void dataset(DatasetSummary set, MetricGrid grid, Measure primary) {
    double gain = grid.relativeChange(set.facts().name(), primary);
    dataset(set, rows -> gain(set, gain, rows));
  }

  /** One row per split; {@code last} writes what stands beside all of them. */
  private void dataset(DatasetSummary set, Consumer<String> last) {
    String rows = String.valueOf(Math.max(1, set.splits().size()));
    boolean first = true;
    SortedMap<String, SplitCounts> splits = set.splits();
    for (Map.Entry<String, SplitCounts> split : splits.entrySet()) {
      boolean heading = first;
      page.element(
          "tr",
          () -> {
            if (heading) {
              datasetHead(set, rows);
            }
            SplitCounts counts = split.getValue();
            page.text("td", split.getKey());
            cell(Numbers.count(counts.queries()));
            cell(Numbers.count(counts.judgements()));
            cell(Numbers.count(counts.scoredPairs()));
            if (heading) {
              last.accept(rows);
            }
          },
          "class",
          heading ? "first" : "");
      first = false;
    }
    if (splits.isEmpty()) {
      page.element(
          "tr",
          () -> {
            datasetHead(set, rows);
            page.text("td", "\u2013");
            cell("0");
            cell("0");
            cell("0");
            last.accept(rows);
          },
          "class",
          "first");
    }
  }

  private void datasetHead(DatasetSummary set, String rows) {
    page.text("th", set.facts().name(), "scope", "rowgroup", "rowspan", rows);
    page.text("td", set.facts().type(), "rowspan", rows);
    page.text("td", set.facts().domain(), "rowspan", rows);
    String used = set.facts().usage() == Usage.TRAINED ? "trained on" : "evaluated only";
    page.text("td", used, "rowspan", rows);
    page.text("td", Numbers.count(set.documents()), "class", "num", "rowspan", rows);
  }

  private void gain(DatasetSummary set, double gain, String rows) {
    page.element(
        "td",
        () -> {
          page.characters(Numbers.relative(gain));
          if (set.facts().usage() == Usage.TRAINED) {
            page.text("small", GuideRange.place(set.facts().type(), gain));
          }
        },
        "rowspan",
        rows);
  }

  void filterCounts(List<FilterCount> counts) {
    table(
        "What each filter did to the candidates of each strategy.",
        List.of(
            text("Data set"),
            number("Round"),
            text("Strategy"),
            text("Filter"),
            number("Kept"),
            number("Dropped"),
            number("Dropped, share")),
        () -> {
          for (FilterCount count : counts) {
            double all = (double) count.kept() + count.dropped();
            page.element(
                "tr",
                () -> {
                  page.text("th", count.dataset(), "scope", "row");
                  cell(String.valueOf(count.round()));
                  page.text("td", count.strategy());
                  page.text("td", count.filter());
                  cell(Numbers.count(count.kept()));
                  cell(Numbers.count(count.dropped()));
                  cell(percentage(all == 0 ? Double.NaN : count.dropped() / all));
                });
          }
        });
  }

  /** How many texts each model does not see to their end. */
  void truncation(List<TruncatedTexts> counts) {
    table(
        "Distinct texts that were encoded, and those of them that the model's maximum length cut.",
        List.of(
            text("Data set"),
            text("Model"),
            text("Role"),
            number("Texts"),
            number("Cut"),
            number("Cut, share")),
        () -> {
          for (TruncatedTexts count : counts) {
            page.element(
                "tr",
                () -> {
                  page.text("th", count.dataset(), "scope", "row");
                  page.text("td", count.model());
                  page.text("td", count.role());
                  cell(Numbers.count(count.texts()));
                  cell(Numbers.count(count.truncated()));
                  cell(
                      percentage(
                          count.texts() == 0
                              ? Double.NaN
                              : (double) count.truncated() / count.texts()));
                });
          }
        });
  }

  /** What was refused, with the first record of each kind. */
  void rejects(List<RejectedRecords> rejects) {
    table(
        "What was refused and why, with the first record of each kind.",
        List.of(
            text("Data set"),
            number("Records"),
            text("Reason"),
            text("First in"),
            text("Position"),
            text("Record")),
        () -> {
          for (RejectedRecords kind : rejects) {
            page.element(
                "tr",
                () -> {
                  page.text("th", kind.dataset(), "scope", "row");
                  cell(Numbers.count(kind.count()));
                  page.text("td", kind.reason(), "dir", "auto");
                  page.text("td", kind.source(), "dir", "auto");
                  page.text("td", kind.position());
                  page.text("td", shown(kind.record()), "dir", "auto");
                });
          }
        });
  }

  private static String shown(String record) {
    return record.codePointCount(0, record.length()) <= SHOWN
        ? record
        : record.substring(0, record.offsetByCodePoints(0, SHOWN)) + "\u2026";
  }

  void audit(List<AuditFinding> findings) {
    table(
        "What was checked, and what was found.",
        List.of(
            text("Data set"),
            text("Split"),
            text("Check"),
            text("Severity"),
            number("Count"),
            number("Share"),
            text("Examples")),
        () -> {
          for (AuditFinding finding : findings) {
            page.element(
                "tr",
                () -> {
                  page.text("th", finding.dataset(), "scope", "row");
                  page.text("td", finding.split());
                  page.text("td", finding.check());
                  page.text("td", finding.severity(), "class", severity(finding.severity()));
                  cell(Numbers.count(finding.count()));
                  cell(percentage(finding.share()));
                  page.text("td", finding.examples(), "dir", "auto");
                });
          }
        });
  }

  private static String severity(String severity) {
    return switch (severity) {
      case "warning", "error" -> severity;
      default -> "info";
    };
  }

  void resolved(List<Resolved> resolved) {
    table(
        "What auto resolved to.",
        List.of(text("Key"), text("Value"), text("Why")),
        () -> {
          for (Resolved value : resolved) {
            page.element(
                "tr",
                () ->
                    page.text("th", value.key(), "scope", "row")
                        .text("td", value.value())
                        .text("td", value.reason()));
          }
        });
  }

  void hyperparameters(SortedMap<String, String> values) {
    table(
        "Effective values.",
        List.of(text("Key"), text("Value")),
        () ->
            values.forEach(
                (key, value) ->
                    page.element(
                        "tr", () -> page.text("th", key, "scope", "row").text("td", value))));
  }

  private static String percentage(double share) {
    return Double.isFinite(share) ? Numbers.decimals(100 * share, 1) + "\u00a0%" : "\u2013";
  }

  /** A wide table scrolls by itself, by touch and by keyboard; the page never does sideways. */
  private void table(String caption, List<Column> columns, Runnable rows) {
    page.element(
        "div",
        () ->
            page.element(
                "table",
                () -> {
                  page.text("caption", caption);
                  page.element("thead", () -> page.element("tr", () -> header(columns)));
                  page.element("tbody", rows);
                }),
        "class",
        "scroll",
        "role",
        "region",
        "tabindex",
        "0",
        "aria-label",
        caption);
  }

  private void header(List<Column> columns) {
    columns.forEach(
        column -> page.text("th", column.name(), "scope", "col", "class", column.kind()));
  }

  private void cell(String number) {
    page.text("td", number, "class", "num");
  }

  private static Column text(String name) {
    return new Column(name, "text");
  }

  private static Column number(String name) {
    return new Column(name, "num");
  }

  private record Column(String name, String kind) {}
}
