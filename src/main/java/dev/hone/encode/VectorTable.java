package dev.hone.encode;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.zip_with;

import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import dev.hone.text.TextRole;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Finds the vectors of documents, queries and texts in what one vectors step published, so that
 * their inner product is the model's own similarity.
 */
public final class VectorTable {
  private final Dataset<Row> vectors;

  /** The vectors of a commit. */
  public VectorTable(StageContext context, Commit commit) {
    Dataset<Row> published =
        context.read(commit, Tables.VECTORS).select("role", "content_hash", "vector");
    boolean unitLength = Boolean.parseBoolean(commit.keys().get(VectorsStage.UNIT_LENGTH));
    this.vectors =
        unitLength ? published.map(new UnitLength(), Encoders.row(published.schema())) : published;
  }

  private VectorTable(Dataset<Row> vectors) {
    this.vectors = vectors;
  }

  /** The same vectors in their first dimensions; see {@link StoredVectors#shortened}. */
  public VectorTable shortened(int dimensions) {
    return new VectorTable(StoredVectors.shortened(vectors, dimensions));
  }

  /** Brings the vector of a row (role, content_hash, vector) to length 1. */
  private record UnitLength() implements MapFunction<Row, Row> {
    @Override
    public Row call(Row row) {
      return RowFactory.create(
          row.get(0), row.get(1), Quantization.normalized(StoredForm.floats(row, 2)));
    }
  }

  private Dataset<Row> of(TextRole role) {
    return vectors.filter(col("role").equalTo(role.label())).select("content_hash", "vector");
  }

  /** dataset, doc_id, vector of rows of {@code documents}. */
  public Dataset<Row> documents(Dataset<Row> documents) {
    return documents
        .select(col("dataset"), col("doc_id"), Texts.hash(Texts.ofDocument()).as("content_hash"))
        .join(of(TextRole.DOCUMENT), "content_hash")
        .select("dataset", "doc_id", "vector");
  }

  /** dataset, query_id, vector of rows of {@code queries}. */
  public Dataset<Row> queries(Dataset<Row> queries) {
    return queries
        .select(col("dataset"), col("query_id"), Texts.hash(col("text")).as("content_hash"))
        .join(of(TextRole.QUERY), "content_hash")
        .select("dataset", "query_id", "vector");
  }

  /** The rows with the vector of a text column added under another name. */
  public Dataset<Row> withText(Dataset<Row> rows, String text, String vector) {
    Dataset<Row> named = of(TextRole.DOCUMENT).toDF("hash_of_" + vector, vector);
    return rows.join(named, Texts.hash(col(text)).equalTo(col("hash_of_" + vector)))
        .drop("hash_of_" + vector);
  }

  /** Inner product of two vector columns, added up in float64 in the order of dimensions. */
  public static Column product(String a, String b) {
    return aggregate(
        zip_with(col(a), col(b), (x, y) -> x.cast("double").multiply(y)),
        lit(0.0),
        (sum, product) -> sum.plus(product));
  }
}
