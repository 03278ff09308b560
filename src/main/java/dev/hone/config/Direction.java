package dev.hone.config;

/** Names what multiple negatives ranking compares with what. */
public enum Direction {
  /** A query with all documents of the batch; always among them. */
  QUERY_TO_DOCUMENT,
  /** A query with the other queries. */
  QUERY_TO_QUERY,
  /** A positive with all queries. */
  DOCUMENT_TO_QUERY,
  /** A positive with the documents of other rows. */
  DOCUMENT_TO_DOCUMENT
}
