package dev.hone.normalize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.hone.normalize.source.SourceRows;
import dev.hone.table.DocumentText;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Brings one data set's rows into the tables of the normal form, each thing once. */
final class SourceForm {
  private SourceForm() {}

  /** The text of a document as models see it: title, a space and text, trimmed. */
  static Column whole() {
    return DocumentText.whole();
  }

  /** A table without rows. */
  static Dataset<Row> empty(SparkSession spark, TableDefinition table) {
    return spark.createDataFrame(List.of(), table.schema());
  }

  /**
   * Documents, one per id; of several with one id the least in title, text and domain stays, and
   * the least group and source; {@code conflict} says that there were other texts or groups.
   *
   * @param rows doc_id, title, text, domain, group_id, source
   */
  static Dataset<Row> documents(String dataset, Dataset<Row> rows) {
    // Hashes tell versions apart as texts do, but a shuffle with one text in place of three is
    // short.
    return rows.withColumn("version", expr("xxhash64(title is null, title, text)"))
        .groupBy("doc_id")
        .agg(
            expr("min(struct(title, text, domain)) as document"),
            expr("min(group_id) as group_id"),
            expr("min(source) as source"),
            expr(
                "min(version) != max(version)"
                    + " or coalesce(min(group_id) != max(group_id), false) as conflict"))
        .select(col("doc_id"), col("document.*"), col("group_id"), col("source"), col("conflict"))
        .withColumn("dataset", lit(dataset))
        .withColumn("parent_id", col("doc_id"))
        .withColumn("chunk", lit(0))
        .withColumn("content_hash", SourceColumns.hash(whole()))
        .select(Tables.DOCUMENTS.columnsBut("tokens"));
  }

  /**
   * Queries, one per id, in the strictest of its splits; of several texts with one id the least
   * stays, and {@code conflict} says that there were others.
   *
   * @param rows query_id, query, split, domain
   */
  static Dataset<Row> queries(String dataset, Dataset<Row> rows) {
    return rows.groupBy("query_id")
        .agg(
            expr("min(query) as text"),
            expr("min(xxhash64(query)) != max(xxhash64(query)) as conflict"),
            expr(SourceColumns.strictest("split") + " as split"),
            expr("min(domain) as domain"))
        .withColumn("dataset", lit(dataset))
        .withColumn("content_hash", SourceColumns.hash(col("text")))
        .withColumn("group_id", lit(null).cast("string"))
        .select(Tables.QUERIES.columnsBut("tokens"));
  }

  /**
   * Judgements, one per query and document: the highest grade wins, and {@code conflict} says
   * whether there was another.
   *
   * @param rows query_id, doc_id, grade, origin
   */
  static Dataset<Row> judgements(String dataset, Dataset<Row> rows) {
    return rows.groupBy("query_id", "doc_id")
        .agg(
            expr("max(struct(grade, origin)) as highest"),
            expr("count(distinct coalesce(grade, -1000000)) > 1 as conflict"))
        .select(
            lit(dataset).as("dataset"),
            col("query_id"),
            col("doc_id"),
            col("highest.grade").as("grade"),
            col("highest.origin").as("origin"),
            col("conflict"));
  }

  /**
   * Rows with a problem as rejects.
   *
   * @param rows with their place, {@code problem}, and the columns shown as the record
   */
  static Dataset<Row> rejects(
      String dataset, SourceRows source, Dataset<Row> rows, List<String> shown) {
    String record = "to_json(struct(" + String.join(", ", shown) + "))";
    return source
        .withPosition(rows.filter(col("problem").isNotNull()))
        .select(
            lit(dataset).as("dataset"),
            expr("url_decode(replace(regexp_extract(_file, '[^/]*$', 0), '+', '%2B'))")
                .as("source"),
            col("position"),
            when(col(SourceRows.CORRUPT).isNotNull(), source.unparsed())
                .otherwise(col("problem"))
                .as("reason"),
            expr("coalesce(_corrupt_record, " + record + ")")
                .substr(1, SourceRows.SHOWN)
                .as("record"));
  }
}
