package dev.hone.report;

import java.util.Comparator;
import org.apache.spark.sql.Row;

/** The id of a query or a document within a data set. */
record TextKey(String dataset, String id) implements Comparable<TextKey> {
  private static final Comparator<TextKey> ORDER =
      Comparator.comparing(TextKey::dataset).thenComparing(TextKey::id);

  /** The key in a row's first two columns. */
  static TextKey of(Row row) {
    return new TextKey(row.getString(0), row.getString(1));
  }

  @Override
  public int compareTo(TextKey other) {
    return ORDER.compare(this, other);
  }
}
