package dev.hone.encode;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * How a vector is stored.
 *
 * @param dimensions the first ones that are kept
 * @param normalized whether what is kept of a vector is brought back to length 1
 * @param precision the number format
 */
public record StoredForm(int dimensions, boolean normalized, VectorPrecision precision)
    implements Serializable {

  /** The type of the column. */
  DataType type() {
    return switch (precision) {
      case FP32 -> DataTypes.createArrayType(DataTypes.FloatType, false);
      case INT8 -> DataTypes.createArrayType(DataTypes.ByteType, false);
      case FP16, BINARY -> DataTypes.BinaryType;
    };
  }

  /** A vector in a column of arrays of floats. */
  static float[] floats(Row row, int column) {
    Object[] values = row.getList(column).toArray();
    float[] vector = new float[values.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (Float) values[i];
    }
    return vector;
  }

  /** The dimensions kept, in fp32. */
  float[] shortened(Row row, int column) {
    float[] vector = floats(row, column);
    if (dimensions == vector.length) {
      return vector;
    }
    float[] kept = Quantization.truncated(vector, dimensions);
    return normalized ? Quantization.normalized(kept) : kept;
  }

  /**
   * A vector as its column holds it.
   *
   * @param ranges of the table; read for int8 alone
   */
  Object stored(float[] shortened, Ranges ranges) {
    return switch (precision) {
      case FP32 -> shortened;
      case FP16 -> Quantization.halves(shortened);
      case INT8 -> boxed(Quantization.steps(shortened, ranges));
      case BINARY -> Quantization.bits(shortened);
    };
  }

  /** Spark takes an array of bytes for one value of type BINARY. */
  private static Byte[] boxed(byte[] bytes) {
    Byte[] boxed = new Byte[bytes.length];
    for (int i = 0; i < boxed.length; i++) {
      boxed[i] = bytes[i];
    }
    return boxed;
  }
}
