package dev.hone.mine;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;

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

  /** The candidates with their filter scores. */
  Dataset<Row> of(Dataset<Row> candidates) {
    Dataset<Row> queries =
        table
            .queries(context.read(normalForm, Tables.QUERIES))
            .withColumnRenamed("vector", "query_vector");
    Dataset<Row> documents = table.documents(context.read(normalForm, Tables.DOCUMENTS));
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
    return pairs
        .join(queries, Columns.names("dataset", "query_id"))
        .join(documents, Columns.names("dataset", "doc_id"))
        .withColumn("filter_score", VectorTable.product("query_vector", "vector"))
        .drop("query_vector", "vector");
  }
}
