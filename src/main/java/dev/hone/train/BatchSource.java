package dev.hone.train;

import java.util.Iterator;

/** The batches of a run, in the order of its updates. */
public interface BatchSource extends Iterator<TrainingBatch> {
  /** How many updates the run has. */
  int updates();
}
