package dev.hone.config;

/** Names how a grade counts in NDCG. */
public enum Gain {
  /** The grade itself, as trec_eval. */
  LINEAR,
  /** 2^grade - 1. */
  EXPONENTIAL
}
