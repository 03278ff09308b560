package dev.hone.normalize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;

import dev.hone.config.SourceConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The records of one source: its own columns, those that the configuration makes of them, and where
 * each record stands.
 */
final class SourceRows {
  /** The path that a record came from. */
  static final String FILE = "_file";

  /** What cannot be parsed, or null. */
  static final String CORRUPT = "_corrupt_record";

  /** Where the piece of the file begins that a record was read with. */
  static final String BLOCK = "_block";

  /** Rises along the records of a piece. */
  static final String NUMBER = "_number";

  /** The split whose path a record was read from; only where the source names paths by split. */
  static final String SPLIT = "_split";

  private static final String SCHEMA = "schema";
  private static final Map<String, Map<String, String>> DEFAULTS =
      Map.of("csv", Map.of("header", "true", "multiLine", "true", "escape", "\""));
  private static final List<String> PARSED = List.of("csv", "json", "xml");

  private final String place;
  private final SourceConfig source;
  private final Dataset<Row> records;

  private SourceRows(String place, SourceConfig source, Dataset<Row> records) {
    this.place = place;
    this.source = source;
    this.records = records;
  }

  /**
   * Opens a source.
   *
   * @param place what messages call it, such as {@code data set medquad, source}
   * @throws HoneException if there is nothing at its path, or Spark cannot read the format
   */
  static SourceRows open(SparkSession spark, String place, SourceConfig source) {
    try {
      return new SourceRows(place, source, load(spark, source));
    } catch (Exception e) {
      throw refused(ErrorCode.INPUT, "Cannot read " + place + " (" + source.places() + ")", e);
    }
  }

  /** All records with their place; those of several paths in the columns of all of them. */
  private static Dataset<Row> load(SparkSession spark, SourceConfig source) {
    DataFrameReader reader = reader(spark, source);
    StructType schema = schema(spark, source);
    if (schema != null) {
      reader = reader.schema(schema);
    }
    if (!source.namesSplits()) {
      return withPlace(source.path().isEmpty() ? reader.load() : reader.load(source.path()));
    }
    Dataset<Row> all = null;
    for (Map.Entry<String, String> one : source.paths().entrySet()) {
      Dataset<Row> rows =
          withPlace(reader.load(one.getValue())).withColumn(SPLIT, lit(one.getKey()));
      all = all == null ? rows : all.unionByName(rows);
    }
    return all;
  }

  /** The columns that the configuration names or the files show; null where the format knows. */
  private static StructType schema(SparkSession spark, SourceConfig source) {
    String ddl = source.options().get(SCHEMA);
    boolean isParsed = PARSED.contains(source.format());
    if (ddl == null && !isParsed && !source.namesSplits()) {
      return null;
    }
    StructType schema = ddl == null ? inferred(spark, source) : StructType.fromDDL(ddl);
    return isParsed && !Arrays.asList(schema.fieldNames()).contains(CORRUPT)
        ? schema.add(CORRUPT, DataTypes.StringType)
        : schema;
  }

  private static StructType inferred(SparkSession spark, SourceConfig source) {
    DataFrameReader reader = reader(spark, source);
    if (source.namesSplits()) {
      return reader.load(source.paths().values().toArray(String[]::new)).schema();
    }
    return (source.path().isEmpty() ? reader.load() : reader.load(source.path())).schema();
  }

  private static DataFrameReader reader(SparkSession spark, SourceConfig source) {
    Map<String, String> options = new TreeMap<>(DEFAULTS.getOrDefault(source.format(), Map.of()));
    options.putAll(source.options());
    options.remove(SCHEMA);
    if (source.format().equals("json") && source.options().containsKey("encoding")) {
      options.putIfAbsent("lineSep", "\n"); // Spark finds no line's end in other encodings
    }
    options.put("mode", "PERMISSIVE");
    options.put("columnNameOfCorruptRecord", CORRUPT);
    return spark.read().format(source.format()).options(options);
  }

