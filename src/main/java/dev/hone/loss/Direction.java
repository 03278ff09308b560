package dev.hone.loss;

/**
 * What is compared with what in a batch: whose query or positive, against which others. For row i,
 * with b rows and c columns of candidates.
 */
public enum Direction {
  /** Its query against all c candidates: the positive's place is among them. */
  QUERY_TO_DOCUMENT,
  /** Its query against the b - 1 other queries. */
  QUERY_TO_QUERY,
  /** Its positive against all b queries, its own among them. */
  DOCUMENT_TO_QUERY,
  /** Its positive against the candidates of all other rows. */
  DOCUMENT_TO_DOCUMENT;

  /** Whether a row's query and its own positive are compared. */
  boolean holdsThePositive() {
    return this == QUERY_TO_DOCUMENT || this == DOCUMENT_TO_QUERY;
  }
}
