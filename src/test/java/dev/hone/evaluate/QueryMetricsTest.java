package dev.hone.evaluate;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.metric.Judgements;
import dev.hone.metric.MetricOptions;
import dev.hone.metric.Ranking;
import dev.hone.metric.RankingMetrics;
import dev.hone.metric.ScoredDocument;
import dev.hone.pipeline.SmallWorkspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Queries by Spark are those of the pure functions, wherever their rows lie and whatever ids are.
 */
class QueryMetricsTest {
  private static final List<Integer> CUTOFFS = List.of(1, 3);
  private static final StructType HITS =
      StructType.fromDDL(
          "dataset STRING, query_id STRING, doc_id STRING, rank INT, score DOUBLE NOT NULL");
  private static final StructType JUDGEMENTS =
      StructType.fromDDL("dataset STRING, query_id STRING, doc_id STRING, grade INT");

  /** Put together with their data set's name they would look the same. */
  private static final List<String> QUERIES = List.of("\u0001q", "q", "é\uff5e\ud83d\ude00", "");

  private static final List<String> DATASETS = List.of("a", "a\u0001", "b");
  private static final List<String> DOCUMENTS = List.of("\ud83d\ude00", "\uff5e", "d 1", "d");

  @TempDir private Path folder;

  private static double score(int dataset, int query, int document) {
    return (dataset + 2 * query + 3 * document) % 3 - 1.5;
  }

  private static int grade(int dataset, int query, int document) {
    return (dataset + query + document) % 4;
  }

  private static Dataset<Row> hits(SparkSession spark) {
    List<Row> rows = new ArrayList<>();
    // Document by document, so that the rows of a query stand apart.
    for (int d = 0; d < DOCUMENTS.size(); d++) {
      for (int s = 0; s < DATASETS.size(); s++) {
        for (int q = 0; q < QUERIES.size() - 1; q++) {
          rows.add(
              RowFactory.create(
                  DATASETS.get(s), QUERIES.get(q), DOCUMENTS.get(d), 9, score(s, q, d)));
        }
      }
    }
    rows.add(RowFactory.create("a", "judged by nobody", "d", 1, 1.0));
    return spark.createDataFrame(rows, HITS).repartition(3);
  }

  /** Each twice, once with a grade below its own; the last query has no results. */
  private static Dataset<Row> judgements(SparkSession spark) {
    List<Row> rows = new ArrayList<>();
    for (int s = 0; s < DATASETS.size(); s++) {
      for (int q = 0; q < QUERIES.size(); q++) {
        for (int d = 0; d < DOCUMENTS.size() - 1; d++) {
          String dataset = DATASETS.get(s);
          rows.add(RowFactory.create(dataset, QUERIES.get(q), DOCUMENTS.get(d), grade(s, q, d)));
          rows.add(RowFactory.create(dataset, QUERIES.get(q), DOCUMENTS.get(d), 0));
          rows.add(RowFactory.create(dataset, QUERIES.get(q), DOCUMENTS.get(d), null));
        }
      }
    }
    return spark.createDataFrame(rows, JUDGEMENTS).repartition(2);
  }

  /** What the functions make of a query: of every data set, every query. */
  private static List<String> byFunctions(BiFunction<Ranking, Judgements, List<String>> lines) {
    List<String> expected = new ArrayList<>();
    for (int s = 0; s < DATASETS.size(); s++) {
      for (int q = 0; q < QUERIES.size(); q++) {
        List<ScoredDocument> found = new ArrayList<>();
        Map<String, Integer> grades = new HashMap<>();
        for (int d = 0; d < DOCUMENTS.size(); d++) {
          if (q < QUERIES.size() - 1) {
            found.add(new ScoredDocument(DOCUMENTS.get(d), score(s, q, d)));
          }
          if (d < DOCUMENTS.size() - 1) {
            grades.put(DOCUMENTS.get(d), grade(s, q, d));
          }
        }
        String key = DATASETS.get(s) + "|" + QUERIES.get(q) + "|";
        lines
            .apply(Ranking.of(QUERIES.get(q), found), new Judgements(grades))
            .forEach(line -> expected.add(key + line));
      }
    }
    return expected;
  }

  private static List<String> rankingsByFunctions() {
    return byFunctions(
        (ranking, judgements) ->
            IntStream.range(0, ranking.size())
                .mapToObj(
                    i -> {
                      ScoredDocument document = ranking.documents().get(i);
                      return document.documentId() + "|" + (i + 1) + "|" + document.score();
                    })
                .toList());
  }

  private static List<String> metricsByFunctions() {
    return byFunctions(
        (ranking, judgements) ->
            RankingMetrics.of(ranking, judgements, MetricOptions.DEFAULT).at(CUTOFFS).stream()
                .map(value -> value.metric().label() + "|" + value.k() + "|" + value.value())
                .toList());
  }

  private static List<String> lines(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(row -> row.mkString("|")).toList();
  }

  private static List<String> rankings(JudgedQueries judged) {
    return lines(judged.rankings().select("dataset", "query_id", "doc_id", "rank", "score"));
  }

  private static List<String> metrics(JudgedQueries judged) {
    return lines(judged.metrics().select("dataset", "query_id", "metric", "k", "value"));
  }

  @Test
  void rankingsAndMetricsAreThoseOfTheFunctions() {
    SparkSession spark = SmallWorkspace.in(folder).context().spark();
    JudgedQueries judged =
        QueryMetrics.ofRun(hits(spark), judgements(spark), MetricOptions.DEFAULT, CUTOFFS).kept();
    assertThat(rankings(judged)).containsExactlyInAnyOrderElementsOf(rankingsByFunctions());
    assertThat(metrics(judged)).containsExactlyInAnyOrderElementsOf(metricsByFunctions());
  }

  @Test
  void whatARunHoldsBelowTheLargestCutoffIsNotLookedAt() {
    SparkSession spark = SmallWorkspace.in(folder).context().spark();
    JudgedQueries judged =
        QueryMetrics.of(
            hits(spark).withColumn("form", lit(0)),
            judgements(spark),
            MetricOptions.DEFAULT,
            List.of(1),
            List.of(VectorForm.NONE));
    assertThat(judged.rankings().select("rank").distinct().collectAsList())
        .containsExactly(RowFactory.create(1));
    assertThat(
            judged
                .metrics()
                .filter("metric = 'num_rel_ret' and value > 1 or retrieved_count > 1")
                .count())
        .isZero();
  }

  @Test
  void withoutRankingsTheMetricsAreTheSame() {
    SparkSession spark = SmallWorkspace.in(folder).context().spark();
    JudgedQueries judged =
        QueryMetrics.ofRunWithoutRankings(
            hits(spark), judgements(spark), MetricOptions.DEFAULT, CUTOFFS);
    assertThat(rankings(judged)).isEmpty();
    assertThat(metrics(judged)).containsExactlyInAnyOrderElementsOf(metricsByFunctions());
  }
}
