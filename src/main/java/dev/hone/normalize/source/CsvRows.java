package dev.hone.normalize.source;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import dev.hone.config.SourceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What goes wrong in CSV without a word: headers of another order, quotes that are not closed. */
final class CsvRows {
  /** Whole records inside one field from which on its quote counts as not closed. */
  private static final int SWALLOWED = 5;

  private CsvRows() {}

  /**
   * Whether the columns have the names of the header as they stand there, so that other files can
   * be held to it. Spark names a column by its place where the header has no name or one twice.
   */
  static boolean namesColumns(SourceConfig source, StructType schema) {
    if (!source.format().equals("csv")
        || source.options().containsKey(SourceRows.SCHEMA)
        || !source.options().getOrDefault("header", "true").equalsIgnoreCase("true")) {
      return false;
    }
    String[] names = schema.fieldNames();
    for (int place = 0; place < names.length; place++) {
      if (names[place].endsWith(String.valueOf(place))) {
        return false;
      }
    }
    return true;
  }

  /**
   * The rows, those broken that hold further records in one field: each line of it, but for the
   * first and the last, has as many separators as a record.
   */
  static Dataset<Row> unclosed(Dataset<Row> rows, StructType schema, Map<String, String> options) {
    String separator = options.getOrDefault("sep", options.getOrDefault("delimiter", ","));
    int separators = schema.length() - 2; // between columns, _corrupt_record left out
    if (separators < 1 || separator.length() != 1) {
      return rows;
    }
    List<Column> broken = new ArrayList<>(List.of(col(SourceRows.CORRUPT)));
    for (StructField field : schema.fields()) {
      if (field.dataType().equals(DataTypes.StringType)
          && !field.name().equals(SourceRows.CORRUPT)) {
        broken.add(broken(field.name(), separator, separators));
      }
    }
    return rows.withColumn(SourceRows.CORRUPT, coalesce(broken.toArray(Column[]::new)));
  }

  private static Column broken(String column, String separator, int separators) {
    String name = "`" + column.replace("`", "``") + "`";
    String quoted = separator.replace("\\", "\\\\").replace("'", "\\'");
    String inner = "slice(lines, 2, greatest(size(lines) - 2, 0))";
    return expr(
        ("if(instr(%1$s, '\n') > 0, try_element_at(filter(transform(array(split(%1$s, '\\\\R')),"
                + " lines -> if(size(lines) >= %2$d and forall(%3$s, line ->"
                + " length(line) - length(replace(line, '%4$s', '')) = %5$d), %1$s, null)),"
                + " found -> found is not null), 1), null)")
            .formatted(name, SWALLOWED + 2, inner, quoted, separators));
  }
}
