package dev.hone.loss;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Distillation of a ranking: a query has to spread its scores over some documents as a teacher
 * does.
 *
 * <p>Embeddings [(1 + k) b, d]: those of b queries, then those of the first document of each, then
 * of the second, up to the k-th. With s the dot products and t the teacher's scores, each divided
 * by the temperature T, the loss is T^2 * mean over queries of KL(softmax(t) || softmax(s))
 * (sentence-transformers' DistillKLDivLoss; Hinton et al., arXiv 1503.02531).
 *
 * @param temperature T; finite and above 0
 * @param teacher for each query its k scores, at least 2, finite
 */
public record DistilledRanking(double temperature, List<List<Double>> teacher)
    implements BatchLoss {

  /** Refuses scores that are no ranking. */
  public DistilledRanking {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature is " + temperature + ", must be finite and above 0");
    }
    teacher = teacher.stream().map(List::copyOf).toList();
    if (teacher.isEmpty() || teacher.stream().mapToInt(List::size).min().orElse(0) < 2) {
      throw new IllegalArgumentException("every query needs 2 or more scores of the teacher");
    }
    if (teacher.stream().mapToInt(List::size).distinct().count() > 1) {
      throw new IllegalArgumentException("every query needs as many scores as the others");
    }
    teacher.forEach(scores -> Vectors.requireFinite("a score", scores));
  }

  private int documents() {
    return teacher.get(0).size();
  }

  @Override
  public int texts() {
    return rows() * (1 + documents());
  }

  @Override
  public int rows() {
    return teacher.size();
  }

  @Override
  public long scores() {
    return documents();
  }

  @Override
  public NDArray part(NDArray embeddings, int from, int to) {
    Vectors.require(this, embeddings, from, to);
    if (from == to) {
      return Vectors.nothing(embeddings);
    }
    int b = rows();
    int k = documents();
    NDArray queries = embeddings.get(from + ":" + to).expandDims(0);
    NDArray documents =
        embeddings.get(b + ":").reshape(k, b, -1).get(":, " + from + ":" + to); // [k, rows, d]
    NDArray dots = documents.mul(queries).sum(new int[] {2}).transpose();
    NDArray student = Vectors.over(dots, temperature).logSoftmax(1);
    NDArray goals =
        Vectors.matrix(
                to - from,
                k,
                (row, column) -> teacher.get(from + row).get(column) / temperature,
                embeddings.getDataType(),
                embeddings.getManager())
            .logSoftmax(1);
    NDArray divergence = goals.exp().mul(goals.sub(student)).sum();
    return Vectors.times(divergence, temperature * temperature / b);
  }
}
