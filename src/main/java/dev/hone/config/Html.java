package dev.hone.config;

/** Names what becomes of HTML in texts. */
public enum Html {
  /** Texts are plain: a tag is text. */
  KEEP,
  /** Tags are taken away, and character references are resolved. */
  STRIP
}
