package dev.hone.config;

/** Names what the tuned model is compared with. */
public enum Baseline {
  /** The model before training. */
  BASE,
  /** BM25, without any model. */
  BM25,
  /** BM25 and the tuned model, or the base where nothing is trained, fused by their ranks. */
  HYBRID
}
