package dev.hone.cluster;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The updates between two mining rounds: those from round * every on, as many as there are up to
 * the next round.
 *
 * @param round whose negatives they use, from 0
 * @param every updates between two rounds; 0: there is but one
 * @param updates of the whole run, T
 */
public record Segment(int round, int every, int updates) implements Serializable {
  /**
   * The segments of a run, in their order.
   *
   * @param updates of the run
   * @param every updates between two rounds; 0, or not below {@code updates}: one segment is all
   */
  public static List<Segment> of(int updates, int every) {
    if (every == 0 || every >= updates) {
      return List.of(new Segment(0, 0, updates));
    }
    List<Segment> segments = new ArrayList<>();
    for (int round = 0; (long) round * every < updates; round++) {
      segments.add(new Segment(round, every, updates));
    }
    return List.copyOf(segments);
  }

  /** Its first update. */
  public int from() {
    return round * every;
  }

  /** The update after its last. */
  public int to() {
    return isWhole() ? updates : (int) Math.min(updates, (round + 1L) * every);
  }

  /** Whether it is all of the run. */
  public boolean isWhole() {
    return every == 0;
  }

  /** Whether the run ends with it. */
  public boolean isLast() {
    return to() == updates;
  }

  /** What the run calls its part of the plan. */
  public String part() {
    return isWhole() ? "all" : "round-" + round;
  }
}
