package dev.hone.loss;

import ai.djl.ndarray.NDArray;

/**
 * The loss of one batch, as a function of the embeddings of its texts and nothing else.
 *
 * <p>A loss is a sum over its rows, so that it can be computed, and its gradient too, some rows at
 * a time: memory is rows of a part times {@link #scores}, never the square of the batch. How the
 * embeddings are laid out is said by each loss. Intermediate tensors belong to the manager of the
 * embeddings; values and gradients are of their type, fp32 or float64.
 */
public sealed interface BatchLoss
    permits MultipleNegativesRanking,
        TripletMargin,
        CoSent,
        MarginMse,
        DistilledRanking,
        Matryoshka {
  /** How many texts it takes the embeddings of, n. */
  int texts();

  /** How many rows it can be taken apart into; 1 where it cannot, 0 where there is nothing. */
  int rows();

  /** How many scores a row needs at once. */
  long scores();

  /**
   * What some rows contribute; over all rows it adds up to the loss.
   *
   * @param embeddings [n, d], fp32 or float64; need not be normalised
   * @param from the first row
   * @param to the row after the last
   * @return a scalar with graph where the embeddings have one
   * @throws IllegalArgumentException if the embeddings have another shape or type, or there are no
   *     such rows
   */
  NDArray part(NDArray embeddings, int from, int to);

  /**
   * The loss of the whole batch at once.
   *
   * @param embeddings as in {@link #part}
   * @return a scalar with graph where the embeddings have one
   */
  default NDArray value(NDArray embeddings) {
    return part(embeddings, 0, rows());
  }
}
