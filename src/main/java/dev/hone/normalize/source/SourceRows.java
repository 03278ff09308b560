package dev.hone.normalize.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.udf;

import dev.hone.config.SourceConfig;
import dev.hone.config.SourceRole;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
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
public final class SourceRows {
  /** The path that a record came from. */
  public static final String FILE = "_file";

  /** What cannot be parsed, or null. */
  public static final String CORRUPT = "_corrupt_record";

  /** Where the piece of the file begins that a record was read with. */
  public static final String BLOCK = "_block";

  /** Rises along the records of a piece. */
  public static final String NUMBER = "_number";

  /** Characters of a refused record that are kept. */
  public static final int SHOWN = 500;

  /** The first folder below the source's root that its file lies in, or the file's name. */
  public static final String PART = "_source_part";

  /** The columns beside the source's own. */
  public static final Set<String> PLACES = Set.of(FILE, BLOCK, NUMBER, CORRUPT, PART);

  /** The option with the columns and their types. */
  static final String SCHEMA = "schema";

  /** The split whose path a record was read from; only where the source names paths by split. */
  public static final String SPLIT = "_split";

  private static final Map<String, Map<String, String>> DEFAULTS =
      Map.of("csv", Map.of("header", "true", "multiLine", "true", "escape", "\""));
  private static final List<String> PARSED = List.of("csv", "json", "xml");

  private final String place;
  private final SourceRole role;
  private final SourceConfig source;
  private final Dataset<Row> records;

  private SourceRows(String place, SourceRole role, SourceConfig source, Dataset<Row> records) {
    this.place = place;
    this.role = role;
    this.source = source;
    this.records = records;
  }

  /**
   * Opens a source.
   *
   * @param place what messages call it, such as {@code data set medquad, source}
   * @throws HoneException if there is nothing at its path, or Spark cannot read the format
   */
  public static SourceRows open(SparkSession spark, String place, SourceConfig source) {
    return open(spark, place, SourceRole.ROWS, source);
  }

  /**
   * Opens a source whose records are what the role says.
   *
   * @throws HoneException if there is nothing at its path, or the format cannot be read
   */
  public static SourceRows open(
      SparkSession spark, String place, SourceRole role, SourceConfig source) {
    try {
      Dataset<Row> numbered =
          placed(spark, role, source)
              .withColumn(CORRUPT, col(CORRUPT).substr(1, SHOWN))
              .withColumn(NUMBER, monotonically_increasing_id());
      return new SourceRows(place, role, source, numbered);
    } catch (HoneException e) {
      throw new HoneException(e.code(), "Cannot read " + place + ". " + e.getMessage(), e);
    } catch (Exception e) {
      throw refused(ErrorCode.INPUT, "Cannot read " + place + " (" + source.places() + ")", e);
    }
  }

  /** The records with their places, but for their numbers; of several paths, of all of them. */
  private static Dataset<Row> placed(SparkSession spark, SourceRole role, SourceConfig source)
      throws IOException {
    if (!source.namesSplits()) {
      return withPart(placed(spark, role, source, schema(spark, source)), source.path());
    }
    boolean hasOwnHeader = source.format().equals("csv");
    StructType shared = hasOwnHeader ? null : schema(spark, source);
    Dataset<Row> all = null;
    for (Map.Entry<String, String> one : source.paths().entrySet()) {
      SourceConfig path = source.at(one.getValue());
      Dataset<Row> rows =
          withPart(
                  placed(spark, role, path, hasOwnHeader ? schema(spark, path) : shared),
                  path.path())
              .withColumn(SPLIT, lit(one.getKey()));
      all = all == null ? rows : all.unionByName(rows, true /* archives may show other columns */);
    }
    return all;
  }

  private static Dataset<Row> withPart(Dataset<Row> placed, String path) throws IOException {
    if (path.isEmpty()) { // no file source, such as jdbc
      return placed.withColumn(PART, lit(null).cast(DataTypes.StringType));
    }
    SourceParts parts =
        SourceParts.below(path, placed.sparkSession().sparkContext().hadoopConfiguration());
    return placed.withColumn(PART, udf(parts, DataTypes.StringType).apply(col(FILE)));
  }

  private static Dataset<Row> placed(
      SparkSession spark, SourceRole role, SourceConfig source, StructType schema)
      throws IOException {
    ArchiveSource.refuseUnknown(source.path());
    if (ArchiveSource.isArchive(source.path())) {
      return new ArchiveSource(source, options(source)).load(spark).withColumn(BLOCK, lit(0L));
    }
    if (source.isTrec()) {
      return TrecSource.load(spark, role, source).withColumn(BLOCK, lit(0L));
    }
    DataFrameReader reader = reader(spark, source);
    if (schema != null) {
      reader = reader.schema(schema);
    }
    if (CsvRows.namesColumns(source, schema)) {
      reader =
          reader.option("enforceSchema", false); // each file's header must be that of the first
    }
    Dataset<Row> placed = withPlace(reader.load(source.allPaths().toArray(String[]::new)));
    return source.format().equals("csv")
        ? CsvRows.unclosed(placed, schema, options(source))
        : placed;
  }

