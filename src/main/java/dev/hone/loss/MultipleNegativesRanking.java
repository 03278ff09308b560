package dev.hone.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Multiple negatives ranking, also known as InfoNCE: each query has to find its positive among the
 * candidates of the batch.
 *
 * <p>With l_ij = scale * cos(q_i, c_j) the loss is mean_i(logsumexp_j l_ij - l_ii), j over the
 * columns that count for row i (sentence-transformers' MultipleNegativesRankingLoss; Henderson et
 * al., arXiv 1705.00652).
 *
 * @param scale the inverse temperature; finite and above 0, 20 (a temperature of 0.05) is usual
 */
public record MultipleNegativesRanking(double scale) {
  // exp of it is 0 in fp32 and float64; unlike infinity it leaves no NaN in the gradient.
  private static final double MASKED = -1e9;
  // The square of the smallest norm that is divided by, as in PyTorch's normalize.
  private static final double SMALLEST_SQUARED_NORM = 1e-24;

  /** Refuses a scale that makes no softmax. */
  public MultipleNegativesRanking {
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException("scale is " + scale + ", must be finite and above 0");
    }
  }

  /**
   * The loss of a batch. Intermediate tensors belong to the manager of {@code queries}.
   *
   * @param queries [b, d], fp32 or float64; needs not be normalised
   * @param candidates [c, d], of the same type, in the order of {@code columns}
   * @param columns which candidates count for which query
   * @return a scalar with graph where the inputs have one
   * @throws IllegalArgumentException if the shapes do not fit the columns
   */
  public NDArray loss(NDArray queries, NDArray candidates, CandidateColumns columns) {
    requireRows("queries", queries, columns.rows());
    requireRows("candidates", candidates, columns.columns());
    NDManager scope = queries.getManager();
    NDArray logits =
        normalized(queries)
            .matMul(normalized(candidates).transpose())
            .mul(scale)
            .add(mask(columns, queries.getDataType(), scope));
    NDArray own = scope.arange(columns.rows()).toType(DataType.INT64, false).reshape(-1, 1);
    return logits.logSoftmax(1).gather(own, 1).mean().neg();
  }

  private static NDArray normalized(NDArray vectors) {
    NDArray norms = vectors.square().sum(new int[] {1}, true).maximum(SMALLEST_SQUARED_NORM).sqrt();
    return vectors.div(norms);
  }

  private static NDArray mask(CandidateColumns columns, DataType type, NDManager scope) {
    int rows = columns.rows();
    int width = columns.columns();
    ByteBuffer values =
        ByteBuffer.allocateDirect(rows * width * type.getNumOfBytes())
            .order(ByteOrder.nativeOrder());
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < width; column++) {
        double value = columns.counts(row, column) ? 0 : MASKED;
        if (type == DataType.FLOAT64) {
          values.putDouble(value);
        } else {
          values.putFloat((float) value);
        }
      }
    }
    return scope.create(values.rewind(), new Shape(rows, width), type);
  }

  private static void requireRows(String name, NDArray vectors, int rows) {
    Shape shape = vectors.getShape();
    DataType type = vectors.getDataType();
    if (shape.dimension() != 2 || shape.get(0) != rows) {
      throw new IllegalArgumentException(
          name + " have shape " + shape + ", must be [" + rows + ", dimension]");
    }
    if (type != DataType.FLOAT32 && type != DataType.FLOAT64) {
      throw new IllegalArgumentException(name + " are " + type + ", must be fp32 or float64");
    }
  }
}
