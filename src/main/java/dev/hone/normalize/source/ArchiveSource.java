package dev.hone.normalize.source;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.from_xml;
import static org.apache.spark.sql.functions.when;

import dev.hone.config.SourceConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.GlobPattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * XML and JSON files in tar archives: Hone reads the members, Spark parses their records as it
 * parses files. A record's file is the archive and the member, with an exclamation mark between.
 */
final class ArchiveSource {
  private static final List<String> ENDINGS = List.of(".tar", ".tar.gz", ".tgz");
  private static final Pattern UNKNOWN =
      Pattern.compile("\\.(tar\\.\\w+(?<!\\.gz)|tbz2?|txz|zip|7z|rar)$", Pattern.CASE_INSENSITIVE);
  private static final List<String> FORMATS = List.of("xml", "json");
  private static final String VALUE = "_value";
  private static final String BROKEN = "_broken";
  private static final String PARSED = "_parsed";
  private static final Set<String> OWN =
      Set.of(SourceRows.FILE, SourceRows.BLOCK, SourceRows.NUMBER, SourceRows.CORRUPT);
  private static final StructType TEXTS =
      StructType.fromDDL(SourceRows.FILE + " STRING, " + VALUE + " STRING, " + BROKEN + " STRING");

  private final SourceConfig source;
  private final Map<String, String> options;

  /**
   * An archive, or several.
   *
   * @param options the format's, as for files
   */
  ArchiveSource(SourceConfig source, Map<String, String> options) {
    this.source = source;
    this.options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    this.options.putAll(options);
  }

  /**
   * Refuses archives that cannot be read, in place of reading them as if they were files.
   *
   * @throws HoneException if a path's ending is that of such an archive
   */
  static void refuseUnknown(String path) {
    if (UNKNOWN.matcher(path).find()) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Archives of this kind are not read: %s. Read are %s; unpack it and name the folder."
              .formatted(path, String.join(", ", ENDINGS)));
    }
  }

  /** Whether a path names archives. */
  static boolean isArchive(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(lower::endsWith);
  }

  /** The records of all archives, with their file and what is broken of them. */
  Dataset<Row> load(SparkSession spark) throws IOException {
    ArchiveFormat format = format();
    List<String> files = SourceFiles.at(source.path(), spark.sparkContext().hadoopConfiguration());
    Dataset<Row> texts = FileRows.of(spark, files, TEXTS, format);
    StructType schema = schema(spark, texts);
    return columns(parsed(texts, schema), schema);
  }

  private ArchiveFormat format() {
    if (!FORMATS.contains(source.format())) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Format %s reads no archives, only %s do. Unpack %s and name the folder."
              .formatted(source.format(), String.join(" and ", FORMATS), source.path()));
    }
    String rowTag = taken("rowTag");
    if (source.format().equals("xml") && rowTag.isEmpty()) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Format xml needs the name of the element that is a record. Set options { rowTag = ... }.");
    }
    String encoding = taken("encoding");
    SourceFiles.checkEncoding(encoding.isEmpty() ? StandardCharsets.UTF_8.name() : encoding);
    String names = taken("pathGlobFilter");
    boolean multiLine = Boolean.parseBoolean(taken("multiLine"));
    return new ArchiveFormat(rowTag, encoding, names.isEmpty() ? "*" : names, multiLine);
  }

  private String taken(String option) {
    return options.getOrDefault(option, "").strip();
  }

  /**
   * As configured, or as Spark infers it from all records. The column of what is broken is the
   * last: from_xml shifts the columns that follow it.
   */
  private StructType schema(SparkSession spark, Dataset<Row> texts) {
    String ddl = source.options().get(SourceRows.SCHEMA);
    StructType schema = ddl == null ? inferred(spark, texts) : StructType.fromDDL(ddl);
    StructField[] whole =
        Arrays.stream(schema.fields())
            .filter(field -> !field.name().equals(SourceRows.CORRUPT))
            .toArray(StructField[]::new);
    return new StructType(whole).add(SourceRows.CORRUPT, DataTypes.StringType);
  }

  private StructType inferred(SparkSession spark, Dataset<Row> texts) {
    DataFrameReader reader = spark.read().options(options);
    Dataset<String> values = texts.filter(col(BROKEN).isNull()).select(VALUE).as(Encoders.STRING());
    return (isXml() ? reader.xml(values) : reader.json(values)).schema();
  }

  private boolean isXml() {
    return source.format().equals("xml");
  }

  private Dataset<Row> parsed(Dataset<Row> texts, StructType schema) {
    if (isXml()) {
      return texts.withColumn(PARSED, from_xml(col(VALUE), schema, options));
    }
    if (!Boolean.parseBoolean(taken("multiLine"))) {
      return texts.withColumn(PARSED, from_json(col(VALUE), schema, options));
    }
    Column array = from_json(col(VALUE), DataTypes.createArrayType(schema), options);
    return texts
        .withColumn("_array", array)
        .filter("_array is null or size(_array) > 0")
        .selectExpr("*", "explode_outer(_array) as " + PARSED);
  }

  private static Dataset<Row> columns(Dataset<Row> parsed, StructType schema) {
    List<Column> columns = new ArrayList<>();
    columns.add(col(SourceRows.FILE));
    for (String name : schema.fieldNames()) {
      if (!OWN.contains(name)) {
        columns.add(col(PARSED).getField(name).as(name));
      }
    }
    Column broken =
        coalesce(
            col(BROKEN),
            col(PARSED).getField(SourceRows.CORRUPT),
            when(col(PARSED).isNull(), col(VALUE)));
    columns.add(broken.as(SourceRows.CORRUPT));
    return parsed.select(columns.toArray(Column[]::new));
  }

  /** How one archive is read; {@code rowTag} is empty for JSON. */
  private record ArchiveFormat(String rowTag, String encoding, String names, boolean multiLine)
      implements FileRows.Format {
    @Override
    public FileRows.Records open(String file, InputStream stream) {
      GlobPattern pattern = new GlobPattern(names);
      return new MemberRows(this, file, new TarMembers(stream, pattern::matches))::next;
    }

    ArchiveMember member(InputStream content) {
      return rowTag.isEmpty()
          ? new JsonValues(
              content,
              encoding.isEmpty() ? StandardCharsets.UTF_8 : Charset.forName(encoding),
              multiLine)
          : new XmlElements(content, encoding, rowTag);
    }
  }

  /** The rows of one archive's members. */
  private static final class MemberRows {
    private final ArchiveFormat format;
    private final String archive;
    private final TarMembers members;
    private ArchiveMember member = Optional::empty;

    MemberRows(ArchiveFormat format, String archive, TarMembers members) {
      this.format = format;
      this.archive = archive;
      this.members = members;
    }

    Optional<Row> next() throws IOException {
      Optional<ArchiveMember.Value> value = member.next();
      while (value.isEmpty() && members.next()) {
        member = format.member(members.content());
        value = member.next();
      }
      return value.map(
          text -> RowFactory.create(archive + "!" + members.name(), text.value(), text.broken()));
    }
  }
}
