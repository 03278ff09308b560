package dev.hone.loss;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The triplet loss: each anchor has to be nearer to its positive than to its negative by a margin.
 *
 * <p>Embeddings [n, d], in which triplets name their places. The loss is mean(relu(d(a, p) - d(a,
 * n) + margin)) over the triplets (sentence-transformers' TripletLoss; Schroff et al., arXiv
 * 1503.03832), 0 where there is none. The gradient of a distance of 0 is 0.
 *
 * @param options distance and margin
 * @param texts how many embeddings there are, n
 * @param triplets what is compared
 */
public record TripletMargin(TripletOptions options, int texts, List<Triplet> triplets)
    implements BatchLoss {

  /** Places of three texts among the embeddings, from 0. */
  public record Triplet(int anchor, int positive, int negative) {
    void requireBelow(int texts) {
      Objects.checkIndex(anchor, texts);
      Objects.checkIndex(positive, texts);
      Objects.checkIndex(negative, texts);
    }
  }

  /**
   * Refuses places that are none.
   *
   * @throws IndexOutOfBoundsException if a triplet names a place that is not below {@code texts}
   */
  public TripletMargin {
    triplets = List.copyOf(triplets);
    for (Triplet triplet : triplets) {
      triplet.requireBelow(texts);
    }
  }

  /**
   * The triplets of a batch: each hard negative with its row's query and positive, but for false
   * negatives.
   */
  static TripletMargin of(TripletOptions options, CandidateColumns columns) {
    int b = columns.rows();
    List<Triplet> triplets = new ArrayList<>();
    for (int column = b; column < columns.columns(); column++) {
      int row = columns.slots().get(column).row();
      if (!columns.falseNegatives(row).get(column)) {
        triplets.add(new Triplet(row, b + row, b + column));
      }
    }
    return new TripletMargin(options, b + columns.columns(), triplets);
  }

  @Override
  public int rows() {
    return triplets.size();
  }

  @Override
  public long scores() {
    return 2;
  }

  @Override
  public NDArray part(NDArray embeddings, int from, int to) {
    Vectors.require(this, embeddings, from, to);
    if (from == to) {
      return Vectors.nothing(embeddings);
    }
    List<Triplet> some = triplets.subList(from, to);
    NDArray anchors = Vectors.rows(embeddings, some, Triplet::anchor);
    NDArray near = distances(anchors, Vectors.rows(embeddings, some, Triplet::positive));
    NDArray far = distances(anchors, Vectors.rows(embeddings, some, Triplet::negative));
    NDArray over = near.sub(far).add(options.margin());
    NDArray open = over.gt(0).toType(embeddings.getDataType(), false);
    return Vectors.over(over.mul(open).sum(), rows());
  }

  private NDArray distances(NDArray some, NDArray others) {
    return switch (options.distance()) {
      case EUCLIDEAN -> lengths(some.sub(others));
      case COSINE -> Vectors.cosines(some, others).neg().add(1);
    };
  }

  /** The lengths of the rows of [n, d]; a row of zeros has the gradient 0, not infinity. */
  private static NDArray lengths(NDArray vectors) {
    NDArray squares = vectors.square().sum(new int[] {1});
    NDArray zero = squares.eq(0).toType(vectors.getDataType(), false);
    return squares.add(zero).sqrt().sub(zero);
  }
}
