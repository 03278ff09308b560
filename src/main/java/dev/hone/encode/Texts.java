package dev.hone.encode;

import static org.apache.spark.sql.functions.sha2;

import dev.hone.table.DocumentText;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;

/** The text of a document as encoders and BM25 see it, and the hash that its vector is found by. */
public final class Texts {
  private Texts() {}

  /** Title, a space and text, trimmed (BEIR); over the columns of {@code documents}. */
  public static Column ofDocument() {
    return DocumentText.whole();
  }

  /** SHA-256 of a text's UTF-8 bytes. */
  public static Column hash(Column text) {
    return sha2(text.cast(DataTypes.BinaryType), 256);
  }
}
