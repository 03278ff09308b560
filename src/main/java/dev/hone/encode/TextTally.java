package dev.hone.encode;

import java.io.Serializable;
import java.util.SortedMap;
import org.apache.spark.sql.Row;

/**
 * How many texts there are of one kind, and which, as far as two sums of 64 bits tell.
 *
 * @param texts how many
 * @param hashes exclusive or of a hash of each
 * @param prompted exclusive or of a hash of each with its prompt
 */
record TextTally(long texts, long hashes, long prompted) implements Serializable {

  /** Counts a row (kind, hash, hash with the prompt), in place. */
  static SortedMap<Integer, TextTally> count(SortedMap<Integer, TextTally> counts, Row row) {
    counts.merge(row.getInt(0), new TextTally(1, row.getLong(1), row.getLong(2)), TextTally::union);
    return counts;
  }

  /** Takes other counts in, in place. */
  static SortedMap<Integer, TextTally> union(
      SortedMap<Integer, TextTally> counts, SortedMap<Integer, TextTally> others) {
    others.forEach((kind, tally) -> counts.merge(kind, tally, TextTally::union));
    return counts;
  }

  private TextTally union(TextTally other) {
    return new TextTally(texts + other.texts, hashes ^ other.hashes, prompted ^ other.prompted);
  }
}
