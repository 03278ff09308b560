package dev.hone.mine;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.hone.encode.Texts;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.Tables;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What must never be a negative whatever its score: what answers the query's text in any data set,
 * by content and by group, the query's own text, and what belongs to queries outside training.
 */
final class KnownAnswers {
  private final StageContext context;
  private final Commit normalForm;

  KnownAnswers(StageContext context, Commit normalForm) {
    this.context = context;
    this.normalForm = normalForm;
  }

  /** The candidates with the columns known_positive, own_text and held_out. */
  Dataset<Row> mark(Dataset<Row> candidates) {
    Dataset<Row> texts = documentTexts();
    Dataset<Row> queries = queryTexts();
    Dataset<Row> answers = answers(texts, queries);
    Dataset<Row> known = distinct(answers, "known", "query_hash", "document_hash");
    Dataset<Row> groups = distinct(answers, "group_known", "query_hash", "group_id");
    return candidates
        .join(texts, Columns.names("dataset", "doc_id"))
        .join(queries, Columns.names("dataset", "query_id"))
        .join(known, Columns.names("query_hash", "document_hash"), "left")
        .join(groups, Columns.names("query_hash", "group_id"), "left")
        .join(heldOut(texts), Columns.names("document_hash"), "left")
        .withColumn("known_positive", coalesce(col("known"), col("group_known"), lit(false)))
        .withColumn("own_text", col("query_hash").equalTo(col("document_hash")))
        .withColumn("held_out", coalesce(col("held_out"), lit(false)));
  }

  private Dataset<Row> documentTexts() {
    return context
        .read(normalForm, Tables.DOCUMENTS)
        .select(
            col("dataset"),
            col("doc_id"),
            Texts.hash(Texts.ofDocument()).as("document_hash"),
            col("group_id"));
  }

  private Dataset<Row> queryTexts() {
    return context
        .read(normalForm, Tables.QUERIES)
        .select(col("dataset"), col("query_id"), Texts.hash(col("text")).as("query_hash"));
  }

  /** Known answers over all data sets, by the contents of query and document. */
  private Dataset<Row> answers(Dataset<Row> texts, Dataset<Row> queries) {
    return context
        .read(normalForm, Tables.JUDGEMENTS)
        .filter("grade > 0 or grade is null")
        .join(texts, Columns.names("dataset", "doc_id"))
        .join(queries, Columns.names("dataset", "query_id"))
        .select("query_hash", "document_hash", "group_id");
  }

  /** The different values of some columns, none of them null, with a mark. */
  private static Dataset<Row> distinct(Dataset<Row> rows, String mark, String... columns) {
    return rows.select(Columns.of(columns)).na().drop().distinct().withColumn(mark, lit(true));
  }

  /** Queries outside training, of any data set, and their answers: no text of them is used. */
  private Dataset<Row> heldOut(Dataset<Row> texts) {
    Dataset<Row> queries =
        context
            .read(normalForm, Tables.QUERIES)
            .filter(col("split").isin("validation", "test"))
            .select(col("dataset"), col("query_id"), Texts.hash(col("text")).as("query_hash"));
    return context
        .read(normalForm, Tables.JUDGEMENTS)
        .filter("grade > 0")
        .join(queries, Columns.names("dataset", "query_id"))
        .join(texts, Columns.names("dataset", "doc_id"))
        .select("document_hash")
        .union(queries.select("query_hash"))
        .distinct()
        .withColumn("held_out", lit(true));
  }
}
