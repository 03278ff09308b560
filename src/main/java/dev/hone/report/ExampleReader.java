package dev.hone.report;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import dev.hone.report.ReportData.Changes;
import dev.hone.report.ReportData.QueryExample;
import dev.hone.report.ReportData.RankedText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Finds the queries that moved most between the base and the tuned model, with their texts. */
final class ExampleReader {
  private static final int EXAMPLES = 10;
  private static final int TOP = 3;

  /** A query's judgements shown or looked up here; a grade beyond them reads as not judged. */
  private static final int JUDGEMENTS_PER_QUERY = 1_000;

  private static final int TEXT_LENGTH = 320;

  private final String split;
  private final ReportTables tables;

  ExampleReader(String split, ReportTables tables) {
    this.split = split;
    this.tables = tables;
  }

  Changes read() {
    Dataset<Row> moved = moved().cache();
    try {
      Row counts =
          moved
              .agg(
                  count(when(col("difference").gt(0), 1)),
                  count(when(col("difference").lt(0), 1)),
                  count(when(col("difference").equalTo(0), 1)))
              .head();
      List<Row> better = examples(moved.where("difference > 0"));
      List<Row> worse = examples(moved.where("difference < 0"));
      if (better.isEmpty() && worse.isEmpty()) {
        return new Changes(0, 0, counts.getLong(2), List.of(), List.of());
      }
      Texts texts = texts(better, worse);
      return new Changes(
          counts.getLong(0),
          counts.getLong(1),
          counts.getLong(2),
          better.stream().map(texts::example).toList(),
          worse.stream().map(texts::example).toList());
    } finally {
      moved.unpersist();
    }
  }

  /** (dataset, query_id, before, after, difference) of every query that both models ranked. */
  private Dataset<Row> moved() {
    Dataset<Row> values =
        ReportReader.headline(
            tables
                .queryMetrics()
                .where(
                    col("split")
                        .equalTo(split)
                        .and(col("metric").equalTo(Measure.NDCG_10.metric()))
                        .and(col("k").equalTo(Measure.NDCG_10.k()))),
            "model",
            "dataset",
            "query_id");
    return model(values, ReportData.BASE, "before")
        .join(
            model(values, ReportData.TUNED, "after"), new String[] {"dataset", "query_id"}, "inner")
        .withColumn("difference", col("after").minus(col("before")));
  }

  private static Dataset<Row> model(Dataset<Row> values, String model, String name) {
    return values
        .where(col("model").equalTo(model))
        .select(col("dataset"), col("query_id"), col("value").as(name));
  }

  private static List<Row> examples(Dataset<Row> moved) {
    return moved
        .orderBy(abs(col("difference")).desc(), col("dataset"), col("query_id"))
        .limit(EXAMPLES)
        .collectAsList();
  }

  private Texts texts(List<Row> better, List<Row> worse) {
    Set<Key> queries = new TreeSet<>();
    better.forEach(row -> queries.add(Key.of(row)));
    worse.forEach(row -> queries.add(Key.of(row)));
    Map<Key, String> queryTexts = new HashMap<>();
    Dataset<Row> found = tables.queries().where(among("query_id", queries));
    for (Row row : found.select(col("dataset"), col("query_id"), excerpt("text")).collectAsList()) {
      queryTexts.put(Key.of(row), row.getString(2));
    }
    Map<Key, List<Judged>> judged = judged(queries);
    Map<Key, List<Ranked>> base = rankings(ReportData.BASE, queries);
    Map<Key, List<Ranked>> tuned = rankings(ReportData.TUNED, queries);
    Set<Key> documents = new TreeSet<>();
    for (Key query : queries) {
      judged.getOrDefault(query, List.of()).stream()
          .limit(1)
          .forEach(best -> documents.add(new Key(query.dataset(), best.documentId())));
      for (Map<Key, List<Ranked>> ranking : List.of(base, tuned)) {
        ranking
            .getOrDefault(query, List.of())
            .forEach(hit -> documents.add(new Key(query.dataset(), hit.documentId())));
      }
    }
    return new Texts(queryTexts, judged, base, tuned, documentTexts(documents));
  }

  /** Relevant documents per query: highest grade first, then by id. */
  private Map<Key, List<Judged>> judged(Set<Key> queries) {
    Map<Key, List<Judged>> judged = new HashMap<>();
    for (Row row :
        tables
            .judgements()
            .where(among("query_id", queries).and(col("grade").geq(1)))
            .select("dataset", "query_id", "doc_id", "grade")
            .orderBy(col("grade").desc(), col("dataset"), col("query_id"), col("doc_id"))
            .limit(JUDGEMENTS_PER_QUERY * 2 * EXAMPLES)
            .collectAsList()) {
      judged
          .computeIfAbsent(Key.of(row), key -> new ArrayList<>())
          .add(new Judged(row.getString(2), row.getInt(3)));
    }
    return judged;
  }

