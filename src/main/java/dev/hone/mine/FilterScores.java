package dev.hone.mine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;

import dev.hone.encode.PairScoring;
import dev.hone.encode.Texts;
import dev.hone.encode.VectorTable;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.Tables;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Scores of one model for the candidates of every miner, and for each query's lowest positive: what
 * margins compare. Close it once they are written.
 */
final class FilterScores implements AutoCloseable {
  private final StageContext context;
  private final Commit normalForm;
  private final FilterScorer scorer;
  private PairScoring.Scores crossEncoded;

  FilterScores(StageContext context, Commit normalForm, FilterScorer scorer) {
    this.context = context;
    this.normalForm = normalForm;
    this.scorer = scorer;
  }

  /** The candidates with their filter scores; a pair that several miners found is scored once. */
  Dataset<Row> of(Dataset<Row> candidates) {
    Dataset<Row> pairs = candidates.select("dataset", "query_id", "doc_id").distinct();
    Dataset<Row> positives = positives(pairs);
    if (scorer instanceof FilterScorer.OfPairs cross) {
      crossEncoded = PairScoring.of(cross.scorer(), texts(pairs.union(positives)));
    }
    return candidates
        .join(scored(pairs), Columns.names("dataset", "query_id", "doc_id"))
        .join(lowest(scored(positives)), Columns.names("dataset", "query_id"), "left")
        .withColumn("filter_digest", lit(scorer.modelDigest()));
  }

  /** The known positives of the candidates' queries with their scores; after {@link #of}. */
  Dataset<Row> ofPositives(Dataset<Row> candidates) {
    return scored(positives(candidates)).withColumn("filter_digest", lit(scorer.modelDigest()));
  }

  private Dataset<Row> positives(Dataset<Row> candidates) {
    return context
        .read(normalForm, Tables.JUDGEMENTS)
        .filter("grade > 0")
        .select("dataset", "query_id", "doc_id")
        .join(candidates, Columns.names("dataset", "query_id"), "left_semi");
  }

  /** dataset, query_id, filter_positive_score, filter_positive_id; ties by id. */
  private static Dataset<Row> lowest(Dataset<Row> positives) {
    return positives
        .groupBy("dataset", "query_id")
        .agg(min(struct("filter_score", "doc_id")).as("lowest"))
        .select(
            col("dataset"),
            col("query_id"),
            col("lowest.filter_score").as("filter_positive_score"),
            col("lowest.doc_id").as("filter_positive_id"));
  }

  /** The pairs (dataset, query_id, doc_id) with their filter_score. */
  private Dataset<Row> scored(Dataset<Row> pairs) {
    return scorer instanceof FilterScorer.OfVectors encoder
        ? multiplied(pairs, encoder.vectors())
        : crossEncoded(pairs);
  }

  private Dataset<Row> multiplied(Dataset<Row> pairs, Commit vectors) {
    VectorTable table = new VectorTable(context, vectors);
    Dataset<Row> queries =
        table
            .queries(context.read(normalForm, Tables.QUERIES))
            .withColumnRenamed("vector", "query_vector");
    Dataset<Row> documents = table.documents(context.read(normalForm, Tables.DOCUMENTS));
    return pairs
        .join(queries, Columns.names("dataset", "query_id"))
        .join(documents, Columns.names("dataset", "doc_id"))
        .withColumn("filter_score", VectorTable.product("query_vector", "vector"))
        .drop("query_vector", "vector");
  }

  private Dataset<Row> crossEncoded(Dataset<Row> pairs) {
    return texts(pairs)
        .withColumn("query_hash", Texts.hash(col("query")))
        .withColumn("document_hash", Texts.hash(col("document")))
        .join(crossEncoded.rows(), Columns.names("query_hash", "document_hash"))
        .select(col("dataset"), col("query_id"), col("doc_id"), col("score").as("filter_score"));
  }

  /** The pairs with their texts, query and document. */
  private Dataset<Row> texts(Dataset<Row> pairs) {
    Dataset<Row> queries =
        context
            .read(normalForm, Tables.QUERIES)
            .select(col("dataset"), col("query_id"), col("text").as("query"));
    Dataset<Row> documents =
        context
            .read(normalForm, Tables.DOCUMENTS)
            .select(col("dataset"), col("doc_id"), Texts.ofDocument().as("document"));
    return pairs
        .join(queries, Columns.names("dataset", "query_id"))
        .join(documents, Columns.names("dataset", "doc_id"));
  }

  @Override
  public void close() {
    if (crossEncoded != null) {
      crossEncoded.close();
    }
  }
}
