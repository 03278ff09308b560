package dev.hone.train;

/**
 * The seeds of an update's dropout: the same for the same run, update, rank and chunk, so that a
 * chunk can be embedded again.
 *
 * @param seed the run's
 * @param step the update, from 0
 * @param part which of the update's batches, from 0
 * @param rank from 0
 */
record DropoutSeeds(long seed, int step, int part, int rank) {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** The seed of all that a batch draws in one go. */
  long ofBatch() {
    return mixed(seed * GOLDEN + ((long) part << Integer.SIZE) + step + 1);
  }

  /** The seed of one chunk, from 0. */
  long ofChunk(int chunk) {
    return mixed(mixed(ofBatch() + rank + 1) + chunk + 1);
  }

  /** Spreads a number over all bits (Steele et al. 2014, SplitMix64's finalizer). */
  private static long mixed(long number) {
    long mixed = number;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
