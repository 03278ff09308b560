package dev.hone.report;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.hone.report.AuditData.RejectedRecords;
import dev.hone.report.ReportData.AuditFinding;
import dev.hone.report.ReportData.DatasetFacts;
import dev.hone.report.ReportData.DatasetSummary;
import dev.hone.report.ReportData.SplitCounts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Reads what pages say of the data: sizes, what was refused, and what the audit found. */
final class DataReader {
  /** Kinds of rejects that a page shows for one data set; the table has all. */
  static final int KINDS = 20;

  private DataReader() {}

  /** The data sets' sizes, in the order of the facts. */
  static List<DatasetSummary> summaries(
      List<DatasetFacts> facts,
      Dataset<Row> documents,
      Dataset<Row> queries,
      Dataset<Row> judgements,
      Dataset<Row> scoredPairs) {
    Map<String, Long> sizes = new HashMap<>();
    for (Row row : documents.groupBy("dataset").count().collectAsList()) {
      sizes.put(row.getString(0), row.getLong(1));
    }
    Map<String, SortedMap<String, SplitCounts>> splits = splits(queries, judgements, scoredPairs);
    return facts.stream()
        .map(
            fact ->
                new DatasetSummary(
                    fact,
                    sizes.getOrDefault(fact.name(), 0L),
                    splits.getOrDefault(fact.name(), new TreeMap<>())))
        .toList();
  }

  private static Map<String, SortedMap<String, SplitCounts>> splits(
      Dataset<Row> allQueries, Dataset<Row> allJudgements, Dataset<Row> scoredPairs) {
    Dataset<Row> queries = allQueries.select("dataset", "query_id", "split");
    Dataset<Row> judgements =
        allJudgements
            .select("dataset", "query_id")
            .join(queries, new String[] {"dataset", "query_id"}, "inner");
    Dataset<Row> rows =
        kind(queries, "query")
            .unionByName(kind(judgements, "judgement"))
            .unionByName(kind(scoredPairs, "pair"));
    Dataset<Row> counted =
        rows.groupBy("dataset", "split")
            .agg(counted("query"), counted("judgement"), counted("pair"));
    Map<String, SortedMap<String, SplitCounts>> splits = new HashMap<>();
    for (Row row : counted.collectAsList()) {
      splits
          .computeIfAbsent(row.getString(0), name -> new TreeMap<>())
          .put(row.getString(1), new SplitCounts(row.getLong(2), row.getLong(3), row.getLong(4)));
    }
    return splits;
  }

  private static Dataset<Row> kind(Dataset<Row> rows, String kind) {
    return rows.select(
        col("dataset"), coalesce(col("split"), lit("none")).as("split"), lit(kind).as("kind"));
  }

  private static Column counted(String kind) {
    return count(when(col("kind").equalTo(kind), 1)).as(kind);
  }

  /** What the audit found, by data set, split and check. */
  static List<AuditFinding> findings(Dataset<Row> audit) {
    return audit
        .select(
            col("dataset"),
            col("split"),
            col("check"),
            col("severity"),
            coalesce(col("count"), lit(0L)),
            coalesce(col("share"), lit(Double.NaN)),
            coalesce(col("examples"), lit("")))
        .orderBy("dataset", "split", "check")
        .collectAsList()
        .stream()
        .map(
            row ->
                new AuditFinding(
                    row.getString(0),
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getLong(4),
                    row.getDouble(5),
                    row.getString(6)))
        .toList();
  }

  /**
   * Rejects of a kind each, the most frequent first: reasons that differ in numbers alone are one
   * kind. Of each data set the first {@value #KINDS}.
   */
  static List<RejectedRecords> rejects(Dataset<Row> rejects) {
    return rejects
        .groupBy(col("dataset"), expr("regexp_replace(reason, '[0-9]+', 'N')").as("kind"))
        .agg(
            count(lit(1)).as("count"),
            expr("min(struct(source, length(position), position, reason, record)) as first"))
        .withColumn(
            "place", expr("row_number() over (partition by dataset order by count desc, kind)"))
        .filter(col("place").leq(KINDS))
        .orderBy("dataset", "place")
        .select(
            col("dataset"),
            col("count"),
            col("first.reason"),
            col("first.source"),
            col("first.position"),
            coalesce(col("first.record"), lit("")))
        .collectAsList()
        .stream()
        .map(
            row ->
                new RejectedRecords(
                    row.getString(0),
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5)))
        .toList();
  }
}
