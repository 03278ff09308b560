package dev.hone.evaluate;

import static org.apache.spark.sql.functions.col;

import dev.hone.evaluate.ComparisonResult.Change;
import dev.hone.evaluate.ModelScores.QueryValues;
import dev.hone.metric.Significance;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The queries whose values by the primary metric changed most.
 *
 * @param losses the worst first
 * @param gains the best first
 */
record ChangedQueries(List<Change> losses, List<Change> gains) {
  /** More of a text is not shown anywhere. */
  private static final int TEXT_LENGTH = 500;

  private static final Comparator<Change> BY_ID =
      Comparator.comparing(Change::dataset).thenComparing(Change::queryId);

  /** So many of each direction; ties are in the order of data sets and ids. */
  static ChangedQueries of(
      ComparedSide before, ComparedSide after, SortedMap<String, MetricAt> primary, int most) {
    List<Change> changes = new ArrayList<>();
    primary.forEach((dataset, metric) -> changes.addAll(changes(before, after, dataset, metric)));
    Comparator<Change> byDelta = Comparator.comparingDouble(Change::delta);
    return new ChangedQueries(
        changes.stream()
            .filter(change -> change.delta() < 0)
            .sorted(byDelta.thenComparing(BY_ID))
            .limit(most)
            .toList(),
        changes.stream()
            .filter(change -> change.delta() > 0)
            .sorted(byDelta.reversed().thenComparing(BY_ID))
            .limit(most)
            .toList());
  }

  private static List<Change> changes(
      ComparedSide before, ComparedSide after, String dataset, MetricAt metric) {
    QueryValues left = before.queries(dataset, metric);
    QueryValues right = after.queries(dataset, metric);
    List<Change> changes = new ArrayList<>();
    if (left == null || right == null || !left.ids().equals(right.ids())) {
      return changes;
    }
    double[] differences = Significance.differences(left.values(), right.values());
    for (int i = 0; i < differences.length; i++) {
      if (differences[i] != 0.0) {
        changes.add(
            new Change(dataset, left.ids().get(i), left.values()[i], right.values()[i], ""));
      }
    }
    return changes;
  }

  /** The same with the queries' texts. */
  ChangedQueries withTexts(StageContext context, Commit data) {
    Map<List<String>, String> texts = new HashMap<>();
    List<Change> all = Stream.concat(losses.stream(), gains.stream()).toList();
    if (all.isEmpty()) {
      return this;
    }
    for (Row row :
        context
            .read(data, Tables.QUERIES)
            .filter(col("dataset").isin(all.stream().map(Change::dataset).distinct().toArray()))
            .filter(col("query_id").isin(all.stream().map(Change::queryId).toArray()))
            .select(
                col("dataset"),
                col("query_id"),
                functions.substring(
                    functions.coalesce(col("text"), functions.lit("")), 1, TEXT_LENGTH))
            .collectAsList()) {
      texts.put(List.of(row.getString(0), row.getString(1)), row.getString(2));
    }
    return new ChangedQueries(named(losses, texts), named(gains, texts));
  }

  private static List<Change> named(List<Change> changes, Map<List<String>, String> texts) {
    return changes.stream()
        .map(
            change ->
                change.withText(
                    texts.getOrDefault(List.of(change.dataset(), change.queryId()), "")))
        .toList();
  }
}
