package dev.hone.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.StageContext;
import dev.hone.table.Headline;
import dev.hone.table.Tables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * One model's metrics as a comparison reads them: those of its largest dimension in fp32, or of
 * BM25, which has neither.
 */
final class ModelScores {
  private static final String MACRO_AVERAGE = "*";

  private final Integer dimension;
  private final Set<String> leftOut;
  private final SortedSet<String> undefined = new TreeSet<>();
  private final SortedMap<String, String> splits = new TreeMap<>();
  private final SortedMap<String, SortedMap<MetricAt, Double>> means = new TreeMap<>();
  private final SortedMap<String, SortedMap<MetricAt, QueryValues>> byQuery = new TreeMap<>();
  private final SortedMap<String, SortedMap<MetricAt, Long>> counts = new TreeMap<>();

  private ModelScores(Integer dimension, Set<String> leftOut) {
    this.dimension = dimension;
    this.leftOut = leftOut;
  }

  /** A data set's values by one metric, in the order of their queries' ids. */
  static final class QueryValues {
    private final List<String> ids;
    private final double[] values;

    QueryValues(List<String> ids, double[] values) {
      this.ids = ids;
      this.values = values;
    }

    List<String> ids() {
      return ids;
    }

    /** [queries]. */
    double[] values() {
      return values;
    }
  }

  /**
   * Means alone; {@link #readQueries} adds the values per query.
   *
   * @param leftOut metrics that are not read
   */
  static ModelScores of(StageContext context, EvaluatedModel model, Set<String> leftOut) {
    List<Row> rows =
        Headline.of(context.read(model.commit(), Tables.RUN_METRICS))
            .select("dataset", "split", "dim", "metric", "k", "value", "query_count")
            .collectAsList();
    if (rows.isEmpty()) {
      throw new HoneException(
          ErrorCode.INPUT,
          "Cannot compare %s: it has no metrics of whole vectors (fp32), or nothing was in the evaluated split. Evaluate it with precision fp32, on a split that has queries."
              .formatted(model.reference().label()));
    }
    ModelScores scores = new ModelScores(rows.get(0).<Integer>getAs("dim"), leftOut);
    rows.stream()
        .filter(row -> !row.getString(0).equals(MACRO_AVERAGE))
        .filter(row -> !leftOut.contains(row.<String>getAs("metric")))
        .forEach(scores::addMean);
    return scores;
  }

  private void addMean(Row row) {
    String dataset = row.getString(0);
    MetricAt metric = new MetricAt(row.getAs("metric"), row.getAs("k"));
    splits.put(dataset, row.getString(1));
    if (row.isNullAt(5) || Double.isNaN(row.getDouble(5))) {
      undefined.add(dataset + ": " + metric.label());
      return;
    }
    means.computeIfAbsent(dataset, name -> new TreeMap<>()).put(metric, row.getDouble(5));
    counts.computeIfAbsent(dataset, name -> new TreeMap<>()).put(metric, row.getLong(6));
  }

  /** Reads the values per query of some data sets too, as a stream of rows. */
  void readQueries(StageContext context, EvaluatedModel model, SortedSet<String> datasets) {
    Iterator<Row> rows =
        inOrder(
                Headline.of(context.read(model.commit(), Tables.QUERY_METRICS))
                    .filter(not(col("metric").isin(leftOut.toArray())))
                    .filter(col("dataset").isin(datasets.toArray()).and(col("value").isNotNull())))
            .toLocalIterator();
    String dataset = null;
    MetricAt metric = null;
    List<String> ids = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    while (rows.hasNext()) {
      Row row = rows.next();
      MetricAt next = new MetricAt(row.getString(1), row.isNullAt(2) ? null : row.getInt(2));
      if (!row.getString(0).equals(dataset) || !next.equals(metric)) {
        addQueries(dataset, metric, ids, values);
        dataset = row.getString(0);
        metric = next;
        ids = new ArrayList<>();
        values.clear();
      }
      ids.add(row.getString(3));
      values.add(row.getDouble(4));
    }
    addQueries(dataset, metric, ids, values);
  }

  private static Dataset<Row> inOrder(Dataset<Row> rows) {
    return rows.select("dataset", "metric", "k", "query_id", "value")
        .orderBy("dataset", "metric", "k", "query_id");
  }

  /** Metrics of the same queries share one list of ids. */
  private void addQueries(String dataset, MetricAt metric, List<String> ids, List<Double> values) {
    if (ids.isEmpty()) {
      return;
    }
    SortedMap<MetricAt, QueryValues> known =
        byQuery.computeIfAbsent(dataset, name -> new TreeMap<>());
    List<String> shared = known.isEmpty() ? ids : known.get(known.firstKey()).ids();
    known.put(
        metric,
        new QueryValues(
            shared.equals(ids) ? shared : ids,
            values.stream().mapToDouble(Double::doubleValue).toArray()));
  }

  /** Such as 384 dimensions; BM25 has none. */
  String form() {
    return dimension == null ? "no vectors" : dimension + " dimensions, fp32";
  }

  SortedSet<String> datasets() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(means.keySet()));
  }

  /** Data sets and metrics without a value, such as a correlation with what is all alike. */
  SortedSet<String> undefined() {
    return Collections.unmodifiableSortedSet(undefined);
  }

  /** Whether a data set has a value by the metric that {@link #undefined} would name so. */
  boolean isDefined(String datasetAndMetric) {
    return means.entrySet().stream()
        .anyMatch(
            entry ->
                entry.getValue().keySet().stream()
                    .anyMatch(
                        metric -> datasetAndMetric.equals(entry.getKey() + ": " + metric.label())));
  }

  String split(String dataset) {
    return splits.get(dataset);
  }

  /** Means of a data set by metric. */
  SortedMap<MetricAt, Double> means(String dataset) {
    return means.getOrDefault(dataset, Collections.emptySortedMap());
  }

  /** Queries or pairs that a mean is over. */
  long count(String dataset, MetricAt metric) {
    return counts.get(dataset).get(metric);
  }

  /** Values per query of a data set by metric; empty where only means are known. */
  Map<MetricAt, QueryValues> byQuery(String dataset) {
    return byQuery.getOrDefault(dataset, Collections.emptySortedMap());
  }
}
