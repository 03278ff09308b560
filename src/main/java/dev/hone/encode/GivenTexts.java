package dev.hone.encode;

import static org.apache.spark.sql.functions.col;

import dev.hone.store.Digests;
import dev.hone.text.TextRole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Encodes a few texts that stand in no table, such as those of a configuration. */
public final class GivenTexts {
  private static final StructType TEXTS =
      new StructType()
          .add("roles", DataTypes.createArrayType(DataTypes.StringType))
          .add("content_hash", DataTypes.StringType)
          .add("text", DataTypes.StringType);

  private final Map<String, float[]> vectors;

  private GivenTexts(Map<String, float[]> vectors) {
    this.vectors = vectors;
  }

  /**
   * Encodes texts on an executor.
   *
   * @param queries texts that take the query's prompt
   * @param documents texts that take the document's prompt
   */
  public static GivenTexts encoded(
      SparkSession spark, EncoderSpec encoder, List<String> queries, List<String> documents) {
    List<Row> texts = new ArrayList<>();
    new TreeSet<>(queries).forEach(text -> texts.add(row(TextRole.QUERY, text)));
    new TreeSet<>(documents).forEach(text -> texts.add(row(TextRole.DOCUMENT, text)));
    Map<String, float[]> vectors = new HashMap<>();
    try {
      Dataset<Row> encoded =
          TextEncoding.of(encoder, spark.createDataFrame(texts, TEXTS), texts.size());
      for (Row row :
          encoded.select(col("role"), col("content_hash"), col("vector")).collectAsList()) {
        vectors.put(row.getString(0) + row.getString(1), StoredForm.floats(row, 2));
      }
    } finally {
      EncoderHolder.ofThisProcess().release();
    }
    return new GivenTexts(vectors);
  }

  private static Row row(TextRole role, String text) {
    return RowFactory.create(new String[] {role.label()}, Digests.ofText(text), text);
  }

  /** The vector of one of the queries, as the model gives it. */
  public float[] query(String text) {
    return vectors.get(TextRole.QUERY.label() + Digests.ofText(text));
  }

  /** The vector of one of the documents, as the model gives it. */
  public float[] document(String text) {
    return vectors.get(TextRole.DOCUMENT.label() + Digests.ofText(text));
  }
}
