package dev.hone.config;

/** The number formats in which stored vectors are searched and measured. */
public enum StoredPrecision {
  /** As the model gives them. */
  FP32,
  /** Steps of each dimension's range in the corpus. */
  INT8,
  /** One bit per dimension. */
  BINARY
}
