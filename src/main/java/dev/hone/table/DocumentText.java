package dev.hone.table;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.trim;

import dev.hone.config.DocumentField;
import org.apache.spark.sql.Column;

/** The text of a document as every model and search sees it. */
public final class DocumentText {
  private DocumentText() {}

  /** One field of a document; over the columns of {@code documents}. */
  public static Column of(DocumentField field) {
    return switch (field) {
      case WHOLE -> whole();
      case TITLE -> coalesce(col("title"), lit(""));
      case TEXT -> col("text");
    };
  }

  /** Title, a space and text, trimmed (BEIR); over the columns of {@code documents}. */
  public static Column whole() {
    return trim(concat(coalesce(concat(col("title"), lit(" ")), lit("")), col("text")));
  }
}
