package dev.hone.report;

import static dev.hone.report.TableFrame.number;
import static dev.hone.report.TableFrame.text;

import dev.hone.report.ReportData.Probe;
import dev.hone.report.TableFrame.Column;
import java.util.ArrayList;
import java.util.List;

/** Writes how near each model takes pairs of texts to be that the user cares about. */
final class HtmlProbes {
  private final Markup page;
  private final TableFrame frame;
  private final List<Probe> probes;
  private final List<String> models;

  private HtmlProbes(Markup page, List<Probe> probes) {
    this.page = page;
    this.frame = new TableFrame(page);
    this.probes = probes;
    this.models =
        probes.stream().map(Probe::model).distinct().sorted(MetricGrid.MODEL_ORDER).toList();
  }

  /** The section; nothing where there are no probes. */
  static void section(Markup page, HtmlFrame frame, List<Probe> probes) {
    if (!probes.isEmpty()) {
      frame.section("probes", "Probes", () -> new HtmlProbes(page, probes).write());
    }
  }

  private void write() {
    page.text(
        "p",
        "Pairs of texts that should be near. The first is encoded as a query, the second as a"
            + " document. Rank is the second's place among the "
            + Numbers.counted(probes.get(0).documents(), "document")
            + " of all ranked data sets, 1 where no document is nearer to the first.");
    List<Column> columns = new ArrayList<>(List.of(text("Text"), text("Other text")));
    models.forEach(model -> columns.add(number("Cosine, " + model)));
    models.forEach(model -> columns.add(number("Rank, " + model)));
    frame.table(
        "Cosine and rank by each model.",
        columns,
        () ->
            probes.stream()
                .map(probe -> List.of(probe.textA(), probe.textB()))
                .distinct()
                .forEach(pair -> row(pair.get(0), pair.get(1))));
  }

  private void row(String first, String second) {
    List<Probe> pair =
        probes.stream()
            .filter(probe -> probe.textA().equals(first) && probe.textB().equals(second))
            .toList();
    page.element(
        "tr",
        () -> {
          page.text("th", first, "scope", "row", "dir", "auto");
          page.text("td", second, "dir", "auto");
          models.forEach(model -> frame.cell(cosine(pair, model)));
          models.forEach(model -> frame.cell(rank(pair, model)));
        });
  }

  private static String cosine(List<Probe> pair, String model) {
    return pair.stream()
        .filter(probe -> probe.model().equals(model))
        .map(probe -> Numbers.decimals(probe.cosine(), 3).replace('-', '\u2212'))
        .findFirst()
        .orElse("\u2013");
  }

  private static String rank(List<Probe> pair, String model) {
    return pair.stream()
        .filter(probe -> probe.model().equals(model))
        .map(probe -> Numbers.count(probe.rank()))
        .findFirst()
        .orElse("\u2013");
  }
}
