package dev.hone.config;

/** Names what products of matrices are computed in; weights, gradients and losses are fp32. */
public enum Precision {
  /** What the machine runs fastest, found out by measuring. */
  AUTO,
  /** 32-bit floating point. */
  FP32,
  /** The upper half of 32-bit floating point. */
  BF16
}
