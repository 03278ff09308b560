package dev.hone.train;

/** What is done with a run between two of its updates, and whether it goes on. */
@FunctionalInterface
public interface BetweenUpdates {
  /** Nothing, until the batches end. */
  BetweenUpdates NOTHING = (done, training) -> true;

  /**
   * Called on the training thread before the first update and after each one.
   *
   * @param done updates of the run done so far
   * @param training the run as it is now
   * @return whether another update is wanted
   */
  boolean at(int done, Training training);
}
