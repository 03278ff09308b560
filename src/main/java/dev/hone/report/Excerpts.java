package dev.hone.report;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;

/** What readers of examples share: few rows by id, and the beginnings of texts. */
final class Excerpts {
  private static final int TEXT_LENGTH = 320;

  private Excerpts() {}

  /** A text, or its first {@value #TEXT_LENGTH} characters and an ellipsis; null is empty. */
  static Column of(Column column) {
    Column text = coalesce(column, lit(""));
    Column cut = concat_ws("", substring(text, 1, TEXT_LENGTH), lit("\u2026"));
    return when(length(text).gt(TEXT_LENGTH), cut).otherwise(text);
  }

  /** Whether the column {@code dataset} and another name one of some ids. */
  static Column among(String idColumn, Collection<TextKey> keys) {
    Column any = lit(false);
    Map<String, List<String>> ids = new TreeMap<>();
    for (TextKey key : keys) {
      ids.computeIfAbsent(key.dataset(), dataset -> new ArrayList<>()).add(key.id());
    }
    for (Map.Entry<String, List<String>> dataset : ids.entrySet()) {
      Column one =
          col("dataset")
              .equalTo(dataset.getKey())
              .and(col(idColumn).isin(dataset.getValue().toArray()));
      any = any.or(one);
    }
    return any;
  }
}
