package dev.hone.report;

import dev.hone.report.AuditData.RejectedRecords;
import dev.hone.report.ReportData.AuditFinding;
import java.util.Comparator;
import java.util.List;

/**
 * Writes the page about the data: what was kept, what was refused and why, and what may make
 * numbers lie. It needs no script, no other file and no network; every text from data is escaped.
 */
public final class HtmlAudit {
  private static final List<String> SEVERITIES = List.of("error", "warning", "info");

  private final AuditData data;
  private final Markup page = new Markup();
  private final HtmlFrame frame = new HtmlFrame(page);
  private final HtmlTables tables = new HtmlTables(page);

  private HtmlAudit(AuditData data) {
    this.data = data;
  }

  /** The page. */
  public static String render(AuditData data) {
    HtmlAudit audit = new HtmlAudit(data);
    return audit.frame.write("Hone data", audit::header, audit::main, audit::footer);
  }

  private void header() {
    page.text("p", "Hone data", "class", "eyebrow");
    page.text("h1", "What was kept, refused and found");
    page.text("p", lead(), "class", "lead");
  }

  private String lead() {
    long refused = data.rejects().stream().mapToLong(RejectedRecords::count).sum();
    return Numbers.counted(data.datasets().size(), "data set")
        + ", "
        + Numbers.counted(refused, "record")
        + " refused, "
        + Numbers.counted(of("error"), "error")
        + " and "
        + Numbers.counted(of("warning"), "warning")
        + ".";
  }

  private long of(String severity) {
    return data.findings().stream().filter(finding -> finding.severity().equals(severity)).count();
  }

  private void main() {
    frame.section("data", "Data", () -> tables.sizes(data.datasets()));
    if (!data.rejects().isEmpty()) {
      frame.section("rejects", "Refused records", () -> tables.rejects(data.rejects()));
    }
    frame.section("audit", "Audit", () -> tables.audit(worstFirst()));
  }

  private List<AuditFinding> worstFirst() {
    return data.findings().stream()
        .sorted(Comparator.comparingInt(finding -> SEVERITIES.indexOf(finding.severity())))
        .toList();
  }

  private void footer() {
    page.text(
        "p", "Every refused record stands in the table rejects, every finding in the table audit.");
  }
}
