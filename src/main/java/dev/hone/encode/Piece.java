package dev.hone.encode;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/**
 * The rows of a file that one task reads.
 *
 * @param place which ones
 * @param rows how many
 * @param bytes of their texts
 * @param first the first one's number
 * @param badRow the first bad one's number; where there is none, {@link Long#MAX_VALUE}
 * @param fault why that row is bad, or null
 */
record Piece(Place place, long rows, long bytes, long first, long badRow, String fault)
    implements Serializable {

  /**
   * Where rows stand.
   *
   * @param file their file
   * @param block where the piece of the file begins
   * @param partition which task read them
   */
  record Place(String file, long block, long partition) implements Serializable {}

  /** By file, and in a file as rows stand there; files by the bytes of their names, as Spark's. */
  static final Comparator<Piece> ORDER =
      Comparator.comparing(
              (Piece piece) -> piece.place().file().getBytes(StandardCharsets.UTF_8),
              Arrays::compareUnsigned)
          .thenComparing(piece -> piece.place().block())
          .thenComparing(piece -> piece.place().partition());

  /** A row alone: file, block, partition, number, bytes, fault. */
  private static Piece of(Row row) {
    return new Piece(
        new Place(row.getString(0), row.getLong(1), row.getLong(2)),
        1,
        row.getLong(4),
        row.getLong(3),
        row.isNullAt(5) ? Long.MAX_VALUE : row.getLong(3),
        row.getString(5));
  }

  private Piece with(Piece other) {
    return new Piece(
        place,
        rows + other.rows,
        bytes + other.bytes,
        Math.min(first, other.first),
        Math.min(badRow, other.badRow),
        badRow <= other.badRow ? fault : other.fault);
  }

  /** The pieces that a task reads: no other task reads any of the same ones. */
  record OfTask() implements FlatMapFunction<Iterator<Row>, Piece> {
    @Override
    public Iterator<Piece> call(Iterator<Row> rows) {
      Map<Place, Piece> pieces = new LinkedHashMap<>();
      rows.forEachRemaining(
          row -> {
            Piece one = Piece.of(row);
            pieces.merge(one.place(), one, Piece::with);
          });
      return pieces.values().iterator();
    }
  }
}
