package dev.hone.model;

import java.util.Locale;

/** How a text's token vectors become one. */
public enum Pooling {
  MEAN,
  CLS,
  MAX;

  /** The name that sentence-transformers gives it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
