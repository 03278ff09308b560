package dev.hone.cluster;

import dev.hone.train.Advice;
import dev.hone.train.TrainingListener;
import dev.hone.train.TrainingUpdate;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Logs each advice once, when it first holds, while training still goes on: what held before a
 * segment, or before the checkpoint that it goes on from, has been said.
 */
final class AdviceLog implements TrainingListener {
  /** The advisor looks at the whole log, so not after every update. */
  private static final int LOOKS = 20;

  private final Counsel counsel;
  private final TrainingWatch watch;
  private final Consumer<String> say;
  private final int every;
  private final Set<Subject> said = new HashSet<>();

  /** A kind of advice is given once for each data set; its numbers change with every look. */
  private record Subject(Advice.Kind kind, String dataset) {
    static Subject of(Advice advice) {
      return new Subject(advice.kind(), advice.dataset());
    }
  }

  /**
   * A log over a segment's training.
   *
   * @param watch has what was seen so far
   * @param say takes each line
   */
  AdviceLog(Counsel counsel, TrainingWatch watch, Consumer<String> say) {
    this.counsel = counsel;
    this.watch = watch;
    this.say = say;
    this.every = Math.max(1, counsel.run().updates() / LOOKS);
    if (!counsel.earlier().isEmpty() || !watch.log().isEmpty()) {
      counsel
          .advice(watch.log(), watch.validations())
          .forEach(advice -> said.add(Subject.of(advice)));
    }
  }

  @Override
  public void updated(TrainingUpdate update, int updates) {
    int done = update.step() + 1;
    if (done % every != 0 || done == updates) {
      return;
    }
    for (Advice advice : counsel.advice(watch.log(), watch.validations())) {
      if (said.add(Subject.of(advice))) {
        say.accept("advice after %d of %d updates: %s".formatted(done, updates, advice.describe()));
      }
    }
  }
}
