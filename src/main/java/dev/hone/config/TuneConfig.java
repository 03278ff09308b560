package dev.hone.config;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@code tune} looks for.
 *
 * @param space the values of each key, by its path
 * @param trials configurations that are tried, 1 or more
 * @param halving one in so many trials goes on after each rung, with so many times the updates, 1
 *     or more; 1: there is one rung
 * @param budget updates of a trial that is trained to its end, 1 or more; auto: as epochs and
 *     max-steps say
 */
public record TuneConfig(
    SortedMap<String, TuneDimension> space, int trials, int halving, Auto<Integer> budget) {
  /** Refuses values out of range; copies the space. */
  public TuneConfig {
    Keys.TUNE_SPACE.check(space);
    Keys.TUNE_TRIALS.check(trials);
    Keys.TUNE_HALVING.check(halving);
    Keys.TUNE_BUDGET.check(budget);
    space = Collections.unmodifiableSortedMap(new TreeMap<>(space));
  }
}
