package dev.hone.mine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;

import dev.hone.encode.Texts;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.Tables;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;

/** Documents that the data itself says are wrong answers, in an order by hash, without scores. */
final class JudgedDocuments {
  private final StageContext context;
  private final Commit normalForm;
  private final MinerSearch search;

  JudgedDocuments(StageContext context, Commit normalForm, MinerSearch search) {
    this.context = context;
    this.normalForm = normalForm;
    this.search = search;
  }

  /** What is graded 0 for a query. */
  Dataset<Row> given() {
    Dataset<Row> rows =
        judgements()
            .filter("grade = 0")
            .join(search.queries(), Columns.names("dataset", "query_id"), "left_semi")
            .withColumn("step", lit(0));
    return ranked(rows);
  }

  /**
   * By content over all data sets, in this order: what is graded 0 for the query's text; what the
   * query's text contradicts, since a contradiction has no direction; what contradicts an answer to
   * the query.
   */
  Dataset<Row> contradicting() {
    Dataset<Row> texts =
        context
            .read(normalForm, Tables.DOCUMENTS)
            .select(
                col("dataset"), col("doc_id"), Texts.hash(Texts.ofDocument()).as("document_hash"));
    Dataset<Row> queries =
        context
            .read(normalForm, Tables.QUERIES)
            .select(col("dataset"), col("query_id"), Texts.hash(col("text")).as("query_hash"));
    Dataset<Row> byContent =
        judgements()
            .join(texts, Columns.names("dataset", "doc_id"))
            .join(queries, Columns.names("dataset", "query_id"))
            .select("query_hash", "document_hash", "grade", "origin");
    Dataset<Row> wrong = byContent.filter("grade = 0").select("query_hash", "document_hash");
    Dataset<Row> contradictions =
        byContent.filter("origin = 'contradiction'").select("query_hash", "document_hash");
    Dataset<Row> links =
        links(wrong, 1)
            .union(links(contradictions.select("document_hash", "query_hash"), 2))
            .union(links(ofAnswers(byContent, contradictions), 3));
    return ranked(
        queries
            .join(search.queries(), Columns.names("dataset", "query_id"), "left_semi")
            .join(links, "query_hash")
            .join(texts, Columns.names("dataset", "document_hash")));
  }

  /** From a query's text to the texts that contradict an answer to it. */
  private static Dataset<Row> ofAnswers(Dataset<Row> byContent, Dataset<Row> contradictions) {
    Dataset<Row> answers =
        byContent.filter("grade > 0").select(col("query_hash").as("asked"), col("document_hash"));
    Dataset<Row> contradicted = contradictions.toDF("answer_hash", "contradicting_hash");
    return answers
        .join(contradicted, col("document_hash").equalTo(col("answer_hash")))
        .select("asked", "contradicting_hash");
  }

  private static Dataset<Row> links(Dataset<Row> pairs, int step) {
    return pairs.toDF("query_hash", "document_hash").withColumn("step", lit(step));
  }

  private Dataset<Row> judgements() {
    return context.read(normalForm, Tables.JUDGEMENTS);
  }

  private static Dataset<Row> ranked(Dataset<Row> rows) {
    Column hash = Texts.hash(concat_ws("\u0001", col("query_id"), col("doc_id")));
    Column rank =
        row_number()
            .over(
                Window.partitionBy("dataset", "query_id")
                    .orderBy(col("step"), hash, col("doc_id")));
    return rows.groupBy("dataset", "query_id", "doc_id")
        .agg(min("step").as("step"))
        .select(
            col("dataset"),
            col("query_id"),
            col("doc_id"),
            rank.as("rank"),
            lit(null).cast(DataTypes.DoubleType).as("score"));
  }
}
