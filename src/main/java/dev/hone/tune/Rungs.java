package dev.hone.tune;

import java.util.ArrayList;
import java.util.List;

/**
 * How many trials go how far: successive halving (Jamieson and Talwalkar, "Non-stochastic Best Arm
 * Identification and Hyperparameter Optimization", 2016). Each rung has one in {@code halving} of
 * the trials of the one before, and so many times its updates; the last has all updates.
 *
 * @param trials of the first rung
 * @param halving 1: there is one rung
 */
record Rungs(int trials, int halving) {

  /** The number of rungs, 1 or more. */
  int count() {
    int count = 1;
    for (long left = trials; halving > 1 && left >= halving; left /= halving) {
      count++;
    }
    return count;
  }

  /** Trials of a rung, 1 or more. */
  int trials(int rung) {
    return (int) Math.max(1, trials / divisor(rung));
  }

  /** Updates of a rung's trials, 1 or more, of those of a whole training. */
  int updates(int rung, int whole) {
    long divisor = divisor(count() - 1 - rung);
    return (int) Math.max(1, (whole + divisor - 1) / divisor);
  }

  private long divisor(int rungs) {
    long divisor = 1;
    for (int i = 0; i < rungs; i++) {
      divisor *= halving;
    }
    return divisor;
  }

  /** The numbers of the rungs, from 0. */
  List<Integer> all() {
    List<Integer> all = new ArrayList<>();
    for (int rung = 0; rung < count(); rung++) {
      all.add(rung);
    }
    return all;
  }
}
