package dev.hone.evaluate;

import dev.hone.store.Commit;
import java.util.List;

/**
 * A model to measure, by its vectors.
 *
 * @param name what tables call it
 * @param vectors of all that is searched or evaluated
 * @param dims how many first dimensions of a vector are compared, descending; the first one is all
 */
public record MeasuredModel(String name, Commit vectors, List<Integer> dims) {
  /** Copies the list. */
  public MeasuredModel {
    dims = List.copyOf(dims);
  }
}
