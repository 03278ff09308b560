package dev.hone.cluster;

import java.io.Serializable;
import java.time.Duration;

/**
 * When a rank writes a checkpoint, and how many stay.
 *
 * @param every updates between two checkpoints; 0: updates are not counted
 * @param minutes time after which one is due; 0: time is not counted
 * @param keep how many of the newest stay, at least 1
 */
public record CheckpointPolicy(int every, double minutes, int keep) implements Serializable {
  /**
   * Whether one is due.
   *
   * @param done updates done
   * @param since time since the last one, or since the start
   */
  boolean isDue(int done, Duration since) {
    return (every > 0 && done % every == 0)
        || (minutes > 0 && since.toMillis() >= minutes * Duration.ofMinutes(1).toMillis());
  }
}
