package dev.hone.report;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import dev.hone.report.ReportData.AuditFinding;
import dev.hone.report.ReportData.Changes;
import dev.hone.report.ReportData.Cost;
import dev.hone.report.ReportData.DatasetFacts;
import dev.hone.report.ReportData.DatasetSummary;
import dev.hone.report.ReportData.FilterCount;
import dev.hone.report.ReportData.LossPoint;
import dev.hone.report.ReportData.MetricValue;
import dev.hone.report.ReportData.Run;
import dev.hone.report.ReportData.SplitCounts;
import dev.hone.report.ReportData.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Reads the published tables into {@link ReportData}. What reaches the driver is bounded: counts
 * per data set, a fixed number of examples, a curve of at most {@value #CURVE_POINTS} points.
 */
public final class ReportReader {
  /** The longest loss curve; a longer log is averaged over neighbouring steps. */
  static final int CURVE_POINTS = 1_000;

  private ReportReader() {}

  /**
   * Reads a run.
   *
   * @param run what was run; its split selects the metrics
   * @param datasets the configured data sets
   * @param training what training did; {@link Training#NONE} where nothing was trained
   * @param cost what training used
   * @param tables the run's tables
   */
  public static ReportData read(
      Run run, List<DatasetFacts> datasets, Training training, Cost cost, ReportTables tables) {
    return new ReportData(
        run,
        summaries(datasets, tables),
        training,
        metrics(run.split(), tables.runMetrics()),
        lossCurve(tables.trainingLog()),
        filterCounts(tables.filterCounts()),
        changes(run.split(), tables),
        audit(tables.audit()),
        cost);
  }

  private static List<DatasetSummary> summaries(List<DatasetFacts> facts, ReportTables tables) {
    Map<String, Long> documents = new HashMap<>();
    for (Row row : tables.documents().groupBy("dataset").count().collectAsList()) {
      documents.put(row.getString(0), row.getLong(1));
    }
    Map<String, SortedMap<String, SplitCounts>> splits = splitCounts(tables);
    return facts.stream()
        .map(
            fact ->
                new DatasetSummary(
                    fact,
                    documents.getOrDefault(fact.name(), 0L),
                    splits.getOrDefault(fact.name(), new TreeMap<>())))
        .toList();
  }

  private static Map<String, SortedMap<String, SplitCounts>> splitCounts(ReportTables tables) {
    Dataset<Row> queries = tables.queries().select("dataset", "query_id", "split");
    Dataset<Row> judgements =
        tables
            .judgements()
            .select("dataset", "query_id")
            .join(queries, new String[] {"dataset", "query_id"}, "inner");
    Dataset<Row> rows =
        kind(queries, "query")
            .unionByName(kind(judgements, "judgement"))
            .unionByName(kind(tables.scoredPairs(), "pair"));
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

  /**
   * One row per model and key: the full dimension, and fp32 where a model has several precisions.
   */
  static Dataset<Row> headline(Dataset<Row> metrics, String... key) {
    WindowSpec best =
        Window.partitionBy(Arrays.stream(key).map(name -> col(name)).toArray(Column[]::new))
            .orderBy(
                col("dim").desc_nulls_last(),
                col("precision").equalTo("fp32").desc_nulls_last(),
                col("precision").asc_nulls_last());
    return metrics.withColumn("place", row_number().over(best)).where("place = 1").drop("place");
  }

  private static List<MetricValue> metrics(String split, Dataset<Row> runMetrics) {
    Dataset<Row> rows =
        headline(
            runMetrics.where(col("split").equalTo(split).and(col("value").isNotNull())),
            "model",
            "dataset",
            "metric",
            "k");
    return rows
        .select(
            col("model"),
            col("dataset"),
            col("metric"),
            coalesce(col("k"), lit(0)),
            col("value"),
            coalesce(col("ci_low"), lit(Double.NaN)),
            coalesce(col("ci_high"), lit(Double.NaN)),
            coalesce(col("query_count"), lit(0L)))
        .orderBy("model", "dataset", "metric", "k")
        .collectAsList()
        .stream()
        .map(
            row ->
                new MetricValue(
                    row.getString(0),
                    row.getString(1),
                    new Measure(row.getString(2), row.getInt(3)),
                    row.getDouble(4),
                    row.getDouble(5),
                    row.getDouble(6),
                    row.getLong(7)))
        .toList();
  }

  /** Streams the log in step order, so that means never depend on the partitioning. */
  private static List<LossPoint> lossCurve(Dataset<Row> log) {
    Dataset<Row> ordered =
        log.select(
                col("step"),
                col("loss"),
                coalesce(col("learning_rate"), lit(Double.NaN)),
                coalesce(col("gradient_norm"), lit(Double.NaN)))
            .where(col("loss").isNotNull())
            .orderBy("step");
    long stride = Math.max(1, (log.count() + CURVE_POINTS - 1) / CURVE_POINTS);
    List<LossPoint> curve = new ArrayList<>();
    Iterator<Row> rows = ordered.toLocalIterator();
    while (rows.hasNext()) {
      Row first = rows.next();
      double[] sums = {first.getDouble(1), first.getDouble(2), first.getDouble(3)};
      int steps = 1;
      for (; steps < stride && rows.hasNext(); steps++) {
        Row next = rows.next();
        for (int column = 0; column < sums.length; column++) {
          sums[column] += next.getDouble(column + 1);
        }
      }
      curve.add(new LossPoint(first.getInt(0), sums[0] / steps, sums[1] / steps, sums[2] / steps));
    }
    return curve;
  }

  private static List<FilterCount> filterCounts(Dataset<Row> filterCounts) {
    return filterCounts
        .groupBy("dataset", "round", "strategy", "filter")
        .agg(sum("kept"), sum("dropped"))
        .orderBy("dataset", "round", "strategy", "filter")
        .collectAsList()
        .stream()
        .map(
            row ->
                new FilterCount(
                    row.getString(0),
                    row.getInt(1),
                    row.getString(2),
                    row.getString(3),
                    row.getLong(4),
                    row.getLong(5)))
        .toList();
  }

  private static Changes changes(String split, ReportTables tables) {
    return new ExampleReader(split, tables).read();
  }

  private static List<AuditFinding> audit(Dataset<Row> audit) {
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
}
