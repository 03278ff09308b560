package dev.hone.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Distillation of a ranking: a query has to spread its scores over some documents as a teacher
 * does.
 *
 * <p>Embeddings [n, d], in which rankings name their places. With s the dot products and t the
 * teacher's scores, each divided by the temperature T, the loss is T^2 * mean over rankings of
 * KL(softmax(t) || softmax(s)) (sentence-transformers' DistillKLDivLoss; Hinton et al., arXiv
 * 1503.02531), 0 where there is none.
 *
 * @param temperature T; finite and above 0
 * @param texts how many embeddings there are, n
 * @param rankings what is compared
 */
public record DistilledRanking(double temperature, int texts, List<Ranking> rankings)
    implements BatchLoss {

  /**
   * A query's documents with the teacher's scores.
   *
   * @param query its place among the embeddings, from 0
   * @param documents their places, 2 or more
   * @param scores of each, finite
   */
  public record Ranking(int query, List<Integer> documents, List<Double> scores) {
    /** Refuses what is no ranking; copies the lists. */
    public Ranking {
      documents = List.copyOf(documents);
      scores = List.copyOf(scores);
      if (scores.size() < 2 || documents.size() != scores.size()) {
        throw new IllegalArgumentException(
            "every query needs 2 or more documents, and a score of the teacher for each");
      }
      Vectors.requireFinite("a score", scores);
    }

    int size() {
      return scores.size();
    }
  }

  /** Refuses a temperature that is none, and places that are none. */
  public DistilledRanking {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "temperature is " + temperature + ", must be finite and above 0");
    }
    rankings = List.copyOf(rankings);
    for (Ranking ranking : rankings) {
      Objects.checkIndex(ranking.query(), texts);
      ranking.documents().forEach(place -> Objects.checkIndex(place, texts));
    }
  }

  /**
   * Rankings of as many documents each: embeddings [(1 + k) b, d] are those of b queries, then of
   * the first document of each, then of the second, up to the k-th.
   *
   * @param teacher for each query its k scores
   */
  public static DistilledRanking of(double temperature, List<List<Double>> teacher) {
    int b = teacher.size();
    List<Ranking> rankings = new ArrayList<>();
    for (List<Double> scores : teacher) {
      List<Integer> documents = new ArrayList<>();
      for (int i = 1; i <= scores.size(); i++) {
        documents.add(i * b + rankings.size());
      }
      rankings.add(new Ranking(rankings.size(), documents, scores));
    }
    return new DistilledRanking(
        temperature, b + teacher.stream().mapToInt(List::size).sum(), rankings);
  }

  @Override
  public int rows() {
    return rankings.size();
  }

  @Override
  public long scores() {
    return most(rankings);
  }

  private static int most(List<Ranking> some) {
    return some.stream().mapToInt(Ranking::size).max().orElse(1);
  }

  @Override
  public NDArray part(NDArray embeddings, int from, int to) {
    Vectors.require(this, embeddings, from, to);
    if (from == to) {
      return Vectors.nothing(embeddings);
    }
    List<Ranking> some = rankings.subList(from, to);
    int k = most(some);
    NDManager scope = embeddings.getManager();
    NDArray queries =
        embeddings.get(scope.create(some.stream().mapToLong(Ranking::query).toArray()));
    NDArray documents =
        embeddings.get(scope.create(places(some, k))).reshape(some.size(), k, -1); // [rows, k, d]
    NDArray dots = documents.mul(queries.expandDims(1)).sum(new int[] {2});
    NDArray student = logSoftmax(Vectors.over(dots, temperature), some);
    NDArray teacher =
        Vectors.matrix(
            some.size(),
            k,
            (row, column) ->
                column < some.get(row).size()
                    ? some.get(row).scores().get(column) / temperature
                    : 0,
            embeddings.getDataType(),
            scope);
    NDArray goals = logSoftmax(teacher, some);
    NDArray divergence = goals.exp().mul(goals.sub(student)).sum();
    return Vectors.times(divergence, temperature * temperature / rows());
  }

  /** Row by row; the places after a ranking's last document name its first. */
  private static long[] places(List<Ranking> some, int k) {
    long[] places = new long[some.size() * k];
    for (int row = 0; row < some.size(); row++) {
      List<Integer> documents = some.get(row).documents();
      for (int column = 0; column < k; column++) {
        places[row * k + column] = documents.get(column < documents.size() ? column : 0);
      }
    }
    return places;
  }

  /** Over the documents that each ranking has. */
  private static NDArray logSoftmax(NDArray scores, List<Ranking> some) {
    NDArray absent =
        Vectors.matrix(
            some.size(),
            (int) scores.getShape().get(1),
            (row, column) -> column < some.get(row).size() ? 0 : Vectors.MASKED,
            scores.getDataType(),
            scores.getManager());
    return scores.add(absent).logSoftmax(1);
  }
}
