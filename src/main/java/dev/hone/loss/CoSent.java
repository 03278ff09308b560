package dev.hone.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * CoSENT: pairs of texts have to be as similar, in order, as their scores say.
 *
 * <p>Embeddings [2 n, d]: the first texts u of n pairs, then the second texts v. With s_k = scale *
 * cos(u_k, v_k) the loss is log(1 + sum of exp(s_a - s_b) over all pairs a, b with y_a &lt; y_b)
 * (sentence-transformers' CoSENTLoss; kexue.fm/archives/8847). Only the order of the scores
 * matters; where all are equal it is 0. It is no sum over pairs, so it is one row.
 *
 * @param scale the inverse temperature; finite and above 0, 20 is usual
 * @param goals the score y of each pair; higher is more similar
 */
public record CoSent(double scale, List<Double> goals) implements BatchLoss {
  /** Refuses a scale that makes no order, and scores that have none. */
  public CoSent {
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException("scale is " + scale + ", must be finite and above 0");
    }
    goals = List.copyOf(goals);
    Vectors.requireFinite("a score", goals);
    if (goals.isEmpty()) {
      throw new IllegalArgumentException("A batch has 0 pairs, must have at least 1");
    }
  }

  @Override
  public int texts() {
    return 2 * goals.size();
  }

  @Override
  public int rows() {
    return 1;
  }

  @Override
  public long scores() {
    return (long) goals.size() * goals.size();
  }

  @Override
  public NDArray part(NDArray embeddings, int from, int to) {
    Vectors.require(this, embeddings, from, to);
    if (from == to) {
      return Vectors.nothing(embeddings);
    }
    int n = goals.size();
    NDManager scope = embeddings.getManager();
    NDArray cosines = Vectors.cosines(embeddings.get(":" + n), embeddings.get(n + ":"));
    NDArray scores = Vectors.times(cosines, scale);
    NDArray differences = scores.reshape(n, 1).sub(scores.reshape(1, n));
    NDArray ordered =
        Vectors.matrix(
            n,
            n,
            (a, b) -> goals.get(a) < goals.get(b) ? 0 : Vectors.MASKED,
            embeddings.getDataType(),
            scope);
    NDArray one = scope.zeros(new Shape(1, 1), embeddings.getDataType());
    NDArray all = NDArrays.concat(new NDList(one, differences.add(ordered).reshape(1, -1)), 1);
    return Vectors.logSumExp(all).sum();
  }
}
