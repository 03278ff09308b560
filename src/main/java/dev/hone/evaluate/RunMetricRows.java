package dev.hone.evaluate;

import static org.apache.spark.sql.functions.col;

import dev.hone.config.EvaluateConfig;
import dev.hone.metric.Bootstrap;
import dev.hone.metric.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Means over queries with their confidence intervals, as rows of {@code run_metrics}. */
final class RunMetricRows {
  private static final double CONFIDENCE = 0.95;

  private final String model;
  private final String split;
  private final VectorForm form;
  private final Bootstrap bootstrap;

  /** Rows of one model and one form of its vectors. */
  RunMetricRows(String model, String split, VectorForm form, EvaluateConfig options, long seed) {
    this.model = model;
    this.split = split;
    this.form = form;
    this.bootstrap = new Bootstrap(options.confidenceDraws(), CONFIDENCE, seed);
  }

  /**
   * One row per data set, metric and cut-off, and the macro-average over some data sets. No more
   * than the values of one metric are held at a time.
   *
   * @param queryMetrics of all forms
   */
  List<Row> ranking(Dataset<Row> queryMetrics, List<String> macro) {
    Iterator<Row> values =
        queryMetrics
            .filter(col("dim").eqNullSafe(form.dimensions()))
            .filter(col("precision").eqNullSafe(form.precisionLabel()))
            .select("metric", "k", "dataset", "value", "query_id")
            .orderBy("metric", "k", "dataset", "query_id")
            .toLocalIterator();
    List<Row> rows = new ArrayList<>();
    MetricAt metric = null;
    Map<String, DoubleStream.Builder> byDataset = new TreeMap<>();
    while (values.hasNext()) {
      Row row = values.next();
      MetricAt next = new MetricAt(row.getString(0), row.<Integer>getAs(1));
      if (!next.equals(metric)) {
        addRows(metric, byDataset, macro, rows);
        byDataset.clear();
        metric = next;
      }
      byDataset
          .computeIfAbsent(row.getString(2), dataset -> DoubleStream.builder())
          .add(row.getDouble(3));
    }
    addRows(metric, byDataset, macro, rows);
    return rows;
  }

  private void addRows(
      MetricAt at,
      Map<String, DoubleStream.Builder> byDataset,
      List<String> macro,
      List<Row> rows) {
    Map<String, double[]> averaged = new TreeMap<>();
    byDataset.forEach(
        (dataset, builder) -> {
          double[] values = builder.build().toArray();
          rows.add(
              row(
                  dataset,
                  at.metric(),
                  at.k(),
                  mean(values),
                  bootstrap.mean(values),
                  values.length));
          if (macro.contains(dataset)) {
            averaged.put(dataset, values);
          }
        });
    if (!averaged.isEmpty()) {
      rows.add(macro(at, averaged));
    }
  }

  private Row macro(MetricAt at, Map<String, double[]> byDataset) {
    double mean =
        byDataset.values().stream().mapToDouble(RunMetricRows::mean).average().orElseThrow();
    long queries = byDataset.values().stream().mapToLong(array -> array.length).sum();
    return row("*", at.metric(), at.k(), mean, bootstrap.macro(byDataset), queries);
  }

  /** A metric without a cut-off. */
  Row row(String dataset, String metric, double value, Interval interval, long count) {
    return row(dataset, metric, null, value, interval, count);
  }

  private Row row(
      String dataset, String metric, Integer k, double value, Interval interval, long count) {
    return RowFactory.create(
        model,
        dataset,
        split,
        form.dimensions(),
        form.precisionLabel(),
        metric,
        k,
        defined(value),
        defined(interval.low()),
        defined(interval.high()),
        count);
  }

  /** A correlation may be undefined, which is null in SQL; NaN would be above all numbers there. */
  private static Double defined(double value) {
    return Double.isNaN(value) ? null : value;
  }

  Bootstrap bootstrap() {
    return bootstrap;
  }

  static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }
}
