package dev.hone.evaluate;

import static org.apache.spark.sql.functions.col;

import dev.hone.config.EvaluateConfig;
import dev.hone.metric.Bootstrap;
import dev.hone.metric.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** A metric at a cut-off, which is null where it has none. */
  private record MetricAt(String metric, Integer k) implements Comparable<MetricAt> {
    private static final Comparator<MetricAt> ORDER =
        Comparator.comparing(MetricAt::metric)
            .thenComparing(MetricAt::k, Comparator.nullsFirst(Comparator.naturalOrder()));

    @Override
    public int compareTo(MetricAt other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * One row per data set, metric and cut-off, and the macro-average over some data sets.
   *
   * @param queryMetrics of all forms
   */
  List<Row> ranking(Dataset<Row> queryMetrics, List<String> macro) {
    Map<MetricAt, Map<String, List<Double>>> values = new TreeMap<>();
    for (Row row :
        queryMetrics
            .filter(col("dim").eqNullSafe(form.dimensions()))
            .filter(col("precision").eqNullSafe(form.precisionLabel()))
            .select("dataset", "metric", "k", "value", "query_id")
            .orderBy("dataset", "metric", "k", "query_id")
            .collectAsList()) {
      values
          .computeIfAbsent(
              new MetricAt(row.getString(1), row.<Integer>getAs(2)), at -> new TreeMap<>())
          .computeIfAbsent(row.getString(0), dataset -> new ArrayList<>())
          .add(row.getDouble(3));
    }
    List<Row> rows = new ArrayList<>();
    values.forEach(
        (at, byDataset) -> {
          Map<String, double[]> averaged = new TreeMap<>();
          byDataset.forEach(
              (dataset, list) -> {
                double[] array = list.stream().mapToDouble(Double::doubleValue).toArray();
                rows.add(
                    row(
                        dataset,
                        at.metric(),
                        at.k(),
                        mean(array),
                        bootstrap.mean(array),
                        array.length));
                if (macro.contains(dataset)) {
                  averaged.put(dataset, array);
                }
              });
          if (!averaged.isEmpty()) {
            rows.add(macro(at, averaged));
          }
        });
    return rows;
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
        value,
        interval.low(),
        interval.high(),
        count);
  }

  Bootstrap bootstrap() {
    return bootstrap;
  }

  static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }
}
