package dev.hone.report;

import dev.hone.report.ReportData.AuditFinding;
import dev.hone.report.ReportData.DatasetFacts;
import dev.hone.report.ReportData.DatasetSummary;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Everything that the page about the data shows, as plain values.
 *
 * @param datasets the data sets with their sizes, in the order to be shown
 * @param rejects what was refused, a kind each
 * @param findings what the checks of the data found
 */
public record AuditData(
    List<DatasetSummary> datasets, List<RejectedRecords> rejects, List<AuditFinding> findings) {

  /** Copies the lists. */
  public AuditData {
    datasets = List.copyOf(datasets);
    rejects = List.copyOf(rejects);
    findings = List.copyOf(findings);
  }

  /**
   * Reads what a try of normalize wrote.
   *
   * @param documents as the table of that name, chunks already seen as their documents
   * @param audit rows of {@code audit}
   */
  public static AuditData read(
      List<DatasetFacts> datasets,
      Dataset<Row> documents,
      Dataset<Row> queries,
      Dataset<Row> judgements,
      Dataset<Row> scoredPairs,
      Dataset<Row> rejects,
      Dataset<Row> audit) {
    return new AuditData(
        DataReader.summaries(datasets, documents, queries, judgements, scoredPairs),
        DataReader.rejects(rejects),
        DataReader.findings(audit));
  }

  /**
   * Records that were refused for one reason.
   *
   * @param dataset their data set
   * @param count how many
   * @param reason why the first of them was
   * @param source where the first of them came from
   * @param position where it stands there
   * @param record its beginning; empty where nothing of it is known
   */
  public record RejectedRecords(
      String dataset, long count, String reason, String source, String position, String record) {}
}
