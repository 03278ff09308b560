package dev.hone.encode;

/** The number formats of vectors at rest. */
public enum VectorPrecision {
  /** An array of floats. */
  FP32,
  /** Bytes: IEEE halves, little-endian, as {@code numpy.frombuffer(bytes, "<f2")} reads them. */
  FP16,
  /** An array of bytes from -128 to 127, steps of the dimension's range in the table. */
  INT8,
  /**
   * Bytes: one bit per dimension, set where the value is above 0, the first dimension in the
   * highest bit, as {@code numpy.packbits} packs; sentence-transformers calls it ubinary.
   */
  BINARY
}
