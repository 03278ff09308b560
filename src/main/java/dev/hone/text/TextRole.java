package dev.hone.text;

import java.util.Locale;

/** Which side of a search a text stands on; it decides the prompt. */
public enum TextRole {
  QUERY,
  DOCUMENT;

  /** The role's name in tables and on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
