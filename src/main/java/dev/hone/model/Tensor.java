package dev.hone.model;

import java.util.Arrays;

/**
 * A named weight outside any engine: 32-bit floats, row-major.
 *
 * @param shape the dimensions, outermost first
 * @param values as many as the shape's product
 */
@SuppressWarnings("ArrayRecordComponent") // carries weights, never compared as a whole
public record Tensor(long[] shape, float[] values) {
  /** Checks that the values fill the shape. */
  public Tensor {
    long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (size != values.length) {
      throw new IllegalArgumentException(
          "shape " + Arrays.toString(shape) + " holds " + size + " values, not " + values.length);
    }
  }

  /** A matrix [rows, columns] turned into [columns, rows]. */
  Tensor transposed() {
    int rows = Math.toIntExact(shape[0]);
    int columns = Math.toIntExact(shape[1]);
    float[] turned = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = values[row * columns + column];
      }
    }
    return new Tensor(new long[] {columns, rows}, turned);
  }
}