  private static Dataset<Row> withPlace(Dataset<Row> loaded) {
    Dataset<Row> placed;
    try {
      placed =
          loaded
              .withColumn(FILE, col("_metadata.file_path"))
              .withColumn(BLOCK, col("_metadata.file_block_start"));
    } catch (Exception e) { // no file source, such as jdbc
      placed = loaded.withColumn(FILE, lit("")).withColumn(BLOCK, lit(0L));
    }
    if (!Arrays.asList(placed.columns()).contains(CORRUPT)) {
      placed = placed.withColumn(CORRUPT, lit(null).cast(DataTypes.StringType));
    }
    return placed.withColumn(NUMBER, monotonically_increasing_id());
  }

  /** Why a record is refused that cannot be parsed. */
  String unparsed() {
    return source.format().equals("xml")
        ? "the record cannot be parsed, nor can what follows it in its file"
        : "the record cannot be parsed";
  }

  /** Whether the configuration itself names a column; a source may bring one of that name too. */
  boolean names(String column) {
    return source.columns().containsKey(column);
  }

  /** Whether the rows will have a column, named by the configuration or the source's own. */
  boolean has(String column) {
    return Arrays.stream(rows(List.of(), "").columns()).anyMatch(column::equalsIgnoreCase);
  }

  /**
   * The rows that generators, columns and condition make of the records. What cannot be parsed
   * stays, whatever the condition says.
   *
   * @param required columns that there must be
   * @throws HoneException if an expression does not fit the source
   */
  Dataset<Row> rows(List<String> required, String where) {
    Dataset<Row> rows = records;
    try {
      for (String generator : source.explode()) {
        rows = rows.selectExpr("*", generator);
      }
      rows = rows.select(columns(rows));
      requireColumns(required, rows);
      return where.isBlank() ? rows : rows.filter(col(CORRUPT).isNotNull().or(expr(where)));
    } catch (HoneException e) {
      throw e;
    } catch (Exception e) {
      throw refused(ErrorCode.CONFIGURATION, "Cannot make the rows of " + place, e);
    }
  }

  private Column[] columns(Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>();
    Set<String> named = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    named.addAll(source.columns().keySet());
    for (String name : rows.columns()) {
      if (!named.contains(name)) {
        columns.add(rows.col("`" + name.replace("`", "``") + "`"));
      }
    }
    source.columns().forEach((name, expression) -> columns.add(expr(expression).as(name)));
    return columns.toArray(Column[]::new);
  }

  private void requireColumns(List<String> required, Dataset<Row> rows) {
    Set<String> present = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    present.addAll(Arrays.asList(rows.columns()));
    for (String name : required) {
      if (!present.contains(name)) {
        throw new HoneException(
            ErrorCode.CONFIGURATION,
            "Cannot make the rows of %s: there is no column %s. Name a Spark SQL expression for it under columns; the source has %s."
                .formatted(
                    place,
                    name,
                    String.join(
                        ", ", present.stream().filter(one -> !one.startsWith("_")).toList())));
      }
    }
  }

  /**
   * Counts rejected rows' places from the start of their files: {@code record 17}, from 1.
   *
   * @param rows rows of this source with their place; read again only if there is any
   * @return the rows with a column {@code position}
   */
  Dataset<Row> withPosition(Dataset<Row> rows) {
    Dataset<Row> pieces =
        records.groupBy(FILE, BLOCK).agg(expr("min(_number) as first"), expr("count(*) as size"));
    Dataset<Row> starts =
        pieces.withColumn(
            "before",
            expr(
                "coalesce(sum(size) over (partition by _file order by _block rows between unbounded preceding and 1 preceding), 0)"));
    return rows.join(starts, dev.hone.table.Columns.names(FILE, BLOCK))
        .withColumn("position", expr("concat('record ', before + _number - first + 1)"));
  }

  private static HoneException refused(ErrorCode code, String what, Exception e) {
    String why =
        e instanceof AnalysisException analysis ? analysis.getSimpleMessage() : e.getMessage();
    return new HoneException(code, what + ": " + String.valueOf(why).strip(), e);
  }
}
