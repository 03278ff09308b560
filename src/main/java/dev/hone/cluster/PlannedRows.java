package dev.hone.cluster;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.posexplode_outer;
import static org.apache.spark.sql.functions.struct;

import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.DocumentText;
import dev.hone.table.Tables;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Puts texts to the plan's ids, and beside each query all that must not be its negative. */
final class PlannedRows {
  private static final String NO_VECTOR = "cast(null as array<float>)";

  private final StageContext context;
  private final Commit normalForm;
  private final Optional<GuideVectors> guide;
  private final Optional<TeacherScores> teacher;

  /**
   * Rows of a normal form.
   *
   * @param guide whose vectors stand beside the texts
   * @param teacher whose scores stand beside the documents
   */
  PlannedRows(
      StageContext context,
      Commit normalForm,
      Optional<GuideVectors> guide,
      Optional<TeacherScores> teacher) {
    this.context = context;
    this.normalForm = normalForm;
    this.guide = guide;
    this.teacher = teacher;
  }

  /**
   * The plan with its texts, in the order of steps and slots, in one partition per rank.
   *
   * @return step, slot, epoch, dataset, content_hash and text of the query, document, negatives
   *     (each a text, its groups, the guide's vector and the teacher's score), known (the groups of
   *     all that answers the query), score, null, and the guide's vector of the query; of a scored
   *     pair its first text, its second as the document, and the score. Vectors are null without a
   *     guide, a teacher's scores where it has none
   */
  Dataset<Row> of(Dataset<Row> planned) {
    return ranking(planned.filter("doc_id is not null"))
        .unionByName(scored(planned.filter("doc_id is null")))
        .repartition(1)
        .sortWithinPartitions("step", "slot");
  }

  private Dataset<Row> scored(Dataset<Row> planned) {
    Dataset<Row> pairs =
        context
            .read(normalForm, Tables.SCORED_PAIRS)
            .select(
                col("dataset"),
                col("pair_id").as("query_id"),
                col("text_a"),
                col("text_b"),
                col("score"));
    return planned
        .join(pairs, Columns.names("dataset", "query_id"))
        .selectExpr(
            "step",
            "slot",
            "epoch",
            "dataset",
            "cast(null as string) as content_hash",
            "text_a as text",
            "struct(text_b as text, cast(array() as array<string>) as groups, %s as vector, cast(null as double) as teacher) as document"
                .formatted(NO_VECTOR),
            "cast(array() as array<struct<text: string, groups: array<string>, vector: array<float>, teacher: double>>) as negatives",
            "cast(array() as array<string>) as known",
            "score",
            NO_VECTOR + " as vector");
  }

  private Dataset<Row> ranking(Dataset<Row> planned) {
    Dataset<Row> documents =
        guided(documents(), guide.map(GuideVectors::documents), "doc_id")
            .select(
                col("dataset"),
                col("doc_id"),
                struct(DocumentText.whole().as("text"), col("groups"), col("vector")).as("seen"));
    Dataset<Row> negatives =
        planned
            .select(
                col("step"),
                col("slot"),
                col("dataset"),
                col("query_id"),
                posexplode_outer(col("negatives")).as(new String[] {"place", "doc_id"}))
            .join(documents, Columns.names("dataset", "doc_id"))
            .transform(this::taught)
            .groupBy("step", "slot")
            .agg(
                expr("transform(array_sort(collect_list(struct(place, document))), x -> x.document)")
                    .as("negative_documents"));
    return planned
        .join(
            guided(queries(), guide.map(GuideVectors::queries), "query_id"),
            Columns.names("dataset", "query_id"))
        .join(documents, Columns.names("dataset", "doc_id"))
        .transform(this::taught)
        .join(negatives, Columns.names("step", "slot"), "left")
        .join(knownPositives(), Columns.names("content_hash"))
        .select(
            col("step"),
            col("slot"),
            col("epoch"),
            col("dataset"),
            col("content_hash"),
            col("text"),
            col("document"),
            expr("coalesce(negative_documents, array())").as("negatives"),
            col("known"),
            lit(null).cast("double").as("score"),
            col("vector"));
  }

  /** Rows of a query and a document with the teacher's score in {@code document}. */
  private Dataset<Row> taught(Dataset<Row> rows) {
    Dataset<Row> scored =
        teacher
            .map(
                scores ->
                    rows.join(
                        scores.scores().withColumnRenamed("score", "teacher"),
                        Columns.names("dataset", "query_id", "doc_id"),
                        "left"))
            .orElseGet(() -> rows.withColumn("teacher", lit(null).cast("double")));
    return scored.withColumn("document", expr("struct(seen.*, teacher)"));
  }

  /** Rows with what the guide makes of each. */
  private static Dataset<Row> guided(
      Dataset<Row> rows, Optional<Dataset<Row>> vectors, String key) {
    return vectors.isPresent()
        ? rows.join(vectors.get(), Columns.names("dataset", key), "left")
        : rows.withColumn("vector", expr(NO_VECTOR));
  }

  private Dataset<Row> queries() {
    return context
        .read(normalForm, Tables.QUERIES)
        .select("dataset", "query_id", "text", "content_hash");
  }

  /** Documents with {@code groups}: the content hash, and the group that they share, if any. */
  private Dataset<Row> documents() {
    return context
        .read(normalForm, Tables.DOCUMENTS)
        .withColumn("groups", array_compact(array(col("content_hash"), col("group_id"))));
  }

  /** For each query text, the groups of everything that answers it in any data set. */
  private Dataset<Row> knownPositives() {
    return context
        .read(normalForm, Tables.JUDGEMENTS)
        .filter("grade > 0")
        .join(documents().select("dataset", "doc_id", "groups"), Columns.names("dataset", "doc_id"))
        .join(queries(), Columns.names("dataset", "query_id"))
        .groupBy("content_hash")
        .agg(expr("array_distinct(flatten(collect_set(groups)))").as("known"));
  }
}