  /** The columns that the configuration names or the files show; null where the format knows. */
  private static StructType schema(SparkSession spark, SourceConfig source) {
    String ddl = source.options().get(SCHEMA);
    boolean isParsed = PARSED.contains(source.format());
    List<String> paths = source.allPaths().stream().filter(path -> !isOwn(source, path)).toList();
    boolean isOwn = paths.isEmpty() && !source.allPaths().isEmpty();
    if (isOwn || (ddl == null && !isParsed && !source.namesSplits())) {
      return null;
    }
    StructType schema =
        ddl == null
            ? reader(spark, source).load(paths.toArray(String[]::new)).schema()
            : StructType.fromDDL(ddl);
    return isParsed && !Arrays.asList(schema.fieldNames()).contains(CORRUPT)
        ? schema.add(CORRUPT, DataTypes.StringType)
        : schema;
  }

  /** Whether Hone reads a path itself, Spark having no source for it. */
  private static boolean isOwn(SourceConfig source, String path) {
    return source.isTrec() || ArchiveSource.isArchive(path);
  }

  private static DataFrameReader reader(SparkSession spark, SourceConfig source) {
    return spark.read().format(source.format()).options(options(source));
  }

  private static Map<String, String> options(SourceConfig source) {
    Map<String, String> options = new TreeMap<>(DEFAULTS.getOrDefault(source.format(), Map.of()));
    options.putAll(source.options());
    options.remove(SCHEMA);
    if (source.format().equals("json") && source.options().containsKey("encoding")) {
      options.putIfAbsent("lineSep", "\n"); // Spark finds no line's end in other encodings
    }
    options.put("mode", "PERMISSIVE");
    options.put("columnNameOfCorruptRecord", CORRUPT);
    return options;
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
    return placed;
  }

  /** Why a record is refused that cannot be parsed. */
  public String unparsed() {
    if (source.isTrec()) {
      return TrecSource.unparsed(role);
    }
    if (source.format().equals("csv")) {
      return "the record cannot be parsed; where a quote in it is not closed, nor can what follows it";
    }
    if (!source.format().equals("xml")) {
      return "the record cannot be parsed";
    }
    return source.allPaths().stream().anyMatch(ArchiveSource::isArchive)
        ? "the record cannot be parsed; where the file is not well-formed, nor can what follows it"
        : "the record cannot be parsed, nor can what follows it in its file";
  }

  /** Whether the configuration itself names a column; a source may bring one of that name too. */
  public boolean names(String column) {
    return source.columns().containsKey(column);
  }

  /** Whether the rows will have a column, named by the configuration or the source's own. */
  public boolean has(String column) {
    return Arrays.stream(rows(List.of(), "").columns()).anyMatch(column::equalsIgnoreCase);
  }

  /**
   * The rows that generators, columns and condition make of the records. What cannot be parsed
   * stays, whatever the condition says.
   *
   * @param required columns that there must be
   * @throws HoneException if an expression does not fit the source
   */
  public Dataset<Row> rows(List<String> required, String where) {
    try {
      Dataset<Row> exploded = exploded();
      Dataset<Row> rows = exploded.select(columns(exploded));
      requireColumns(required, rows);
      return where.isBlank() ? rows : rows.filter(col(CORRUPT).isNotNull().or(expr(where)));
    } catch (HoneException e) {
      throw e;
    } catch (Exception e) {
      throw refused(ErrorCode.CONFIGURATION, "Cannot make the rows of " + place, e);
    }
  }

  /** What cannot be parsed has no arrays to make rows of, and stays as it is. */
  private Dataset<Row> exploded() {
    if (source.explode().isEmpty()) {
      return records;
    }
    Dataset<Row> rows = records.filter(col(CORRUPT).isNull());
    for (String generator : source.explode()) {
      rows = rows.selectExpr("*", generator);
    }
    return rows.unionByName(unparsedRecords(), true);
  }

  /**
   * Spark refuses to read a file for what it cannot parse alone, so a column of the data is named
   * too, in a condition that always holds.
   */
  private Dataset<Row> unparsedRecords() {
    Column always =
        Arrays.stream(records.columns())
            .filter(name -> !PLACES.contains(name))
            .map(name -> column(records, name).isNull())
            .findFirst()
            .orElse(lit(true))
            .or(col(NUMBER).geq(0));
    return records.filter(col(CORRUPT).isNotNull().and(always));
  }

  private static Column column(Dataset<Row> rows, String name) {
    return rows.col("`" + name.replace("`", "``") + "`");
  }

  private Column[] columns(Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>();
    Set<String> named = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    named.addAll(source.columns().keySet());
    for (String name : rows.columns()) {
      if (!named.contains(name)) {
        columns.add(column(rows, name));
      }
    }
    source.columns().forEach((name, expression) -> columns.add(expr(expression).as(name)));
    return columns.toArray(Column[]::new);
  }

  private void requireColumns(List<String> required, Dataset<Row> rows) {
    Set<String> present = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    present.addAll(Arrays.asList(rows.columns()));
    if (!required.isEmpty() && present.stream().allMatch(one -> one.startsWith("_"))) {
      throw new HoneException(
          ErrorCode.INPUT,
          "Cannot make the rows of %s: there is no column in %s. The file is empty; have it again from its source."
              .formatted(place, source.places()));
    }
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
  public Dataset<Row> withPosition(Dataset<Row> rows) {
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
