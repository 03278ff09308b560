package dev.hone.mine;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.zip_with;

import dev.hone.encode.Texts;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Scores of one model for the candidates of every miner, and for each query's lowest positive: what
 * margins compare.
 */
final class FilterScores {
  private final StageContext context;
  private final Commit normalForm;
  private final Commit vectors;

  FilterScores(StageContext context, Commit normalForm, Commit vectors) {
    this.context = context;
    this.normalForm = normalForm;
    this.vectors = vectors;
  }

  private Dataset<Row> vectorsOf(String role) {
    return context
        .read(vectors, Tables.VECTORS)
        .filter(col("role").equalTo(role))
        .select("content_hash", "vector");
  }

  /** dataset, doc_id, vector. */
  Dataset<Row> documentVectors(Dataset<Row> documents) {
    return documents
        .select(col("dataset"), col("doc_id"), Texts.hash(Texts.ofDocument()).as("content_hash"))
        .join(vectorsOf("document"), "content_hash")
        .select("dataset", "doc_id", "vector");
  }

  /** dataset, query_id, vector. */
  Dataset<Row> queryVectors(Dataset<Row> queries) {
    return queries
        .select(col("dataset"), col("query_id"), Texts.hash(col("text")).as("content_hash"))
        .join(vectorsOf("query"), "content_hash")
        .select("dataset", "query_id", "vector");
  }

  /** The candidates with their filter scores. */
  Dataset<Row> of(Dataset<Row> candidates) {
    Dataset<Row> queries =
        queryVectors(context.read(normalForm, Tables.QUERIES))
            .withColumnRenamed("vector", "query_vector");
    Dataset<Row> documents = documentVectors(context.read(normalForm, Tables.DOCUMENTS));
    Dataset<Row> positives =
        scored(
                context
                    .read(normalForm, Tables.JUDGEMENTS)
                    .filter("grade > 0")
                    .select("dataset", "query_id", "doc_id"),
                queries,
                documents)
            .groupBy("dataset", "query_id")
            .agg(min("filter_score").as("filter_positive_score"));
    return scored(candidates, queries, documents)
        .join(positives, Columns.names("dataset", "query_id"), "left")
        .withColumn("round", lit(0))
        .withColumn("filter_digest", lit(vectors.inputs().get("model")));
  }

  private static Dataset<Row> scored(
      Dataset<Row> pairs, Dataset<Row> queries, Dataset<Row> documents) {
    Column products =
        zip_with(col("query_vector"), col("vector"), (a, b) -> a.cast("double").multiply(b));
    return pairs
        .join(queries, Columns.names("dataset", "query_id"))
        .join(documents, Columns.names("dataset", "doc_id"))
        .withColumn(
            "filter_score", aggregate(products, lit(0.0), (sum, product) -> sum.plus(product)))
        .drop("query_vector", "vector");
  }
}
