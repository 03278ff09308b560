package dev.hone.encode;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.shiftright;
import static org.apache.spark.sql.functions.when;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.table.Columns;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * The rows of an input in their order: by file, and in a file as they stand there. The source is
 * read once; how Spark divides its files does not show.
 */
final class NumberedRows implements AutoCloseable {
  private static final StructType STARTS =
      StructType.fromDDL("file STRING, block BIGINT, piece BIGINT, start BIGINT");

  /** Where Spark's rising numbers hold the partition. */
  private static final int PARTITION_BITS = 33;

  private final Dataset<Row> rows;
  private final Dataset<Row> starts;
  private final long count;

  private NumberedRows(Dataset<Row> rows, Dataset<Row> starts, long count) {
    this.rows = rows;
    this.starts = starts;
    this.count = count;
  }

  /**
   * Numbers rows.
   *
   * @param input {@code file}, {@code block} (where the piece of the file begins), {@code number}
   *     (Spark's monotonically_increasing_id), {@code unparsed} (why the record cannot be read, or
   *     null), {@code id} where rows have ids of their own, {@code text}
   * @throws HoneException if a record cannot be read, or has no text or id
   */
  static NumberedRows of(Dataset<Row> input) {
    Dataset<Row> rows =
        input
            .withColumn("piece", shiftright(col("number"), PARTITION_BITS))
            .withColumn("content_hash", Texts.hash(col("text")))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      List<Row> starts = new ArrayList<>();
      long before = 0;
      for (Row piece : pieces(rows)) {
        long start = before - piece.getLong(4);
        requireGood(piece, start);
        starts.add(
            RowFactory.create(piece.getString(0), piece.getLong(1), piece.getLong(2), start));
        before += piece.getLong(3);
      }
      return new NumberedRows(rows, rows.sparkSession().createDataFrame(starts, STARTS), before);
    } catch (RuntimeException e) {
      rows.unpersist();
      throw e;
    }
  }

  /** file, block, piece, rows, first number, and the number and fault of the first bad row. */
  private static List<Row> pieces(Dataset<Row> rows) {
    Column fault =
        when(col("unparsed").isNotNull(), col("unparsed"))
            .when(col("text").isNull(), "it has no text");
    if (List.of(rows.columns()).contains("id")) {
      fault = fault.when(col("id").isNull(), "it has no id");
    }
    Column number = when(fault.isNotNull(), col("number"));
    return rows.groupBy("file", "block", "piece")
        .agg(functions.count(lit(1)), min("number"), min(number), min_by(fault, number))
        .orderBy("file", "block", "piece")
        .collectAsList();
  }

  private static void requireGood(Row piece, long start) {
    if (piece.isNullAt(5)) {
      return;
    }
    throw new HoneException(
        ErrorCode.INPUT,
        "Cannot encode row %d (from 0)%s: %s. Nothing was written. Mend or leave out such rows and run the same command again; an empty text is encoded as it is."
            .formatted(
                start + piece.getLong(5),
                piece.getString(0).isEmpty() ? "" : ", in " + piece.getString(0),
                piece.getString(6)));
  }

  /** How many rows there are. */
  long count() {
    return count;
  }

  /** Each text once: content_hash, text. */
  Dataset<Row> texts() {
    return rows.select("content_hash", "text").dropDuplicates("content_hash");
  }

  /** position (from 0, without gaps), id (the position where rows have none), content_hash. */
  Dataset<Row> places() {
    Dataset<Row> placed =
        rows.join(broadcast(starts), Columns.names("file", "block", "piece"))
            .withColumn("position", col("start").plus(col("number")));
    boolean hasIds = List.of(rows.columns()).contains("id");
    return placed.select(
        col("position"), col(hasIds ? "id" : "position").as("id"), col("content_hash"));
  }

  @Override
  public void close() {
    rows.unpersist();
  }
}
