package dev.hone.cluster;

import dev.hone.error.HoneException;
import dev.hone.model.Tensor;
import dev.hone.store.Checkpoint;
import dev.hone.store.Checkpoints;
import dev.hone.store.LocalCache;
import dev.hone.train.BestModel;
import dev.hone.train.BetweenUpdates;
import dev.hone.train.Training;
import dev.hone.train.TrainingCheckpoint;
import dev.hone.train.TrainingListener;
import dev.hone.train.TrainingState;
import dev.hone.train.TrainingUpdate;
import dev.hone.train.ValidationHistory;
import dev.hone.train.ValidationPlan;
import dev.hone.train.ValidationResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens in a rank between two updates: it validates and writes checkpoints when they are
 * due, remembers all that training has seen, and ends it where it gets no better.
 *
 * <p>The best model is the checkpoint at the step of its validation, which is written for it.
 */
final class TrainingWatch implements BetweenUpdates, TrainingListener {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingWatch.class);

  private final Checkpoints checkpoints;
  private final CheckpointPolicy policy;
  private final Segment segment;
  private final long seed;
  private final Optional<ValidationPlan> plan;
  private final Optional<BestModel> before;
  private final List<TrainingUpdate> log = new ArrayList<>();
  private long lastNanos = System.nanoTime();
  private int last;
  private ValidationHistory validations;

  /**
   * A watch over a segment's training.
   *
   * @param checkpoints those of the segment's step
   * @param seed the run's
   * @param plan how it is validated; nothing: it is not
   * @param before the best model of the segments before, where they were validated
   */
  TrainingWatch(
      Checkpoints checkpoints,
      CheckpointPolicy policy,
      Segment segment,
      long seed,
      Optional<ValidationPlan> plan,
      Optional<BestModel> before) {
    this.checkpoints = checkpoints;
    this.policy = policy;
    this.segment = segment;
    this.seed = seed;
    this.plan = plan;
    this.before = before;
    this.validations = before.map(BestModel::validations).orElse(ValidationHistory.NONE);
    this.last = segment.from();
  }

  /**
   * Where an earlier try of the segment was, if it left anything whole; its log is taken over.
   *
   * @param folder an empty folder that stays until training has begun
   */
  Optional<TrainingCheckpoint> resume(Path folder) throws IOException {
    Optional<Checkpoint> newest = checkpoints.newest(folder);
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    TrainingCheckpoint found = TrainingCheckpoint.read(folder);
    LOG.info(
        "training goes on from the checkpoint at step {} of {}", found.done(), segment.updates());
    log.addAll(found.log());
    validations = found.validations();
    last = found.done();
    return Optional.of(found);
  }

  @Override
  public void updated(TrainingUpdate update, int updates) {
    log.add(update);
  }

  /** All updates of the segment so far, each once, in their order. */
  List<TrainingUpdate> log() {
    return List.copyOf(log);
  }

  /** All validations so far, in their order. */
  ValidationHistory validations() {
    return validations;
  }

  @Override
  public boolean at(int done, Training training) {
    boolean better = plan.isPresent() && validate(plan.get(), done, training);
    Duration since = Duration.ofNanos(System.nanoTime() - lastNanos);
    if (better && done < segment.to()) {
      write(done, training);
    } else if (done > last && done < segment.to() && policy.isDue(done, since)) {
      tryToWrite(done, training);
    }
    return plan.isEmpty() || goesOn(plan.get(), done);
  }

  /** Validates where it is due; whether the model is the best so far. */
  private boolean validate(ValidationPlan due, int done, Training training) {
    boolean atTheEnd = segment.isLast() && done == segment.to();
    if ((done % due.every() != 0 && !atTheEnd) || validations.has(done)) {
      return false;
    }
    int epoch = log.isEmpty() ? 0 : log.get(log.size() - 1).epoch();
    ValidationResult result = training.validate(due, done, epoch, validations);
    List<ValidationResult> all = new ArrayList<>(validations.results());
    all.add(result);
    validations = new ValidationHistory(all);
    LOG.info("validation at step {}: {}", done, result.describe());
    return validations.best() == done;
  }

  private boolean goesOn(ValidationPlan due, int done) {
    boolean enough = due.patience() > 0 && validations.sinceBest() >= due.patience();
    if (enough && done < segment.to()) {
      LOG.info(
          "training stops at step {} of {}: {} validations without a better model than at step {}",
          done,
          segment.updates(),
          validations.sinceBest(),
          validations.best());
    }
    return !enough;
  }

  /**
   * The weights of the best model, or those that training ended with where it was not validated.
   *
   * @param done updates done
   * @param training the run at its end
   */
  SortedMap<String, Tensor> best(int done, Training training) {
    if (plan.isEmpty() || validations.best() == done) {
      return training.state().weights().get();
    }
    int best = validations.best();
    if (segment.isLast() && best == 0) {
      LOG.warn(
          "No validation was better than the base model's, so the tuned model is the base model. Lower train.learning-rate, or train on more or other data.");
    } else if (segment.isLast()) {
      LOG.info("the best model is that at step {} of {}", best, segment.updates());
    }
    if (isOfBefore(best)) {
      return before.orElseThrow().weights().get();
    }
    return inFolder(
        folder -> {
          checkpoints.read(best, folder);
          return TrainingState.read(folder).weights().get();
        });
  }

  private boolean isOfBefore(int best) {
    return before.isPresent() && best <= segment.from();
  }

  /** A storage that fails now may work at the next checkpoint: training goes on without. */
  private void tryToWrite(int done, Training training) {
    try {
      write(done, training);
    } catch (HoneException | UncheckedIOException e) {
      LOG.warn("No checkpoint at step {}, training goes on without: {}", done, e.getMessage());
      lastNanos = System.nanoTime();
    }
  }

  private void write(int done, Training training) {
    long start = System.nanoTime();
    boolean needed = plan.isPresent() && !isOfBefore(validations.best());
    int best = needed ? validations.best() : done;
    Checkpoint written =
        inFolder(
            folder -> {
              new TrainingCheckpoint(done, seed, training.state(), log, validations).write(folder);
              return checkpoints.write(done, best, folder);
            });
    last = done;
    lastNanos = System.nanoTime();
    LOG.info(
        "checkpoint at step {}: {} MB in {} s",
        done,
        written.bytes() / 1_000_000,
        Math.round((lastNanos - start) / 1e8) / 10.0);
    checkpoints.keep(policy.keep(), List.of(best));
  }

  /** Work on files of a folder that is there only as long. */
  @FunctionalInterface
  private interface InFolder<T> {
    T with(Path folder) throws IOException;
  }

  private static <T> T inFolder(InFolder<T> work) {
    try {
      Path folder = Files.createTempDirectory("hone-checkpoint");
      try {
        return work.with(folder);
      } finally {
        LocalCache.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