  private Map<Key, List<Ranked>> rankings(String model, Set<Key> queries) {
    Map<Key, List<Ranked>> rankings = new HashMap<>();
    for (Row row :
        tables
            .rankings()
            .where(
                among("query_id", queries)
                    .and(col("model").equalTo(model))
                    .and(col("rank").leq(TOP)))
            .select("dataset", "query_id", "doc_id", "rank")
            .orderBy("dataset", "query_id", "rank", "doc_id")
            .collectAsList()) {
      rankings
          .computeIfAbsent(Key.of(row), key -> new ArrayList<>())
          .add(new Ranked(row.getString(2), row.getInt(3)));
    }
    return rankings;
  }

  /** A ranking names documents, or the parents of chunks; a parent shows its first chunk. */
  private Map<Key, String> documentTexts(Set<Key> documents) {
    Column parent = among("parent_id", documents).and(col("chunk").equalTo(0));
    Map<Key, String> texts = new HashMap<>();
    for (Row row :
        tables
            .documents()
            .where(among("doc_id", documents).or(parent))
            .withColumn("whole", trim(concat_ws(" ", col("title"), col("text"))))
            .select(col("dataset"), col("doc_id"), excerpt("whole"), col("parent_id"))
            .orderBy("dataset", "doc_id")
            .collectAsList()) {
      texts.put(Key.of(row), row.getString(2));
      if (!row.isNullAt(3)) {
        texts.putIfAbsent(new Key(row.getString(0), row.getString(3)), row.getString(2));
      }
    }
    return texts;
  }

  private static Column excerpt(String column) {
    Column text = coalesce(col(column), lit(""));
    Column cut = concat_ws("", substring(text, 1, TEXT_LENGTH), lit("\u2026"));
    return when(length(text).gt(TEXT_LENGTH), cut).otherwise(text);
  }

  private static Column among(String idColumn, Set<Key> keys) {
    Column any = lit(false);
    Map<String, List<String>> ids = new TreeMap<>();
    for (Key key : keys) {
      ids.computeIfAbsent(key.dataset(), dataset -> new ArrayList<>()).add(key.id());
    }
    for (Map.Entry<String, List<String>> dataset : ids.entrySet()) {
      Column one =
          col("dataset")
              .equalTo(dataset.getKey())
              .and(col(idColumn).isin(dataset.getValue().toArray()));
      any = any.or(one);
    }
    return any;
  }

  /** An id within a data set. */
  private record Key(String dataset, String id) implements Comparable<Key> {
    static Key of(Row row) {
      return new Key(row.getString(0), row.getString(1));
    }

    @Override
    public int compareTo(Key other) {
      return Comparator.comparing(Key::dataset).thenComparing(Key::id).compare(this, other);
    }
  }

  private record Judged(String documentId, int grade) {}

  private record Ranked(String documentId, int rank) {}

  /** The texts of the examples. */
  private record Texts(
      Map<Key, String> queries,
      Map<Key, List<Judged>> judged,
      Map<Key, List<Ranked>> base,
      Map<Key, List<Ranked>> tuned,
      Map<Key, String> documents) {

    QueryExample example(Row row) {
      Key query = Key.of(row);
      List<Judged> relevant = judged.getOrDefault(query, List.of());
      String best =
          relevant.isEmpty() ? "" : document(query.dataset(), relevant.get(0).documentId());
      return new QueryExample(
          query.dataset(),
          query.id(),
          queries.getOrDefault(query, query.id()),
          best,
          row.getDouble(2),
          row.getDouble(3),
          ranked(query, base),
          ranked(query, tuned));
    }

    private List<RankedText> ranked(Key query, Map<Key, List<Ranked>> rankings) {
      Map<String, Integer> grades = new HashMap<>();
      judged
          .getOrDefault(query, List.of())
          .forEach(document -> grades.put(document.documentId(), document.grade()));
      return rankings.getOrDefault(query, List.of()).stream()
          .map(
              hit ->
                  new RankedText(
                      hit.rank(),
                      document(query.dataset(), hit.documentId()),
                      grades.getOrDefault(hit.documentId(), 0)))
          .toList();
    }

    private String document(String dataset, String id) {
      return documents.getOrDefault(new Key(dataset, id), id);
    }
  }
}
