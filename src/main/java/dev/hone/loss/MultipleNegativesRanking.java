package dev.hone.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Multiple negatives ranking, also known as InfoNCE: each query has to find its positive among the
 * candidates of the batch.
 *
 * <p>Embeddings [b + c, d]: those of the b queries, then those of the c candidates in the order of
 * the columns. With l_ij = scale * cos(q_i, c_j) the loss is mean_i(logsumexp_j l_ij - l_ii), j
 * over the columns that count for row i (sentence-transformers' MultipleNegativesRankingLoss;
 * Henderson et al., arXiv 1705.00652). Further directions add their scores to the denominator, or
 * have one of their own: {@link RankingOptions}.
 *
 * @param options how it is done
 * @param columns which candidates count for which query
 * @param guide what leaves out more of them, in every direction; null for none
 */
public record MultipleNegativesRanking(
    RankingOptions options, CandidateColumns columns, Guide guide) implements BatchLoss {

  /** Refuses a guide to other texts. */
  public MultipleNegativesRanking {
    int texts = columns.rows() + columns.columns();
    if (guide != null && guide.vectors().size() != texts) {
      throw new IllegalArgumentException(
          "the guide has " + guide.vectors().size() + " vectors, must have " + texts);
    }
  }

  /** Without a guide. */
  public MultipleNegativesRanking(RankingOptions options, CandidateColumns columns) {
    this(options, columns, null);
  }

  @Override
  public int texts() {
    return columns.rows() + columns.columns();
  }

  @Override
  public int rows() {
    return columns.rows();
  }

  @Override
  public long scores() {
    return options.directions().stream().mapToLong(this::width).sum();
  }

  private int width(Direction direction) {
    return switch (direction) {
      case QUERY_TO_DOCUMENT, DOCUMENT_TO_DOCUMENT -> columns.columns();
      case QUERY_TO_QUERY, DOCUMENT_TO_QUERY -> columns.rows();
    };
  }

  private IntFunction<BitSet> counting(Direction direction) {
    return switch (direction) {
      case QUERY_TO_DOCUMENT -> columns::documents;
      case QUERY_TO_QUERY -> columns::otherQueries;
      case DOCUMENT_TO_QUERY -> columns::queries;
      case DOCUMENT_TO_DOCUMENT -> columns::otherDocuments;
    };
  }

  @Override
  public NDArray part(NDArray embeddings, int from, int to) {
    Vectors.require(this, embeddings, from, to);
    if (from == to) {
      return Vectors.nothing(embeddings);
    }
    NDManager scope = embeddings.getManager();
    NDArray own = scope.arange(from, to).toType(DataType.INT64, false).reshape(-1, 1);
    List<NDArray> scores = new ArrayList<>();
    for (Direction direction : options.directions()) {
      NDArray mask = mask(direction, from, to, embeddings);
      scores.add(scores(direction, embeddings, from, to).add(mask));
    }
    NDArray logLikelihood =
        options.partition() == Partition.JOINT
            ? joined(scores).logSoftmax(1).gather(own, 1)
            : scores.get(0).gather(own, 1).squeeze(1).sub(meanLogSum(scores));
    return Vectors.over(logLikelihood.sum(), rows()).neg();
  }

  /** Scores of some rows in a direction, scaled and hardened: [to - from, width]. */
  private NDArray scores(Direction direction, NDArray embeddings, int from, int to) {
    NDArray cosines = cosines(direction, embeddings, from, to);
    NDArray scaled = Vectors.times(cosines, options.scale());
    boolean hardens =
        options.hardness() != Hardness.NONE
            && options.hardnessStrength() > 0
            && direction == Direction.QUERY_TO_DOCUMENT;
    return hardens ? scaled.add(hardening(cosines.stopGradient(), from)) : scaled;
  }

  private NDArray cosines(Direction direction, NDArray embeddings, int from, int to) {
    int b = rows();
    NDArray queries = embeddings.get(":" + b);
    NDArray candidates = embeddings.get(b + ":");
    String some = from + ":" + to;
    return switch (direction) {
      case QUERY_TO_DOCUMENT -> cosines(queries.get(some), candidates);
      case QUERY_TO_QUERY -> cosines(queries.get(some), queries);
      case DOCUMENT_TO_QUERY -> cosines(candidates.get(some), queries);
      case DOCUMENT_TO_DOCUMENT -> cosines(candidates.get(some), candidates);
    };
  }

  private static NDArray cosines(NDArray some, NDArray others) {
    return Vectors.normalized(some).matMul(Vectors.normalized(others).transpose());
  }

  private NDArray hardening(NDArray cosines, int from) {
    NDArray concerned =
        Vectors.matrix(
            Math.toIntExact(cosines.getShape().get(0)),
            columns.columns(),
            (row, column) ->
                options.hardness().concerns(from + row, columns.slots().get(column)) ? 1 : 0,
            cosines.getDataType(),
            cosines.getManager());
    return Vectors.times(cosines.mul(concerned), options.hardnessStrength());
  }

  private static NDArray joined(List<NDArray> scores) {
    return scores.size() == 1
        ? scores.get(0)
        : NDArrays.concat(new NDList(scores.toArray(NDArray[]::new)), 1);
  }

  /** The mean over the directions of log(sum(exp)): [rows]. */
  private static NDArray meanLogSum(List<NDArray> scores) {
    NDArray sum = Vectors.logSumExp(scores.get(0));
    for (NDArray more : scores.subList(1, scores.size())) {
      sum = sum.add(Vectors.logSumExp(more));
    }
    return Vectors.over(sum, scores.size());
  }

  /** [to - from, width]: 0 where a score counts. */
  private NDArray mask(Direction direction, int from, int to, NDArray like) {
    List<BitSet> counting = IntStream.range(from, to).mapToObj(counting(direction)).toList();
    NDArray mask =
        Vectors.matrix(
            counting.size(),
            width(direction),
            (row, column) -> counting.get(row).get(column) ? 0 : Vectors.MASKED,
            like.getDataType(),
            like.getManager());
    return guide == null ? mask : mask.add(guided(direction, from, to, like));
  }

  /** [to - from, width]: 0 but where the guide leaves out a score. */
  private NDArray guided(Direction direction, int from, int to, NDArray like) {
    NDManager scope = like.getManager();
    NDArray vectors = guide.tensor(like.getDataType(), scope);
    int b = rows();
    NDArray positives =
        Vectors.cosines(vectors.get(from + ":" + to), vectors.get((b + from) + ":" + (b + to)));
    NDArray above = cosines(direction, vectors, from, to).gt(guide.limits(positives));
    NDArray others =
        Vectors.matrix(
            to - from,
            width(direction),
            (row, column) -> direction.holdsThePositive() && column == from + row ? 0 : 1,
            like.getDataType(),
            scope);
    return above.toType(like.getDataType(), false).mul(others).mul(Vectors.MASKED);
  }
}
