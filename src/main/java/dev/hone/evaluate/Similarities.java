package dev.hone.evaluate;

import static org.apache.spark.sql.functions.col;

import dev.hone.encode.VectorTable;
import dev.hone.metric.Similarity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What is measured by comparing scores of pairs: triplet accuracy and correlation with grades. */
final class Similarities {
  private final VectorTable vectors;
  private final RunMetricRows rows;

  Similarities(VectorTable vectors, RunMetricRows rows) {
    this.vectors = vectors;
    this.rows = rows;
  }

  /** The share of (positive, other) pairs of a query in which the positive scores higher. */
  List<Row> triplets(Dataset<Row> judgements, Dataset<Row> queries, Dataset<Row> documents) {
    Dataset<Row> scored =
        judgements
            .join(
                vectors.queries(queries).toDF("d1", "q1", "query_vector"),
                col("dataset").equalTo(col("d1")).and(col("query_id").equalTo(col("q1"))))
            .join(
                vectors.documents(documents).toDF("d2", "doc2", "vector"),
                col("dataset").equalTo(col("d2")).and(col("doc_id").equalTo(col("doc2"))))
            .withColumn("score", VectorTable.product("query_vector", "vector"))
            .select("dataset", "query_id", "doc_id", "grade", "score");
    Dataset<Row> positives =
        scored
            .filter("grade > 0")
            .select(
                col("dataset"),
                col("query_id"),
                col("doc_id").as("positive_id"),
                col("score").as("positive_score"));
    Dataset<Row> others =
        scored
            .filter("grade is null or grade <= 0")
            .select(col("dataset").as("d"), col("query_id").as("q"), col("doc_id"), col("score"));
    List<Row> compared =
        positives
            .join(others, col("dataset").equalTo(col("d")).and(col("query_id").equalTo(col("q"))))
            .selectExpr(
                "dataset",
                "cast(positive_score > score as double)",
                "query_id",
                "positive_id",
                "doc_id")
            .orderBy("dataset", "query_id", "positive_id", "doc_id")
            .collectAsList();
    List<Row> result = new ArrayList<>();
    columns(compared, 1)
        .forEach(
            (dataset, hits) ->
                result.add(
                    rows.row(
                        dataset,
                        "triplet_accuracy",
                        RunMetricRows.mean(hits),
                        rows.bootstrap().mean(hits),
                        hits.length)));
    return result;
  }

  /** Pearson and Spearman correlation of cosine and score. */
  List<Row> scored(Dataset<Row> pairs) {
    List<Row> scored =
        vectors
            .withText(vectors.withText(pairs, "text_a", "vector_a"), "text_b", "vector_b")
            .withColumn("cosine", VectorTable.product("vector_a", "vector_b"))
            .select("dataset", "cosine", "score", "pair_id")
            .orderBy("dataset", "pair_id")
            .collectAsList();
    Map<String, double[]> cosines = columns(scored, 1);
    Map<String, double[]> scores = columns(scored, 2);
    List<Row> result = new ArrayList<>();
    cosines.forEach(
        (dataset, cosine) -> {
          double[] score = scores.get(dataset);
          result.add(correlation(dataset, "spearman", cosine, score));
          result.add(correlation(dataset, "pearson", cosine, score));
        });
    return result;
  }

  private Row correlation(String dataset, String metric, double[] cosines, double[] scores) {
    return rows.row(
        dataset,
        metric,
        measure(metric, cosines, scores),
        rows.bootstrap()
            .statistic(
                cosines.length,
                sample -> measure(metric, picked(cosines, sample), picked(scores, sample))),
        cosines.length);
  }

  private static double measure(String metric, double[] cosines, double[] scores) {
    return metric.equals("spearman")
        ? Similarity.spearman(cosines, scores)
        : Similarity.pearson(cosines, scores);
  }

  private static double[] picked(double[] values, int[] sample) {
    double[] picked = new double[sample.length];
    for (int i = 0; i < picked.length; i++) {
      picked[i] = values[sample[i]];
    }
    return picked;
  }

  private static Map<String, double[]> columns(List<Row> rows, int column) {
    Map<String, List<Double>> values = new TreeMap<>();
    for (Row row : rows) {
      values
          .computeIfAbsent(row.getString(0), dataset -> new ArrayList<>())
          .add(row.getDouble(column));
    }
    Map<String, double[]> arrays = new TreeMap<>();
    values.forEach(
        (dataset, list) ->
            arrays.put(dataset, list.stream().mapToDouble(Double::doubleValue).toArray()));
    return arrays;
  }
}
