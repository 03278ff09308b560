package dev.hone.train;

import java.util.Iterator;

/** Batches one after the other, the first of them that of a step. */
record ListedBatches(int first, int updates, Iterator<TrainingBatch> batches)
    implements BatchSource {
  @Override
  public boolean hasNext() {
    return batches.hasNext();
  }

  @Override
  public TrainingBatch next() {
    return batches.next();
  }
}
