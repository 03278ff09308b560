package dev.hone.config;

/** Names the number format of the forward and backward pass. */
public enum Precision {
  /** What the machine runs fastest without changing what the numbers mean. */
  AUTO,
  /** 32-bit floating point. */
  FP32
}
