package dev.hone.model;

import java.util.Locale;

/** What a cross-encoder does with the number that its head gives, to make it a score. */
public enum ScoreActivation {
  /** 1 / (1 + exp(-x)), between 0 and 1. */
  SIGMOID,
  /** The number itself. */
  IDENTITY;

  /** The name in an archive. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
