package dev.hone.config;

/** Names how losses at several lengths of a vector become one. */
public enum Reduction {
  /** Their weighted sum. */
  SUM,
  /** Their weighted mean. */
  MEAN
}
