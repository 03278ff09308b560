package dev.hone.config;

/** Names whether several directions share the denominator of the softmax. */
public enum PartitionMode {
  /** One for all directions. */
  JOINT,
  /** One for each, their logarithms averaged. */
  PER_DIRECTION
}
