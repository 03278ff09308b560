package dev.hone.report.mlflow;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Cuts lists into what fits into one request. */
final class Batches {
  /** A request may have a million bytes; names and brackets around a batch need some. */
  static final long MOST_BYTES = 900_000;

  private Batches() {}

  /**
   * The items in their order, in lists of so many items and bytes at most.
   *
   * @param bytes of an item, none of which is larger than {@link #MOST_BYTES}
   */
  static <T> List<List<T>> of(List<T> items, int most, ToLongFunction<T> bytes) {
    List<List<T>> batches = new ArrayList<>();
    List<T> batch = new ArrayList<>();
    long sum = 0;
    for (T item : items) {
      long size = bytes.applyAsLong(item);
      if (batch.size() == most || (!batch.isEmpty() && sum + size > MOST_BYTES)) {
        batches.add(batch);
        batch = new ArrayList<>();
        sum = 0;
      }
      batch.add(item);
      sum += size;
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }
}
