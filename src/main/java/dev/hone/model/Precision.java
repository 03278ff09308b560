package dev.hone.model;

import java.util.Locale;

/**
 * What products of matrices and attention are computed in. LayerNorm, pooling and losses are fp32.
 */
public enum Precision {
  FP32,
  BF16;

  /** The name in the configuration and in tables. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
