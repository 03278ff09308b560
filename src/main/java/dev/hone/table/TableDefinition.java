package dev.hone.table;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * One table's declared shape: its columns with comments, the version of that shape, the order of
 * rows within a file, and which columns measure time or machine.
 *
 * @param name the table's name in SQL
 * @param version raised whenever the columns change
 * @param schema the stored columns; {@code run_id} and {@code part} come from manifests and are
 *     never stored
 * @param key the columns that files are sorted by
 * @param volatileColumns the columns that differ between two runs of the same configuration
 */
public record TableDefinition(
    String name, int version, StructType schema, List<String> key, Set<String> volatileColumns) {

  /** Checks that the key and the volatile columns name columns of the schema. */
  public TableDefinition {
    List<String> names = Arrays.asList(schema.fieldNames());
    if (!names.containsAll(key) || !names.containsAll(volatileColumns)) {
      throw new IllegalArgumentException(
          "Table " + name + ": the key and the volatile columns must name columns of its schema");
    }
    key = List.copyOf(key);
    volatileColumns = Set.copyOf(volatileColumns);
  }

  /** The declared columns, in declared order and with declared types, for a {@code select}. */
  public Column[] columns() {
    return columnsBut();
  }

  /** The declared columns but those named, which are added later. */
  public Column[] columnsBut(String... absent) {
    return Arrays.stream(schema.fields())
        .filter(field -> !List.of(absent).contains(field.name()))
        .map(field -> functions.col(field.name()).cast(field.dataType()).as(field.name()))
        .toArray(Column[]::new);
  }

  /** The key as columns, for a sort. */
  public Column[] keyColumns() {
    return key.stream().map(functions::col).toArray(Column[]::new);
  }

  /** The columns that two runs of the same configuration agree on. */
  public Column[] stableColumns() {
    return Arrays.stream(schema.fields())
        .map(StructField::name)
        .filter(name -> !volatileColumns.contains(name))
        .map(functions::col)
        .toArray(Column[]::new);
  }
}
