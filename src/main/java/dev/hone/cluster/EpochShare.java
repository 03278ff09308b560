package dev.hone.cluster;

import dev.hone.config.Sampling;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Predicate;

/**
 * What becomes of a data set's rows in an epoch. The first {@code cut} rows in shuffled order are
 * cut into {@code parts} of sizes that differ by 1 at most, and the first {@code updates} of these
 * are done.
 *
 * @param dataset its name
 * @param rows of the data set, 1 or more
 * @param cut rows that the parts hold; the others are the tail
 * @param parts 1 or more
 * @param updates those of them that are done
 */
record EpochShare(String dataset, long rows, long cut, long parts, long updates) {
  /**
   * The shares of some data sets.
   *
   * @param counts rows of each, none without any
   * @param updateRows the most rows of an update
   * @param takesSmallerBatches which of them deal their tail out over smaller batches; the others
   *     leave it out
   * @param sampling how they take turns
   */
  static List<EpochShare> of(
      SortedMap<String, Long> counts,
      int updateRows,
      Predicate<String> takesSmallerBatches,
      Sampling sampling) {
    List<EpochShare> all =
        counts.entrySet().stream()
            .map(entry -> whole(entry, updateRows, takesSmallerBatches.test(entry.getKey())))
            .toList();
    if (sampling == Sampling.PROPORTIONAL) {
      return all;
    }
    long fewest = all.stream().mapToLong(EpochShare::parts).min().orElse(0);
    return all.stream()
        .map(one -> new EpochShare(one.dataset, one.rows, one.cut, one.parts, fewest))
        .toList();
  }

  private static EpochShare whole(Map.Entry<String, Long> counted, int updateRows, boolean dealt) {
    long rows = counted.getValue();
    long size = Math.min(rows, updateRows);
    long parts = dealt ? (rows - 1) / size + 1 : rows / size;
    return new EpochShare(counted.getKey(), rows, dealt ? rows : parts * size, parts, parts);
  }

  /** Rows that stand in an update. */
  long planned() {
    return cut * updates / parts;
  }

  /** Rows left out because they do not fill a batch. */
  long tail() {
    return rows - cut;
  }

  /** Rows left out because another data set has no more. */
  long rest() {
    return cut - planned();
  }
}
