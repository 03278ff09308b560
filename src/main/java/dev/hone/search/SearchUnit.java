package dev.hone.search;

/** What a search finds where documents were cut into chunks. */
public enum SearchUnit {
  /** Each chunk for itself. */
  CHUNK,
  /** Whole documents, by the best of their chunks. */
  PARENT
}
