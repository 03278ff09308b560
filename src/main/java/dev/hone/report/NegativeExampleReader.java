package dev.hone.report;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;

import dev.hone.report.MiningData.MinedQuery;
import dev.hone.report.MiningData.Negative;
import dev.hone.table.Columns;
import dev.hone.table.DocumentText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Picks queries that show what strategies find, with texts: of each data set those to which most
 * strategies gave a negative, ties by id; and for a strategy that gave none of these anything, the
 * first query of the same order to which it did.
 */
final class NegativeExampleReader {
  /** Queries of each data set. */
  static final int PER_DATASET = 3;

  private final MiningTables tables;
  private final List<String> datasets;

  /**
   * A reader of one round.
   *
   * @param tables the round's rows
   * @param datasets the data sets to pick from for every one of them
   */
  NegativeExampleReader(MiningTables tables, List<String> datasets) {
    this.tables = tables;
    this.datasets = datasets;
  }

  List<MinedQuery> read() {
    Dataset<Row> queries =
        tables
            .negatives()
            .groupBy("dataset", "query_id")
            .agg(count_distinct(col("strategy")).as("strategies"));
    Set<TextKey> chosen = chosen(queries);
    Map<String, TextKey> firsts = firsts(queries);
    Set<TextKey> asked = new TreeSet<>(chosen);
    asked.addAll(firsts.values());
    if (asked.isEmpty()) {
      return List.of();
    }
    Map<TextKey, List<Row>> negatives = negatives(asked);
    Set<String> shown = new TreeSet<>();
    chosen.forEach(query -> negatives.get(query).forEach(row -> shown.add(row.getString(2))));
    firsts.forEach(
        (strategy, query) -> {
          if (!shown.contains(strategy)) {
            chosen.add(query);
            negatives.get(query).forEach(row -> shown.add(row.getString(2)));
          }
        });
    return examples(chosen, negatives);
  }

  private Set<TextKey> chosen(Dataset<Row> queries) {
    Column place =
        row_number()
            .over(Window.partitionBy("dataset").orderBy(col("strategies").desc(), col("query_id")));
    Set<TextKey> chosen = new LinkedHashSet<>();
    queries
        .where(col("dataset").isin(datasets.toArray()))
        .withColumn("place", place)
        .where(col("place").leq(PER_DATASET))
        .orderBy("dataset", "place")
        .collectAsList()
        .forEach(row -> chosen.add(TextKey.of(row)));
    return chosen;
  }

  /** For each strategy the first query to which it gave a negative. */
  private Map<String, TextKey> firsts(Dataset<Row> queries) {
    Column place =
        row_number()
            .over(
                Window.partitionBy("strategy")
                    .orderBy(col("strategies").desc(), col("dataset"), col("query_id")));
    Map<String, TextKey> firsts = new LinkedHashMap<>();
    tables
        .negatives()
        .select("dataset", "query_id", "strategy")
        .join(queries, Columns.names("dataset", "query_id"))
        .withColumn("place", place)
        .where("place = 1")
        .select("dataset", "query_id", "strategy")
        .orderBy("strategy")
        .collectAsList()
        .forEach(row -> firsts.put(row.getString(2), TextKey.of(row)));
    return firsts;
  }

  /**
   * For each query one row per strategy: dataset, query_id, strategy, doc_id, rank, score,
   * filter_score, difficulty, and how many negatives the strategy gave.
   */
  private Map<TextKey, List<Row>> negatives(Set<TextKey> queries) {
    var ofStrategy = Window.partitionBy("dataset", "query_id", "strategy");
    Map<TextKey, List<Row>> negatives = new HashMap<>();
    tables
        .negatives()
        .where(Excerpts.among("query_id", queries))
        .withColumn("given", count(lit(1)).over(ofStrategy))
        .withColumn("place", row_number().over(ofStrategy.orderBy("rank", "doc_id")))
        .where("place = 1")
        .select(
            col("dataset"),
            col("query_id"),
            col("strategy"),
            col("doc_id"),
            col("rank"),
            orNan("score"),
            orNan("filter_score"),
            orNan("difficulty"),
            col("given"))
        .orderBy("dataset", "query_id", "strategy")
        .collectAsList()
        .forEach(
            row -> negatives.computeIfAbsent(TextKey.of(row), key -> new ArrayList<>()).add(row));
    return negatives;
  }

  private List<MinedQuery> examples(Set<TextKey> queries, Map<TextKey, List<Row>> negatives) {
    Map<TextKey, Row> positives = positives(queries);
    Set<TextKey> documents = new TreeSet<>();
    for (TextKey query : queries) {
      negatives
          .get(query)
          .forEach(row -> documents.add(new TextKey(query.dataset(), row.getString(3))));
      Row positive = positives.get(query);
      if (positive != null) {
        documents.add(new TextKey(query.dataset(), positive.getString(2)));
      }
    }
    Map<TextKey, String> queryTexts = texts(tables.queries(), "query_id", col("text"), queries);
    Map<TextKey, String> texts =
        texts(tables.documents(), "doc_id", DocumentText.whole(), documents);
    return queries.stream()
        .map(
            query -> {
              Row positive = positives.get(query);
              return new MinedQuery(
                  query.dataset(),
                  query.id(),
                  queryTexts.getOrDefault(query, query.id()),
                  positive == null ? "" : text(texts, query, positive.getString(2)),
                  positive == null ? Double.NaN : positive.getDouble(3),
                  negatives.get(query).stream().map(row -> negative(row, texts, query)).toList());
            })
        .toList();
  }

  private static Negative negative(Row row, Map<TextKey, String> texts, TextKey query) {
    return new Negative(
        row.getString(2),
        text(texts, query, row.getString(3)),
        row.getInt(4),
        row.getDouble(5),
        row.getDouble(6),
        row.getDouble(7),
        row.getLong(8) - 1);
  }

  private static String text(Map<TextKey, String> texts, TextKey query, String document) {
    return texts.getOrDefault(new TextKey(query.dataset(), document), document);
  }

  /** (dataset, query_id, filter_positive_id, filter_positive_score) of queries that have one. */
  private Map<TextKey, Row> positives(Set<TextKey> queries) {
    Map<TextKey, Row> positives = new HashMap<>();
    tables
        .candidates()
        .where(Excerpts.among("query_id", queries).and(col("filter_positive_id").isNotNull()))
        .groupBy("dataset", "query_id")
        .agg(min("filter_positive_id"), coalesce(min("filter_positive_score"), lit(Double.NaN)))
        .collectAsList()
        .forEach(row -> positives.put(TextKey.of(row), row));
    return positives;
  }

  private static Map<TextKey, String> texts(
      Dataset<Row> table, String id, Column text, Set<TextKey> wanted) {
    Map<TextKey, String> texts = new HashMap<>();
    table
        .where(Excerpts.among(id, wanted))
        .select(col("dataset"), col(id), Excerpts.of(text))
        .collectAsList()
        .forEach(row -> texts.put(TextKey.of(row), row.getString(2)));
    return texts;
  }

  private static Column orNan(String column) {
    return coalesce(col(column), lit(Double.NaN)).as(column);
  }
}
