package dev.hone.config;

/** Names what of a document BM25 searches. */
public enum DocumentField {
  /** Title and text in one (BEIR's flat index). */
  WHOLE,
  /** The title alone. */
  TITLE,
  /** The text alone. */
  TEXT
}
