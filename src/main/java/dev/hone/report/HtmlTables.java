package dev.hone.report;

import static dev.hone.report.TableFrame.number;
import static dev.hone.report.TableFrame.text;

import dev.hone.report.AuditData.RejectedRecords;
import dev.hone.report.ReportData.Advice;
import dev.hone.report.ReportData.AuditFinding;
import dev.hone.report.ReportData.DatasetSummary;
import dev.hone.report.ReportData.MetricValue;
import dev.hone.report.ReportData.Resolved;
import dev.hone.report.ReportData.SplitCounts;
import dev.hone.report.ReportData.TruncatedTexts;
import dev.hone.report.ReportData.Usage;
import dev.hone.report.TableFrame.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Writes the tables of metrics, data sets, refused records, checks and parameters. */
final class HtmlTables {
  /** Characters of a refused record that a page shows. */
  private static final int SHOWN = 160;

  private static final List<Column> SIZES =
      List.of(
          text("Data set"),
          text("Split"),
          number("Queries"),
          number("Judgements"),
          number("Scored pairs"),
          number("Documents"),
          text("Type"),
          text("Domain"),
          text("Used"));

  private final Markup page;
  private final TableFrame frame;

  HtmlTables(Markup page) {
    this.page = page;
    this.frame = new TableFrame(page);
  }

  /** Every data set and model with its intervals, and the change under each tuned value. */
  void metrics(MetricGrid grid, List<Measure> measures, String caption) {
    List<Column> columns = new ArrayList<>(List.of(text("Data set"), text("Model")));
    measures.forEach(measure -> columns.add(number(measure.label())));
    columns.add(number("Queries"));
    frame.table(
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
                    frame.cell(queries(grid, dataset, model, measures));
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
            page.text("small", Numbers.interval(value.ciLow(), value.ciHigh()));
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

  void datasets(List<DatasetSummary> datasets, MetricGrid grid, Measure primary) {
    List<Column> columns = new ArrayList<>(SIZES);
    columns.add(text("Gain"));
    frame.table(
        "Data sets with their sizes. Gain is the relative change in "
            + primary.label()
            + " beside what this type of data usually brings.",
        columns,
        () -> datasets.forEach(set -> dataset(set, grid, primary)));
  }

  /** The data sets with their sizes alone, before anything is measured. */
  void sizes(List<DatasetSummary> datasets) {
    frame.table(
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
    SortedMap<String, SplitCounts> splits = new TreeMap<>(set.splits());
    if (splits.isEmpty()) {
      splits.put("\u2013", new SplitCounts(0, 0, 0));
    }
    String rows = String.valueOf(splits.size());
    for (Map.Entry<String, SplitCounts> split : splits.entrySet()) {
      boolean first = split.getKey().equals(splits.firstKey());
      page.element(
          "tr",
          () -> {
            if (first) {
              page.text("th", set.facts().name(), "scope", "rowgroup", "rowspan", rows);
            }
            SplitCounts counts = split.getValue();
            page.text("td", split.getKey());
            frame.cell(Numbers.count(counts.queries()));
            frame.cell(Numbers.count(counts.judgements()));
            frame.cell(Numbers.count(counts.scoredPairs()));
            if (first) {
              facts(set, rows);
              last.accept(rows);
            }
          },
          "class",
          first ? "first" : "");
    }
  }

  private void facts(DatasetSummary set, String rows) {
    String used = set.facts().usage() == Usage.TRAINED ? "trained on" : "evaluated only";
    page.text("td", Numbers.count(set.documents()), "class", "num", "rowspan", rows);
    page.text("td", set.facts().type(), "rowspan", rows);
    page.text("td", set.facts().domain(), "rowspan", rows);
    page.text("td", used, "rowspan", rows);
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

  /** How many texts each model does not see to their end. */
  void truncation(List<TruncatedTexts> counts) {
    frame.table(
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
                  frame.cell(Numbers.count(count.texts()));
                  frame.cell(Numbers.count(count.truncated()));
                  frame.cell(
                      Numbers.percentage(
                          count.texts() == 0
                              ? Double.NaN
                              : (double) count.truncated() / count.texts()));
                });
          }
        });
  }

  /** What was refused, with the first record of each kind. */
  void rejects(List<RejectedRecords> rejects) {
    frame.table(
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
                  frame.cell(Numbers.count(kind.count()));
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

  /** What warns, and folded below it what does not: sizes, and checks that found little. */
  void audit(List<AuditFinding> findings) {
    List<AuditFinding> grave =
        findings.stream().filter(one -> !severity(one.severity()).equals("info")).toList();
    List<AuditFinding> others =
        findings.stream().filter(one -> severity(one.severity()).equals("info")).toList();
    if (grave.isEmpty()) {
      page.text("p", "Nothing that was checked is a warning or an error.");
    } else {
      findings("What was found that may make numbers lie.", grave);
    }
    if (!others.isEmpty()) {
      page.element(
          "details",
          () -> {
            page.text("summary", "Everything else that was counted and checked");
            findings("Counts, and checks that gave no warning.", others);
          });
    }
  }

  private void findings(String caption, List<AuditFinding> findings) {
    frame.table(
        caption,
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
                  frame.cell(Numbers.count(finding.count()));
                  frame.cell(Numbers.percentage(finding.share()));
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

  /** What is worth changing about the training, and why. */
  void advice(List<Advice> advice) {
    frame.table(
        "What the loss, the gradients, the validations and the rows suggest.",
        List.of(
            text("Data set"), text("Seen"), number("Steps"), text("Evidence"), text("Suggestion")),
        () -> {
          for (Advice one : advice) {
            boolean all = one.dataset().equals(ReportData.MACRO_AVERAGE);
            page.element(
                "tr",
                () -> {
                  page.text("th", all ? "All" : one.dataset(), "scope", "row");
                  page.text("td", one.kind());
                  frame.cell(Numbers.count(one.from()) + "\u2013" + Numbers.count(one.to()));
                  page.text("td", one.evidence(), "dir", "auto");
                  page.text("td", one.suggestion(), "dir", "auto");
                });
          }
        });
  }

  void resolved(List<Resolved> resolved) {
    boolean reasons = resolved.stream().anyMatch(value -> !value.reason().isEmpty());
    List<Column> columns = new ArrayList<>(List.of(text("Key"), text("Value")));
    if (reasons) {
      columns.add(text("Why"));
    }
    frame.table(
        "What auto resolved to.",
        columns,
        () -> {
          for (Resolved value : resolved) {
            page.element(
                "tr",
                () -> {
                  page.text("th", value.key(), "scope", "row").text("td", value.value());
                  if (reasons) {
                    page.text("td", value.reason());
                  }
                });
          }
        });
  }

  void hyperparameters(SortedMap<String, String> values) {
    frame.table(
        "Effective values.",
        List.of(text("Key"), text("Value")),
        () ->
            values.forEach(
                (key, value) ->
                    page.element(
                        "tr", () -> page.text("th", key, "scope", "row").text("td", value))));
  }
}
