package dev.hone.report;

import dev.hone.report.AuditData.RejectedRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes pages whose every text from data is hostile, for the check that opens them in a browser:
 * {@code WritePages FOLDER TEXT}.
 */
public final class WritePages {
  private WritePages() {}

  /** Writes {@code report.html} and {@code data.html} into a folder. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    ReportData hostile = Samples.everywhere(arguments[1]);
    Files.writeString(folder.resolve("report.html"), HtmlReport.render(hostile));
    Files.writeString(folder.resolve("data.html"), HtmlAudit.render(data(arguments[1], hostile)));
  }

  private static AuditData data(String text, ReportData hostile) {
    return new AuditData(
        hostile.datasets(),
        List.of(new RejectedRecords(text, 2, text, text, text, text)),
        hostile.audit());
  }
}
