package dev.hone.config;

/** Names the loss a run trains with. */
public enum Loss {
  /** The one that suits the rows: MNRL, cached where there are many or batches are large. */
  AUTO,
  /** Multiple negatives ranking (InfoNCE). */
  MNRL,
  /** The same, in memory that does not grow with the batch. */
  CACHED_MNRL,
  /** Triplet loss over a query, its positive and each of its hard negatives. */
  TRIPLET
}
