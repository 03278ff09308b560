package dev.hone.encode;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import dev.hone.table.Columns;
import dev.hone.table.Tables;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many texts of each data set the maximum length cut.
 *
 * @param rows of the truncation counts table, one for each data set and role
 */
record TruncationCounts(List<Row> rows) {
  private static final Logger LOG = LoggerFactory.getLogger(TruncationCounts.class);

  /**
   * Counts each text of a data set and role once.
   *
   * @param uses dataset, role, content_hash, each once
   * @param vectors as the vectors table
   * @param extent of both
   */
  static TruncationCounts of(Dataset<Row> uses, Dataset<Row> vectors, Extent extent) {
    List<Row> rows =
        extent
            .gathered(vectors.select("role", "content_hash", "truncated"))
            .join(extent.lookedUp(uses), Columns.names("role", "content_hash"))
            .groupBy("dataset", "role")
            .agg(
                count(lit(1)).as("texts"),
                sum(when(col("truncated"), 1L).otherwise(0L)).as("truncated"))
            .withColumn("share", col("truncated").cast("double").divide(col("texts")))
            .select(Tables.TRUNCATION_COUNTS.columns())
            .collectAsList();
    return new TruncationCounts(
        rows.stream()
            .sorted(
                Comparator.comparing((Row row) -> row.getString(0))
                    .thenComparing(row -> row.getString(1)))
            .toList());
  }

  /** One line for each data set and role. */
  void log(int maxLength) {
    rows.forEach(
        row ->
            LOG.info(
                "  {}: {} of {} {} texts are longer than {} tokens and were cut",
                row.getString(0),
                row.getLong(3),
                row.getLong(2),
                row.getString(1),
                maxLength));
  }
}
