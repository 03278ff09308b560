package dev.hone.tune;

import dev.hone.config.TuneConfig;
import dev.hone.error.HoneException;
import dev.hone.tune.Outcome.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries configurations rung by rung, one after the other, and finds the best. */
final class Tuning {
  private static final Logger LOG = LoggerFactory.getLogger(Tuning.class);

  private final Rungs rungs;
  private final List<Trial> trials;
  private final Trainer trainer;
  private HoneException firstFailure;

  /** Trains a trial. */
  interface Trainer {
    /**
     * Trains and validates a trial for a rung's share of its updates.
     *
     * @throws HoneException if it cannot be trained
     */
    Outcome train(Trial trial, int rung, Rungs rungs);

    /** Whether a failure is the trial's own, so that others may do better. */
    boolean isOwn(HoneException failure);
  }

  /** A search among what a seed draws. */
  Tuning(TuneConfig options, long seed, Trainer trainer) {
    this.trials = new SearchSpace(options.space()).trials(options.trials(), seed);
    this.rungs = new Rungs(trials.size(), options.halving());
    this.trainer = trainer;
  }

  List<Trial> trials() {
    return trials;
  }

  /**
   * All outcomes, by rung and trial; the best one's status says so.
   *
   * @throws HoneException the first failure, if every trial failed
   */
  List<Outcome> run() {
    List<Outcome> all = new ArrayList<>();
    List<Trial> left = trials;
    for (int rung : rungs.all()) {
      LOG.info("rung {} of {}: {} trial(s)", rung + 1, rungs.count(), left.size());
      List<Outcome> ranked = new ArrayList<>();
      for (Trial trial : left) {
        ranked.add(outcome(trial, rung));
      }
      ranked.sort(BY_RANK);
      boolean last = rung == rungs.count() - 1;
      long whole = ranked.stream().filter(outcome -> !outcome.failed()).count();
      if (whole == 0) {
        throw firstFailure;
      }
      int next = (int) (last ? 1 : Math.min(whole, rungs.trials(rung + 1)));
      for (int place = 0; place < ranked.size(); place++) {
        ranked.set(place, judged(ranked.get(place), place < next, last));
      }
      left = ranked.subList(0, next).stream().map(Outcome::trial).toList();
      all.addAll(ranked);
    }
    return all;
  }

  /** The best first, failures last; of two as good the first that was drawn. */
  static final Comparator<Outcome> BY_RANK =
      Comparator.<Outcome>comparingDouble(
              outcome -> outcome.failed() ? Double.POSITIVE_INFINITY : -outcome.criterion())
          .thenComparing(outcome -> outcome.trial().number());

  private static Outcome judged(Outcome outcome, boolean ahead, boolean last) {
    if (outcome.failed()) {
      return outcome;
    }
    if (last) {
      return outcome.with(ahead ? Status.BEST : Status.FINISHED);
    }
    return outcome.with(ahead ? Status.CONTINUED : Status.DROPPED);
  }

  private Outcome outcome(Trial trial, int rung) {
    try {
      Outcome outcome = trainer.train(trial, rung, rungs);
      LOG.info(
          "trial {} ({}), {} updates: {} {}",
          trial.number(),
          trial.describe(),
          outcome.updates(),
          outcome.metric(),
          outcome.value());
      return outcome;
    } catch (HoneException e) {
      if (!trainer.isOwn(e)) {
        throw e;
      }
      LOG.warn("trial {} ({}) failed: {}", trial.number(), trial.describe(), e.getMessage());
      firstFailure = firstFailure == null ? e : firstFailure;
      return new Outcome(trial, rung, 0, null, null, null, 0, Status.FAILED, null, null);
    }
  }
}
