package dev.hone.config;

/** Names the loss a run trains with. */
public enum Loss {
  /** The default loss of each data set's type. */
  AUTO,
  /** Multiple negatives ranking (InfoNCE). */
  MNRL
}
