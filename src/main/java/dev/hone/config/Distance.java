package dev.hone.config;

/** Names what the triplet loss measures distances by. */
public enum Distance {
  /** The length of the difference. */
  EUCLIDEAN,
  /** 1 - cosine. */
  COSINE
}
