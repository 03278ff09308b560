package dev.hone.normalize.source;

import dev.hone.config.SourceConfig;
import dev.hone.config.SourceRole;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/** The files of TREC and of the collections before it: documents, topics and judgements. */
final class TrecSource {
  private static final String ENCODING = "encoding";
  private static final String PLACE =
      ", position INT, " + SourceRows.FILE + " STRING, " + SourceRows.CORRUPT + " STRING";

  private TrecSource() {}

  /** The records of a source in its role, with their file and what is broken of them. */
  static Dataset<Row> load(SparkSession spark, SourceRole role, SourceConfig source)
      throws IOException {
    List<String> files = SourceFiles.at(source.path(), spark.sparkContext().hadoopConfiguration());
    StructType schema = schema(role);
    return FileRows.of(
        spark, files, schema, new TrecFormat(role, encoding(source), List.of(schema.fieldNames())));
  }

  private static StructType schema(SourceRole role) {
    String columns =
        switch (role) {
          case DOCUMENTS ->
              "id STRING, title STRING, text STRING, authors STRING, source STRING, fields MAP<STRING, STRING>";
          case QUERIES ->
              "id STRING, text STRING, title STRING, description STRING, narrative STRING, fields MAP<STRING, STRING>";
          case QRELS -> "query_id STRING, iteration STRING, doc_id STRING, grade STRING";
          case ROWS -> throw new IllegalArgumentException("format trec has no whole rows");
        };
    return StructType.fromDDL(columns + PLACE);
  }

  private static String encoding(SourceConfig source) {
    for (String option : source.options().keySet()) {
      if (!option.equals(ENCODING)) {
        throw new HoneException(
            ErrorCode.CONFIGURATION,
            "Format trec has no option %s, only %s. Take it out.".formatted(option, ENCODING));
      }
    }
    String encoding = source.options().getOrDefault(ENCODING, StandardCharsets.UTF_8.name());
    SourceFiles.checkEncoding(encoding);
    return encoding;
  }

  /** Why a record is refused that has no meaning as a whole. */
  static String unparsed(SourceRole role) {
    return role == SourceRole.QRELS
        ? "the line has not four fields: query_id, iteration, doc_id, grade"
        : "the record has no beginning or no end: it is cut off, or a tag of it is missing";
  }

  /** How one file is read: its form shows in its first record. */
  private record TrecFormat(SourceRole role, String encoding, List<String> columns)
      implements FileRows.Format {
    private static final int SHOWN = 2;

    @Override
    public FileRows.Records open(String file, InputStream stream) throws IOException {
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(stream, Charset.forName(encoding)));
      FileRows.Records none = Optional::empty;
      String beginning = beginning(reader);
      if (beginning.isEmpty()) {
        return none;
      }
      if (role == SourceRole.QRELS) {
        return judgements(file, new QrelLines(reader));
      }
      if (beginning.equals(".I")) {
        return rows(file, new TaggedRecords(reader)::next);
      }
      SgmlTokens tokens = new SgmlTokens(reader);
      String tag = role == SourceRole.DOCUMENTS ? "doc" : "top";
      Supplier<MarkedRecords.Content> contents =
          role == SourceRole.DOCUMENTS ? SgmlDocument::new : TopicContent::new;
      if (!opens(tokens, tag)) {
        throw unknown(file);
      }
      return rows(file, new MarkedRecords(tokens, tag, contents)::next);
    }

    /** The first characters after white space and a byte order mark; the reader stands there. */
    private static String beginning(BufferedReader reader) throws IOException {
      int next;
      do {
        reader.mark(SHOWN);
        next = reader.read();
      } while (next == '\uFEFF' || Character.isWhitespace(next));
      if (next < 0) {
        return "";
      }
      int second = reader.read();
      reader.reset();
      return (char) next + (second < 0 ? "" : String.valueOf((char) second));
    }

    /** Reads up to a tag, which must be the first of the file. */
    private static boolean opens(SgmlTokens tokens, String tag) throws IOException {
      for (var next = tokens.next(); next.isPresent(); next = tokens.next()) {
        if (!next.get().written().isBlank()) {
          return next.get().opens(tag);
        }
      }
      return false;
    }

    private FileRows.Records judgements(String file, QrelLines lines) {
      return rows(
          file,
          () -> {
            Optional<TrecRecord> next = lines.next();
            if (next.isEmpty() && lines.wasNoneAJudgement()) {
              throw unknown(file);
            }
            return next;
          });
    }

    private HoneException unknown(String file) {
      String expected =
          switch (role) {
            case DOCUMENTS -> "documents in <DOC>, with <DOCNO>, or tagged by .I, .T and .W";
            case QUERIES ->
                "topics in <top>, with <num>, or queries tagged by .I and .W; topics in XML are read with format = xml";
            default ->
                "lines of query_id, iteration, doc_id and grade; lines of other fields are read with format = text and split()";
          };
      return new HoneException(
          ErrorCode.INPUT,
          "Cannot read %s: its first record has none of the forms that format trec knows for %s. Expected are %s."
              .formatted(file, role.key(), expected));
    }

    private FileRows.Records rows(String file, Records records) {
      return new Rows(file, columns, records)::next;
    }
  }

  private interface Records {
    Optional<TrecRecord> next() throws IOException;
  }

  /** Counts a file's records and gives them the columns of their role. */
  private static final class Rows {
    private final String file;
    private final List<String> columns;
    private final Records records;
    private int position;

    Rows(String file, List<String> columns, Records records) {
      this.file = file;
      this.columns = columns;
      this.records = records;
    }

    Optional<Row> next() throws IOException {
      return records.next().map(this::row);
    }

    private Row row(TrecRecord record) {
      position++;
      Object[] values = columns.stream().map(column -> value(record, column)).toArray();
      return RowFactory.create(values);
    }

    private Object value(TrecRecord record, String column) {
      return switch (column) {
        case "fields" -> CollectionConverters.asScala(record.fields());
        case "position" -> position;
        case SourceRows.FILE -> file;
        case SourceRows.CORRUPT -> record.broken();
        default -> record.column(column);
      };
    }
  }
}
