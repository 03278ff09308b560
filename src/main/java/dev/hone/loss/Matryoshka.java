package dev.hone.loss;

import ai.djl.ndarray.NDArray;

/**
 * Another loss at several lengths of the vectors: at each, their beginnings, scaled to length 1
 * (sentence-transformers' MatryoshkaLoss; Kusupati et al., arXiv 2205.13147).
 *
 * <p>Embeddings [n, d] as the other loss takes them, d at least the greatest length.
 *
 * @param inner the loss
 * @param options lengths and weights, at least one
 */
public record Matryoshka(BatchLoss inner, MatryoshkaOptions options) implements BatchLoss {
  /** Refuses no length. */
  public Matryoshka {
    if (options.isNone()) {
      throw new IllegalArgumentException("there are 0 dims, must be at least 1");
    }
  }

  /** A loss at the lengths that options ask for: itself where they ask for none. */
  public static BatchLoss over(BatchLoss inner, MatryoshkaOptions options) {
    return options.isNone() ? inner : new Matryoshka(inner, options);
  }

  @Override
  public int texts() {
    return inner.texts();
  }

  @Override
  public int rows() {
    return inner.rows();
  }

  @Override
  public long scores() {
    return inner.scores() * options.dims().size();
  }

  @Override
  public NDArray part(NDArray embeddings, int from, int to) {
    Vectors.require(this, embeddings, from, to);
    long dimension = embeddings.getShape().get(1);
    NDArray total = null;
    double weights = 0;
    for (int i = 0; i < options.dims().size(); i++) {
      int dim = options.dims().get(i);
      double weight = options.weights().get(i);
      if (dim > dimension) {
        throw new IllegalArgumentException(
            "embeddings have " + dimension + " dimensions, must have at least " + dim);
      }
      NDArray beginnings = Vectors.normalized(embeddings.get(":, :" + dim));
      NDArray loss = Vectors.times(inner.part(beginnings, from, to), weight);
      total = total == null ? loss : total.add(loss);
      weights += weight;
    }
    return options.reduction() == MatryoshkaOptions.Reduction.MEAN
        ? Vectors.times(total, 1 / weights)
        : total;
  }
}
