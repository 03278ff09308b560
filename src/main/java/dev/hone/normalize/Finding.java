package dev.hone.normalize;

import dev.hone.table.Tables;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * What one check of the data found.
 *
 * @param dataset name of the data set
 * @param split the split looked at, or {@code all}
 * @param check the check's name
 * @param severity {@code info}, {@code warning} or {@code error}
 * @param count how many were found
 * @param lookedAt how many were looked at; 0 where the count is no share of anything
 * @param examples a few of what was found, or what was measured; null for none
 */
record Finding(
    String dataset,
    String split,
    String check,
    String severity,
    long count,
    long lookedAt,
    String examples) {

  /** The count as a share of what was looked at; not a number where that is nothing. */
  double share() {
    return lookedAt > 0 ? (double) count / lookedAt : Double.NaN;
  }

  boolean isInfo() {
    return severity.equals("info");
  }

  /** As a line of the log. */
  String line() {
    String share =
        lookedAt > 0 ? String.format(Locale.ROOT, " of %d (%.2f %%)", lookedAt, 100 * share()) : "";
    return "%s: data set %s, split %s, %s: %d%s%s"
        .formatted(
            severity,
            dataset,
            split,
            check,
            count,
            share,
            examples == null || examples.isEmpty()
                ? ""
                : ": " + examples.replaceAll("\\p{Cc}", " "));
  }

  /** Findings as rows of {@code audit}. */
  static Dataset<Row> rows(SparkSession spark, List<Finding> findings) {
    List<Row> rows =
        findings.stream()
            .map(
                finding ->
                    RowFactory.create(
                        finding.dataset,
                        finding.split,
                        finding.check,
                        finding.severity,
                        finding.count,
                        finding.lookedAt > 0 ? finding.share() : null,
                        finding.examples))
            .toList();
    return spark.createDataFrame(rows, Tables.AUDIT.schema()).coalesce(1);
  }
}
