package dev.hone.evaluate;

import dev.hone.metric.Bootstrap;
import dev.hone.metric.Interval;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The means of one metric in one value of a slice: one row per data set, and their macro-average.
 *
 * <p>Takes model, split, dim, precision, slice, slice_value, metric, k and an array of (dataset,
 * query_id, value) in that order; gives rows of {@code slice_metrics}.
 *
 * @param averaged data sets of the macro-average
 * @param draws resamples behind an interval
 * @param confidence of an interval, in (0, 1)
 * @param seed of the draws
 */
record SliceMeans(List<String> averaged, int draws, double confidence, long seed)
    implements FlatMapFunction<Row, Row> {

  @Override
  public Iterator<Row> call(Row group) {
    SortedMap<String, List<Double>> values = new TreeMap<>();
    for (Row query : group.<Row>getList(8)) {
      values
          .computeIfAbsent(query.getString(0), dataset -> new ArrayList<>())
          .add(query.getDouble(2));
    }
    Bootstrap bootstrap = new Bootstrap(draws, confidence, seed);
    List<Row> rows = new ArrayList<>();
    SortedMap<String, double[]> macro = new TreeMap<>();
    values.forEach(
        (dataset, list) -> {
          double[] array = list.stream().mapToDouble(Double::doubleValue).toArray();
          rows.add(
              row(group, dataset, RunMetricRows.mean(array), bootstrap.mean(array), array.length));
          if (averaged.contains(dataset)) {
            macro.put(dataset, array);
          }
        });
    if (!macro.isEmpty()) {
      double mean =
          macro.values().stream().mapToDouble(RunMetricRows::mean).average().orElseThrow();
      long queries = macro.values().stream().mapToLong(array -> array.length).sum();
      rows.add(row(group, "*", mean, bootstrap.macro(macro), queries));
    }
    return rows.iterator();
  }

  private static Row row(Row group, String dataset, double mean, Interval interval, long count) {
    return RowFactory.create(
        group.get(0),
        dataset,
        group.get(1),
        group.get(2),
        group.get(3),
        group.get(4),
        group.get(5),
        group.get(6),
        group.get(7),
        mean,
        interval.low(),
        interval.high(),
        count);
  }
}
