package dev.hone.report;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import dev.hone.report.ReportData.Changes;
import dev.hone.report.ReportData.QueryExample;
import dev.hone.report.ReportData.RankedText;
import dev.hone.table.Headline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private final String split;
  private final Measure primary;
  private final ReportTables tables;

  ExampleReader(String split, Measure primary, ReportTables tables) {
    this.split = split;
    this.primary = primary;
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
        Headline.of(tables.queryMetrics())
            .where(
                col("split")
                    .equalTo(split)
                    .and(col("metric").equalTo(primary.metric()))
                    .and(col("k").equalTo(primary.k())));
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
    Set<TextKey> queries = new TreeSet<>();
    better.forEach(row -> queries.add(TextKey.of(row)));
    worse.forEach(row -> queries.add(TextKey.of(row)));
    Map<TextKey, String> queryTexts = new HashMap<>();
    Dataset<Row> found = tables.queries().where(Excerpts.among("query_id", queries));
    for (Row row :
        found.select(col("dataset"), col("query_id"), Excerpts.of(col("text"))).collectAsList()) {
      queryTexts.put(TextKey.of(row), row.getString(2));
    }
    Map<TextKey, List<Judged>> judged = judged(queries);
    Map<TextKey, List<Ranked>> base = rankings(ReportData.BASE, queries);
    Map<TextKey, List<Ranked>> tuned = rankings(ReportData.TUNED, queries);
    Set<TextKey> documents = new TreeSet<>();
    for (TextKey query : queries) {
      judged.getOrDefault(query, List.of()).stream()
          .limit(1)
          .forEach(best -> documents.add(new TextKey(query.dataset(), best.documentId())));
      for (Map<TextKey, List<Ranked>> ranking : List.of(base, tuned)) {
        ranking
            .getOrDefault(query, List.of())
            .forEach(hit -> documents.add(new TextKey(query.dataset(), hit.documentId())));
      }
    }
    return new Texts(queryTexts, judged, base, tuned, documentTexts(documents));
  }

  /** Relevant documents per query: highest grade first, then by id. */
  private Map<TextKey, List<Judged>> judged(Set<TextKey> queries) {
    Map<TextKey, List<Judged>> judged = new HashMap<>();
    for (Row row :
        tables
            .judgements()
            .where(Excerpts.among("query_id", queries).and(col("grade").geq(1)))
            .select("dataset", "query_id", "doc_id", "grade")
            .orderBy(col("grade").desc(), col("dataset"), col("query_id"), col("doc_id"))
            .limit(JUDGEMENTS_PER_QUERY * 2 * EXAMPLES)
            .collectAsList()) {
      judged
          .computeIfAbsent(TextKey.of(row), key -> new ArrayList<>())
          .add(new Judged(row.getString(2), row.getInt(3)));
    }
    return judged;
  }

  private Map<TextKey, List<Ranked>> rankings(String model, Set<TextKey> queries) {
    Map<TextKey, List<Ranked>> rankings = new HashMap<>();
    for (Row row :
        tables
            .rankings()
            .where(
                Excerpts.among("query_id", queries)
                    .and(col("model").equalTo(model))
                    .and(col("rank").leq(TOP)))
            .select("dataset", "query_id", "doc_id", "rank")
            .orderBy("dataset", "query_id", "rank", "doc_id")
            .collectAsList()) {
      rankings
          .computeIfAbsent(TextKey.of(row), key -> new ArrayList<>())
          .add(new Ranked(row.getString(2), row.getInt(3)));
    }
    return rankings;
  }

  /** A ranking names documents, or the parents of chunks; a parent shows its first chunk. */
  private Map<TextKey, String> documentTexts(Set<TextKey> documents) {
    Column parent = Excerpts.among("parent_id", documents).and(col("chunk").equalTo(0));
    Map<TextKey, String> texts = new HashMap<>();
    for (Row row :
        tables
            .documents()
            .where(Excerpts.among("doc_id", documents).or(parent))
            .withColumn("whole", trim(concat_ws(" ", col("title"), col("text"))))
            .select(col("dataset"), col("doc_id"), Excerpts.of(col("whole")), col("parent_id"))
            .orderBy("dataset", "doc_id")
            .collectAsList()) {
      texts.put(TextKey.of(row), row.getString(2));
      if (!row.isNullAt(3)) {
        texts.putIfAbsent(new TextKey(row.getString(0), row.getString(3)), row.getString(2));
      }
    }
    return texts;
  }

  private record Judged(String documentId, int grade) {}

  private record Ranked(String documentId, int rank) {}

  /** The texts of the examples. */
  private record Texts(
      Map<TextKey, String> queries,
      Map<TextKey, List<Judged>> judged,
      Map<TextKey, List<Ranked>> base,
      Map<TextKey, List<Ranked>> tuned,
      Map<TextKey, String> documents) {

    QueryExample example(Row row) {
      TextKey query = TextKey.of(row);
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

    private List<RankedText> ranked(TextKey query, Map<TextKey, List<Ranked>> rankings) {
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
      return documents.getOrDefault(new TextKey(dataset, id), id);
    }
  }
}
