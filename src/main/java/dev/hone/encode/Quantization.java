package dev.hone.encode;

import java.util.Arrays;

/**
 * What is done to a vector before it is stored, as pure functions. int8 and binary give what
 * sentence-transformers' quantize_embeddings gives.
 */
final class Quantization {
  private static final int STEPS = 255;
  private static final int LOWEST = -128;

  // A float's bits: sign, 8 of exponent (bias 127), 23 of fraction; a half's: sign, 5 (bias 15),
  // 10.
  private static final int DROPPED_BITS = 13;
  private static final int FLOAT_ONE = 127 << 23;
  private static final int HALF_ONE = 15 << 10;
  private static final int HALF_INFINITY = 31 << 10;
  private static final float SMALLEST_NORMAL_HALF = 0x1p-14f;
  private static final float SMALLEST_HALF = 0x1p-24f;
  private static final float HALF_OVERFLOW = 65520f; // half way from the largest half to 2^16

  private Quantization() {}

  /** The first dimensions (Matryoshka). */
  static float[] truncated(float[] vector, int dimensions) {
    return vector.length == dimensions ? vector : Arrays.copyOf(vector, dimensions);
  }

  /** The vector at length 1; one of length 0 stays. */
  static float[] normalized(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += (double) value * value;
    }
    float length = (float) Math.max(Math.sqrt(sum), 1e-12);
    float[] result = new float[vector.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = vector[i] / length;
    }
    return result;
  }

  /** IEEE halves, little-endian, rounded to nearest, ties to even. */
  static byte[] halves(float[] vector) {
    byte[] bytes = new byte[2 * vector.length];
    for (int i = 0; i < vector.length; i++) {
      short half = half(vector[i]);
      bytes[2 * i] = (byte) half;
      bytes[2 * i + 1] = (byte) (half >> 8);
    }
    return bytes;
  }

  static short half(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | HALF_INFINITY | 0x200);
    }
    if (magnitude >= HALF_OVERFLOW) {
      return (short) (sign | HALF_INFINITY);
    }
    if (magnitude < SMALLEST_NORMAL_HALF) {
      // Exact: a division by a power of two, then rint, which takes ties to even.
      return (short) (sign | (int) Math.rint(magnitude / SMALLEST_HALF));
    }
    int magnitudeBits = bits & 0x7fffffff;
    int isOdd = magnitudeBits >>> DROPPED_BITS & 1;
    int rounded = (magnitudeBits + (1 << (DROPPED_BITS - 1)) - 1 + isOdd) >>> DROPPED_BITS;
    return (short) (sign | rounded - (FLOAT_ONE >>> DROPPED_BITS) + HALF_ONE);
  }

  /**
   * Steps of each dimension's range, from -128 at its minimum to 127 at its maximum; a value
   * outside the range is at its end. In float32, as numpy computes it.
   */
  static byte[] steps(float[] vector, Ranges ranges) {
    byte[] steps = new byte[vector.length];
    for (int i = 0; i < vector.length; i++) {
      float start = ranges.minimum()[i];
      float width = (ranges.maximum()[i] - start) / STEPS;
      float position = (vector[i] - start) / (width == 0 ? 1 : width);
      steps[i] = (byte) (Math.min(Math.max(Math.floor(position), 0), STEPS) + LOWEST);
    }
    return steps;
  }

  /**
   * The values that steps stand for: the middle of each step. Whatever one place in a step stands
   * for, it adds the same to a query's inner product with every vector.
   */
  static float[] ofSteps(byte[] steps, Ranges ranges) {
    float[] vector = new float[steps.length];
    for (int i = 0; i < vector.length; i++) {
      float start = ranges.minimum()[i];
      float width = (ranges.maximum()[i] - start) / STEPS;
      vector[i] = start + (steps[i] - LOWEST + 0.5f) * width;
    }
    return vector;
  }

  /** +1 where a bit is set, -1 where it is not. */
  static float[] signs(byte[] bits, int dimensions) {
    float[] signs = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      signs[i] = (bits[i / 8] & 0x80 >> i % 8) == 0 ? -1 : 1;
    }
    return signs;
  }

  /** One bit per dimension, the first one in the highest bit; the last byte is filled with 0. */
  static byte[] bits(float[] vector) {
    byte[] bytes = new byte[(vector.length + 7) / 8];
    for (int i = 0; i < vector.length; i++) {
      if (vector[i] > 0) {
        bytes[i / 8] |= (byte) (0x80 >> i % 8);
      }
    }
    return bytes;
  }
}
