package dev.hone.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.hone.loss.TripletMargin.Triplet;
import java.util.List;

/**
 * Distillation of differences: an anchor has to prefer its positive to its negative by as much as a
 * teacher does.
 *
 * <p>Embeddings [n, d], in which triplets name their places. With dot products the loss is mean(((a
 * . p) - (a . n) - m)^2), m the teacher's score of (a, p) less that of (a, n)
 * (sentence-transformers' MarginMSELoss; Hofstätter et al., arXiv 2010.02666), 0 where there is
 * none.
 *
 * @param texts how many embeddings there are, n
 * @param triplets what is compared
 * @param margins the teacher's m of each, finite
 */
public record MarginMse(int texts, List<Triplet> triplets, List<Double> margins)
    implements BatchLoss {

  /** Refuses margins that do not fit. */
  public MarginMse {
    triplets = List.copyOf(triplets);
    margins = List.copyOf(margins);
    if (margins.size() != triplets.size()) {
      throw new IllegalArgumentException(
          margins.size() + " margins for " + triplets.size() + " triplets: one for each is needed");
    }
    Vectors.requireFinite("a margin", margins);
    for (Triplet triplet : triplets) {
      triplet.requireBelow(texts);
    }
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
    NDManager scope = embeddings.getManager();
    List<Triplet> some = triplets.subList(from, to);
    NDArray anchors = Vectors.rows(embeddings, some, Triplet::anchor);
    NDArray near = anchors.mul(Vectors.rows(embeddings, some, Triplet::positive));
    NDArray far = anchors.mul(Vectors.rows(embeddings, some, Triplet::negative));
    NDArray goals =
        Vectors.matrix(
            to - from,
            1,
            (row, column) -> margins.get(from + row),
            embeddings.getDataType(),
            scope);
    NDArray errors = near.sub(far).sum(new int[] {1}, true).sub(goals);
    return Vectors.over(errors.square().sum(), rows());
  }
}
