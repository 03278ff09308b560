package dev.hone.config;

/** Names how the learning rate falls after the warm-up. */
public enum Schedule {
  /** In a straight line to 0. */
  LINEAR,
  /** Along half a cosine to 0. */
  COSINE,
  /** Not at all. */
  CONSTANT
}
