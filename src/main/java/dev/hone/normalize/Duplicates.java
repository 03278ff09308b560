package dev.hone.normalize;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import dev.hone.table.Columns;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** Makes one of documents, and one of queries, that have ids of their own but equal text. */
final class Duplicates {
  private Duplicates() {}

  /** The form with the least id of each text; judgements follow, and the highest grade wins. */
  static NormalForm merged(NormalForm form) {
    Dataset<Row> documentIds = kept(form.documents(), "doc_id");
    Dataset<Row> queryIds = kept(form.queries(), "query_id");
    Dataset<Row> documents =
        form.documents()
            .join(documentIds, Columns.names("dataset", "doc_id"))
            .filter("doc_id = kept")
            .withColumn("group_id", col("group"))
            .drop("kept", "group")
            .persist(StorageLevel.DISK_ONLY());
    Dataset<Row> judgements =
        renamed(renamed(form.judgements(), documentIds, "doc_id"), queryIds, "query_id");
    return form.with(
        documents, queries(form.queries(), queryIds), highest(judgements), List.of(documents));
  }

  /** dataset, id, and the id that stands for its text, with the text's least group. */
  private static Dataset<Row> kept(Dataset<Row> rows, String id) {
    Dataset<Row> least =
        rows.groupBy("dataset", "content_hash")
            .agg(expr("min(" + id + ")").as("kept"), expr("min(group_id)").as("group"));
    return rows.select("dataset", id, "content_hash")
        .join(least, Columns.names("dataset", "content_hash"))
        .select("dataset", id, "kept", "group");
  }

  private static Dataset<Row> queries(Dataset<Row> queries, Dataset<Row> ids) {
    Dataset<Row> splits =
        queries
            .join(ids, Columns.names("dataset", "query_id"))
            .groupBy("dataset", "kept")
            .agg(expr(SourceColumns.strictest("split")).as("split"))
            .withColumnRenamed("kept", "query_id");
    return queries.drop("split").join(splits, Columns.names("dataset", "query_id"));
  }

  private static Dataset<Row> renamed(Dataset<Row> judgements, Dataset<Row> ids, String id) {
    return judgements
        .join(ids, Columns.names("dataset", id), "left")
        .withColumn(id, coalesce(col("kept"), col(id)))
        .drop("kept", "group");
  }

  private static Dataset<Row> highest(Dataset<Row> judgements) {
    return judgements
        .groupBy("dataset", "query_id", "doc_id")
        .agg(
            expr("max(struct(grade, origin)) as highest"),
            expr("bool_or(conflict) or count(distinct coalesce(grade, -1000000)) > 1 as conflict"))
        .selectExpr("dataset", "query_id", "doc_id", "highest.grade", "highest.origin", "conflict");
  }
}
