package dev.hone.chain;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.hone.config.SourceConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.normalize.source.SourceRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/**
 * A source whose text column is encoded, read as the sources of data sets are.
 *
 * @param path file, folder or pattern
 * @param format any Spark data source
 * @param options the format's options
 * @param text the column with the texts
 * @param id the column with the rows' ids, where they have any
 */
public record TextSource(
    String path, String format, Map<String, String> options, String text, Optional<String> id) {
  private static final Map<String, String> ENDINGS =
      Map.of(
          "json", "json", "jsonl", "json", "ndjson", "json", "csv", "csv", "parquet", "parquet",
          "orc", "orc");

  /**
   * The format that a path's ending tells.
   *
   * @throws HoneException if it tells none
   */
  public static String formatOf(String path) {
    String name = path.toLowerCase(Locale.ROOT).replaceFirst("/+$", "");
    name = name.replaceFirst("\\.(gz|bz2|zst)$", "");
    String format = ENDINGS.get(name.substring(name.lastIndexOf('.') + 1));
    if (format == null) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot tell the format of %s by its name. Name it with --format, such as --format json."
              .formatted(path));
    }
    return format;
  }

  /**
   * Reads the rows.
   *
   * @return file, block, number, unparsed, id where there is one, text
   * @throws HoneException if there is nothing to read, or no such column
   */
  public Dataset<Row> rows(SparkSession spark) {
    SourceRows source =
        SourceRows.open(
            spark,
            "the input",
            new SourceConfig(format, path, new TreeMap<>(options), List.of(), new TreeMap<>()));
    Dataset<Row> rows = source.rows(List.of(), "");
    if (names(rows).isEmpty()) {
      throw new HoneException(
          ErrorCode.INPUT,
          "Cannot encode %s: it holds no record. Name a file with one record at least."
              .formatted(path));
    }
    List<Column> columns = new ArrayList<>();
    columns.add(col(SourceRows.FILE).as("file"));
    columns.add(col(SourceRows.BLOCK).as("block"));
    columns.add(col(SourceRows.NUMBER).as("number"));
    columns.add(
        when(
                col(SourceRows.CORRUPT).isNotNull(),
                concat(lit(source.unparsed() + ": "), col(SourceRows.CORRUPT)))
            .as("unparsed"));
    id.ifPresent(name -> columns.add(column(rows, name, "--id-column").as("id")));
    columns.add(textColumn(rows).as("text"));
    return rows.select(columns.toArray(Column[]::new));
  }

  /** The source's own columns. */
  private static List<String> names(Dataset<Row> rows) {
    return Arrays.stream(rows.columns()).filter(one -> !SourceRows.PLACES.contains(one)).toList();
  }

  private Column textColumn(Dataset<Row> rows) {
    Column column = column(rows, text, "--text-column");
    DataType type = rows.select(column).schema().apply(0).dataType();
    if (type instanceof StructType
        || type instanceof ArrayType
        || type instanceof MapType
        || type instanceof BinaryType) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot encode the column %s of %s: it holds %s, not text. Name a column of texts with --text-column."
              .formatted(text, path, type.simpleString()));
    }
    return column.cast("string");
  }

  /** A column by its name, or a field in one ({@code a.b}). */
  private Column column(Dataset<Row> rows, String name, String option) {
    if (Arrays.stream(rows.columns()).anyMatch(name::equalsIgnoreCase)) {
      return rows.col("`" + name.replace("`", "``") + "`");
    }
    try {
      Column nested = functions.col(name);
      rows.select(nested);
      return nested;
    } catch (Exception e) { // AnalysisException is checked, but Java cannot know it
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "There is no column %s in %s, which has %s. Name one of them with %s."
              .formatted(name, path, names(rows), option),
          e);
    }
  }
}
