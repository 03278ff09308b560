package dev.hone.encode;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.octet_length;
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
  private final Extent extent;

  private NumberedRows(Dataset<Row> rows, Dataset<Row> starts, long count, Extent extent) {
    this.rows = rows;
    this.starts = starts;
    this.count = count;
    this.extent = extent;
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
      long bytes = 0;
      for (Piece piece : pieces(rows)) {
        Piece.Place place = piece.place();
        long start = before - piece.first();
        requireGood(piece, start);
        starts.add(RowFactory.create(place.file(), place.block(), place.partition(), start));
        before += piece.rows();
        bytes += piece.bytes();
      }
      return new NumberedRows(
          rows,
          rows.sparkSession().createDataFrame(starts, STARTS),
          before,
          Extent.of(before, bytes));
    } catch (RuntimeException e) {
      rows.unpersist();
      throw e;
    }
  }

  /** The pieces in the rows' order; one job, which also fills the store of rows. */
  private static List<Piece> pieces(Dataset<Row> rows) {
    Column fault =
        when(col("unparsed").isNotNull(), col("unparsed"))
            .when(col("text").isNull(), "it has no text");
    if (List.of(rows.columns()).contains("id")) {
      fault = fault.when(col("id").isNull(), "it has no id");
    }
    Column bytes = coalesce(octet_length(col("text")), lit(0)).cast("long");
    return rows
        .select(col("file"), col("block"), col("piece"), col("number"), bytes, fault)
        .toJavaRDD()
        .mapPartitions(new Piece.OfTask())
        .collect()
        .stream()
        .sorted(Piece.ORDER)
        .toList();
  }

  private static void requireGood(Piece piece, long start) {
    if (piece.fault() == null) {
      return;
    }
    String file = piece.place().file();
    throw new HoneException(
        ErrorCode.INPUT,
        "Cannot encode row %d (from 0)%s: %s. Nothing was written. Mend or leave out such rows and run the same command again; an empty text is encoded as it is."
            .formatted(
                start + piece.badRow(), file.isEmpty() ? "" : ", in " + file, piece.fault()));
  }

  /** How many rows there are. */
  long count() {
    return count;
  }

  /** Of the rows with their texts. */
  Extent extent() {
    return extent;
  }

  /**
   * Each text once: content_hash, text.
   *
   * @param extent of them and of what they are joined with
   */
  Dataset<Row> texts(Extent extent) {
    return extent.gathered(rows.select("content_hash", "text")).dropDuplicates("content_hash");
  }

  /**
   * position (from 0, without gaps), id (the position where rows have none), content_hash.
   *
   * @param extent of them and of what they are joined with
   */
  Dataset<Row> places(Extent extent) {
    Dataset<Row> placed =
        extent
            .gathered(rows)
            .join(extent.small(starts), Columns.names("file", "block", "piece"))
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
