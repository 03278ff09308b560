package dev.hone.config;

/** Names the part of a data set that a row belongs to. */
public enum Split {
  /** Rows that the model is trained on. */
  TRAIN,
  /** Rows that choose between models. */
  VALIDATION,
  /** Rows that are read once, at the end. */
  TEST
}
