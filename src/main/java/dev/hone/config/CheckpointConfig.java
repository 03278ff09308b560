package dev.hone.config;

/**
 * When training writes checkpoints, from which it goes on after a failure. No result depends on it.
 *
 * @param every updates between two checkpoints, 0 or more; 0: updates are not counted
 * @param minutes time after which one is written, 0 or more; 0: time is not counted
 * @param keep how many of the newest stay, 1 or more
 */
public record CheckpointConfig(int every, double minutes, int keep) {
  /** Refuses values out of range. */
  public CheckpointConfig {
    Keys.CHECKPOINT_EVERY.check(every);
    Keys.CHECKPOINT_MINUTES.check(minutes);
    Keys.KEEP_CHECKPOINTS.check(keep);
  }
}
