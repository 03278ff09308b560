package dev.hone.config;

/** Says which of the candidates that pass the filters become negatives. */
public enum Selection {
  /** Those that rank first. */
  TOP,
  /** Those with the smallest hash of (seed, query, document). */
  RANDOM
}
