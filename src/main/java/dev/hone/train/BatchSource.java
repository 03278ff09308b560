package dev.hone.train;

import java.util.Iterator;

/** The batches of a run, or of a part of it, in the order of updates. */
public interface BatchSource extends Iterator<TrainingBatch> {
  /** The number, in the run, of the update that the first batch is for; from 0. */
  int first();

  /** How many updates the run has. */
  int updates();
}
