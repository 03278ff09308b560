package dev.hone.normalize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;

import dev.hone.config.SourceRole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Counts how many rows each source of a data set had and how many were refused, and for what. */
final class RejectCounts {
  /** The check of a data set's only source; of several sources it goes on with their roles. */
  static final String CHECK = "rejects";

  private static final int REASONS = 3;

  private RejectCounts() {}

  /**
   * A finding for each source.
   *
   * @param form as it was read
   */
  static List<Finding> of(String dataset, NormalForm form) {
    List<Finding> findings = new ArrayList<>();
    form.read()
        .forEach(
            (role, rows) -> {
              String check = role == SourceRole.ROWS ? CHECK : CHECK + "-" + role.key();
              findings.add(finding(dataset, check, rows(rows)));
            });
    return findings;
  }

  /** One problem, or null, for each row of the source, however many texts it holds. */
  private static Dataset<Row> rows(Dataset<Row> texts) {
    return Arrays.asList(texts.columns()).contains("row")
        ? texts.groupBy("row").agg(min("problem").as("problem"))
        : texts;
  }

  private static Finding finding(String dataset, String check, Dataset<Row> rows) {
    Row counts = rows.agg(count(lit(1)), expr("count_if(problem is not null)")).first();
    long refused = counts.getLong(1);
    return new Finding(
        dataset,
        "all",
        check,
        refused > 0 ? "warning" : "info",
        refused,
        counts.getLong(0),
        refused > 0 ? reasons(rows) : null);
  }

  /** The most frequent reasons; those that differ in numbers alone are one. */
  private static String reasons(Dataset<Row> rows) {
    return rows
        .filter(col("problem").isNotNull())
        .groupBy(expr("regexp_replace(problem, '[0-9]+', 'N')").as("kind"))
        .agg(count(lit(1)).as("count"))
        .orderBy(col("count").desc(), col("kind"))
        .limit(REASONS)
        .collectAsList()
        .stream()
        .map(row -> row.getLong(1) + " x " + row.getString(0))
        .collect(Collectors.joining("; "));
  }
}
