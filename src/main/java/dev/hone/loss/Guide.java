package dev.hone.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * Another model's opinion on which candidates of a batch are false negatives: those that it finds
 * more similar than the row's positive, less a margin (GISTEmbed, Solatorio, arXiv 2402.16829). A
 * row's own positive is never one.
 *
 * @param vectors the model's vectors of the texts of a batch, in the order of its embeddings
 * @param margin how the margin is taken off
 * @param size of the margin, finite; 0: what is more similar than the positive itself
 */
public record Guide(List<float[]> vectors, Margin margin, double size) {
  /** How a margin m is taken off the positive's similarity s. */
  public enum Margin {
    /** s - m. */
    ABSOLUTE,
    /** s - m |s|. */
    RELATIVE
  }

  /** Copies the list. */
  public Guide {
    vectors = List.copyOf(vectors);
    if (!Double.isFinite(size)) {
      throw new IllegalArgumentException("the margin is " + size + ", must be finite");
    }
  }

  /** Its vectors as a tensor [n, d']. */
  NDArray tensor(DataType type, NDManager scope) {
    int width = vectors.get(0).length;
    return Vectors.matrix(
        vectors.size(), width, (row, column) -> vectors.get(row)[column], type, scope);
  }

  /**
   * The similarities above which a row's candidates are false negatives: [rows, 1].
   *
   * @param positives similarities of the rows' queries and positives, [rows]
   */
  NDArray limits(NDArray positives) {
    NDArray off =
        switch (margin) {
          case ABSOLUTE -> positives.mul(0).add(size);
          case RELATIVE -> positives.abs().mul(size);
        };
    return positives.sub(off).reshape(new Shape(-1, 1));
  }
}
