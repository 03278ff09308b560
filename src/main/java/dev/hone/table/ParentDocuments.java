package dev.hone.table;

import static org.apache.spark.sql.functions.col;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Chunks seen as the documents that they were cut from: what rankings and metrics speak of. */
public final class ParentDocuments {
  private ParentDocuments() {}

  /**
   * Judgements with the parents' ids, each once with its highest grade.
   *
   * @param judgements dataset, query_id, doc_id, grade
   * @param documents as {@link Tables#DOCUMENTS}
   * @return dataset, query_id, doc_id, grade
   */
  public static Dataset<Row> judgements(Dataset<Row> judgements, Dataset<Row> documents) {
    return judgements
        .join(
            documents.select("dataset", "doc_id", "parent_id"), Columns.names("dataset", "doc_id"))
        .groupBy(col("dataset"), col("query_id"), col("parent_id").as("doc_id"))
        .agg(functions.max("grade").as("grade"));
  }

  /** The first chunk of each document, with the document's id. */
  public static Dataset<Row> documents(Dataset<Row> documents) {
    return documents.filter("chunk = 0").withColumn("doc_id", col("parent_id"));
  }
}
