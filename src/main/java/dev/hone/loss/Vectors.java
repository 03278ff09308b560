package dev.hone.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.hone.loss.TripletMargin.Triplet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What several losses do with vectors and numbers.
 *
 * <p>The engine's own operations with a Java number put it into a tensor that they close at once,
 * although the graph may need it for the backward pass: after a garbage collection the gradient is
 * wrong. Here numbers that a gradient depends on live as long as their scope, and have the type of
 * what they meet.
 */
final class Vectors {
  /** Exp of it is 0 in fp32 and float64; unlike infinity it leaves no NaN in the gradient. */
  static final int MASKED = -1_000_000_000;

  // The square of the smallest norm that is divided by, as in PyTorch's normalize.
  private static final double SMALLEST_SQUARED_NORM = 1e-24;

  private Vectors() {}

  /** The number in a place of a matrix. */
  @FunctionalInterface
  interface Numbers {
    double at(int row, int column);
  }

  /** Scales each row of [n, d] to length 1; a row of zeros stays one. */
  static NDArray normalized(NDArray vectors) {
    NDArray squares = vectors.square().sum(new int[] {1}, true);
    NDArray norms = squares.maximum(constant(SMALLEST_SQUARED_NORM, squares)).sqrt();
    return vectors.div(norms);
  }

  /** Cosines of the rows of [n, d] with the same rows of another: [n]. */
  static NDArray cosines(NDArray some, NDArray others) {
    return normalized(some).mul(normalized(others)).sum(new int[] {1});
  }

  /** log(sum(exp)) over the columns of [n, c]: [n]. */
  static NDArray logSumExp(NDArray scores) {
    NDArray largest = scores.stopGradient().max(new int[] {1}, true);
    return scores.sub(largest).exp().sum(new int[] {1}).log().add(largest.squeeze(1));
  }

  /** A tensor times a number. */
  static NDArray times(NDArray tensor, double factor) {
    return tensor.mul(constant(factor, tensor));
  }

  /** A tensor divided by a number. */
  static NDArray over(NDArray tensor, double divisor) {
    return tensor.div(constant(divisor, tensor));
  }

  /** A loss of 0 that depends on a tensor. */
  static NDArray nothing(NDArray tensor) {
    return times(tensor.sum(), 0);
  }

  private static NDArray constant(double value, NDArray like) {
    NDManager scope = like.getManager();
    return like.getDataType() == DataType.FLOAT64
        ? scope.create(value)
        : scope.create((float) value);
  }

  /** A tensor [rows, columns] of numbers. */
  static NDArray matrix(int rows, int columns, Numbers value, DataType type, NDManager scope) {
    ByteBuffer values =
        ByteBuffer.allocateDirect(
                Math.multiplyExact(Math.multiplyExact(rows, columns), type.getNumOfBytes()))
            .order(ByteOrder.nativeOrder());
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        if (type == DataType.FLOAT64) {
          values.putDouble(value.at(row, column));
        } else {
          values.putFloat((float) value.at(row, column));
        }
      }
    }
    return scope.create(values.rewind(), new Shape(rows, columns), type);
  }

  /** The rows of [n, d] that some triplets name. */
  static NDArray rows(NDArray embeddings, List<Triplet> triplets, ToIntFunction<Triplet> place) {
    long[] places = triplets.stream().mapToLong(place::applyAsInt).toArray();
    return embeddings.get(embeddings.getManager().create(places));
  }

  /** Refuses numbers that are none. */
  static void requireFinite(String name, List<Double> numbers) {
    for (double number : numbers) {
      if (!Double.isFinite(number)) {
        throw new IllegalArgumentException(name + " is " + number + ", must be finite");
      }
    }
  }

  /** Checks what a loss is given. */
  static void require(BatchLoss loss, NDArray embeddings, int from, int to) {
    Shape shape = embeddings.getShape();
    DataType type = embeddings.getDataType();
    if (shape.dimension() != 2 || shape.get(0) != loss.texts()) {
      throw new IllegalArgumentException(
          "embeddings have shape " + shape + ", must be [" + loss.texts() + ", dimension]");
    }
    if (type != DataType.FLOAT32 && type != DataType.FLOAT64) {
      throw new IllegalArgumentException("embeddings are " + type + ", must be fp32 or float64");
    }
    if (from < 0 || to > loss.rows() || from > to) {
      throw new IllegalArgumentException(
          "rows " + from + " to " + to + " are not among the loss's " + loss.rows());
    }
  }
}
