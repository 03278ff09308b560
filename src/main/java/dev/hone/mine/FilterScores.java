package dev.hone.mine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;

import dev.hone.encode.VectorTable;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.Tables;
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
  private final VectorTable table;

  FilterScores(StageContext context, Commit normalForm, Commit vectors) {
    this.context = context;
    this.normalForm = normalForm;
    this.vectors = vectors;
    this.table = new VectorTable(context, vectors);
  }

  /** The candidates with their filter scores; a pair that several miners found is scored once. */
  Dataset<Row> of(Dataset<Row> candidates) {
    Dataset<Row> queries =
        table
            .queries(context.read(normalForm, Tables.QUERIES))
            .withColumnRenamed("vector", "query_vector");
    Dataset<Row> documents = table.documents(context.read(normalForm, Tables.DOCUMENTS));
    Dataset<Row> pairs = candidates.select("dataset", "query_id", "doc_id").distinct();
    return candidates
        .join(scored(pairs, queries, documents), Columns.names("dataset", "query_id", "doc_id"))
        .join(lowestPositives(queries, documents), Columns.names("dataset", "query_id"), "left")
        .withColumn("filter_digest", lit(MinerSearch.modelDigest(vectors)));
  }

  /** dataset, query_id, filter_positive_score, filter_positive_id; ties by id. */
  private Dataset<Row> lowestPositives(Dataset<Row> queries, Dataset<Row> documents) {
    Dataset<Row> positives =
        context
            .read(normalForm, Tables.JUDGEMENTS)
            .filter("grade > 0")
            .select("dataset", "query_id", "doc_id");
    return scored(positives, queries, documents)
        .groupBy("dataset", "query_id")
        .agg(min(struct("filter_score", "doc_id")).as("lowest"))
        .select(
            col("dataset"),
            col("query_id"),
            col("lowest.filter_score").as("filter_positive_score"),
            col("lowest.doc_id").as("filter_positive_id"));
  }

  private static Dataset<Row> scored(
      Dataset<Row> pairs, Dataset<Row> queries, Dataset<Row> documents) {
    return pairs
        .join(queries, Columns.names("dataset", "query_id"))
        .join(documents, Columns.names("dataset", "doc_id"))
        .withColumn("filter_score", VectorTable.product("query_vector", "vector"))
        .drop("query_vector", "vector");
  }
}
