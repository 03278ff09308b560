package dev.hone.report;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.hone.report.ReportData.Advice;
import dev.hone.report.ReportData.Cost;
import dev.hone.report.ReportData.DatasetFacts;
import dev.hone.report.ReportData.DimensionValue;
import dev.hone.report.ReportData.LossPoint;
import dev.hone.report.ReportData.MetricValue;
import dev.hone.report.ReportData.Probe;
import dev.hone.report.ReportData.Run;
import dev.hone.report.ReportData.Training;
import dev.hone.report.ReportData.TruncatedTexts;
import dev.hone.table.Headline;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

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
        DataReader.summaries(
            datasets,
            tables.documents(),
            tables.queries(),
            tables.judgements(),
            tables.scoredPairs()),
        training,
        metrics(run.split(), tables.runMetrics()),
        dimensions(run, tables.runMetrics()),
        lossCurve(tables.trainingLog()),
        advice(tables.advice()),
        new MiningReader(tables.mining()).read(),
        new ExampleReader(run.split(), run.primary(), tables).read(),
        DataReader.findings(tables.audit()),
        truncation(tables.truncationCounts()),
        probes(tables.probes()),
        cost);
  }

  private static List<MetricValue> metrics(String split, Dataset<Row> runMetrics) {
    Dataset<Row> rows =
        Headline.of(runMetrics).where(col("split").equalTo(split).and(col("value").isNotNull()));
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

  /** What was measured by vectors: a lexical baseline has no dimension. */
  private static List<DimensionValue> dimensions(Run run, Dataset<Row> runMetrics) {
    Measure primary = run.primary();
    return runMetrics
        .where(
            col("split")
                .equalTo(run.split())
                .and(col("metric").equalTo(primary.metric()))
                .and(coalesce(col("k"), lit(0)).equalTo(primary.k()))
                .and(col("dim").isNotNull())
                .and(col("value").isNotNull()))
        .select(
            col("model"),
            col("dataset"),
            col("dim"),
            coalesce(col("precision"), lit("fp32")).as("precision"),
            col("value"),
            coalesce(col("ci_low"), lit(Double.NaN)),
            coalesce(col("ci_high"), lit(Double.NaN)))
        .orderBy(col("dataset"), col("model"), col("dim").desc(), col("precision"))
        .collectAsList()
        .stream()
        .map(
            row ->
                new DimensionValue(
                    row.getString(0),
                    row.getString(1),
                    row.getInt(2),
                    row.getString(3),
                    row.getDouble(4),
                    row.getDouble(5),
                    row.getDouble(6)))
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

  private static List<Advice> advice(Dataset<Row> advice) {
    return advice
        .select("step_from", "step_to", "kind", "dataset", "evidence", "suggestion")
        .orderBy("step_from", "kind", "dataset")
        .collectAsList()
        .stream()
        .map(
            row ->
                new Advice(
                    row.getInt(0),
                    row.getInt(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5)))
        .toList();
  }

  private static List<TruncatedTexts> truncation(Dataset<Row> counts) {
    return counts
        .select("model", "dataset", "role", "texts", "truncated")
        .orderBy("model", "dataset", "role")
        .collectAsList()
        .stream()
        .map(
            row ->
                new TruncatedTexts(
                    row.getString(0),
                    row.getString(1),
                    row.getString(2),
                    row.getLong(3),
                    row.getLong(4)))
        .toList();
  }

  private static List<Probe> probes(Dataset<Row> probes) {
    return probes
        .select("model", "text_a", "text_b", "cosine", "rank", "documents")
        .orderBy("text_a", "text_b", "model")
        .collectAsList()
        .stream()
        .map(
            row ->
                new Probe(
                    row.getString(0),
                    row.getString(1),
                    row.getString(2),
                    row.getDouble(3),
                    row.getLong(4),
                    row.getLong(5)))
        .toList();
  }
}
