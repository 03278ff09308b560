package dev.hone.model;

import java.util.Locale;

/** How a text's token states become one vector. */
public enum Pooling {
  MEAN("mean_tokens"),
  CLS("cls_token"),
  MAX("max_tokens"),
  LASTTOKEN("lasttoken");

  private final String flag;

  Pooling(String flag) {
    this.flag = flag;
  }

  /** The name that sentence-transformers gives it since version 6. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its name behind {@code pooling_mode_} up to version 5. */
  String flag() {
    return flag;
  }
}
