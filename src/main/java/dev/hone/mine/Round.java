package dev.hone.mine;

import dev.hone.store.Commit;
import java.util.Optional;

/**
 * One mining of a run.
 *
 * @param number from 0, which comes before training
 * @param earlier the candidates of the same run's round 0, where this is a later one: what was
 *     searched for in the same way then is taken from there
 */
public record Round(int number, Optional<Commit> earlier) {
  /** Round 0. */
  public static final Round FIRST = new Round(0, Optional.empty());

  /** A later round, from 1. */
  public static Round later(int number, Commit earlier) {
    return new Round(number, Optional.of(earlier));
  }

  /** What the run calls its part of candidates and negatives. */
  String part() {
    return "round-" + number;
  }
}
