package dev.hone.train;

/** Hears of every update, for progress and logs. */
@FunctionalInterface
public interface TrainingListener {
  /** Called after an update, on the training thread. */
  void updated(TrainingUpdate update, int updates);
}
