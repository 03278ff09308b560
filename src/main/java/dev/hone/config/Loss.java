package dev.hone.config;

/** Names the loss a run, or a data set of it, trains with. */
public enum Loss {
  /**
   * The one that suits the rows: CoSENT for scored pairs, else MNRL, cached where there are many
   * rows or batches are large.
   */
  AUTO,
  /** Multiple negatives ranking (InfoNCE). */
  MNRL,
  /** The same, in memory that does not grow with the batch. */
  CACHED_MNRL,
  /** CoSENT: pairs have to be as similar, in order, as their scores say. */
  COSENT,
  /** Triplet loss over a query, its positive and each of its hard negatives. */
  TRIPLET;

  /** Whether the rows of a batch are each other's negatives. */
  boolean ranks() {
    return this == AUTO || this == MNRL || this == CACHED_MNRL;
  }

  /**
   * Whether a row is worth as much in a smaller batch, so that no row need be left out where an
   * epoch's rows do not fill all batches.
   */
  public boolean takesSmallerBatches() {
    return !ranks();
  }
}
