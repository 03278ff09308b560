package dev.hone.cluster;

import dev.hone.error.HoneException;
import dev.hone.store.Checkpoint;
import dev.hone.store.Checkpoints;
import dev.hone.store.LocalCache;
import dev.hone.train.BetweenUpdates;
import dev.hone.train.Training;
import dev.hone.train.TrainingCheckpoint;
import dev.hone.train.TrainingListener;
import dev.hone.train.TrainingUpdate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers what a rank's training has seen, and writes it down with the model now and then. */
final class CheckpointKeeper implements BetweenUpdates, TrainingListener {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointKeeper.class);

  private final Checkpoints checkpoints;
  private final CheckpointPolicy policy;
  private final Segment segment;
  private final long seed;
  private final List<TrainingUpdate> log = new ArrayList<>();
  private long lastNanos = System.nanoTime();
  private int last;

  /**
   * A keeper of a segment's training.
   *
   * @param checkpoints those of the segment's step
   * @param seed the run's
   */
  CheckpointKeeper(Checkpoints checkpoints, CheckpointPolicy policy, Segment segment, long seed) {
    this.checkpoints = checkpoints;
    this.policy = policy;
    this.segment = segment;
    this.seed = seed;
    this.last = segment.from();
  }

  /** Where an earlier try of the segment was, if it left anything whole; its log is taken over. */
  Optional<TrainingCheckpoint> resume() {
    return inFolder(
        folder -> {
          Optional<Checkpoint> newest = checkpoints.newest(folder);
          if (newest.isEmpty()) {
            return Optional.empty();
          }
          TrainingCheckpoint found = TrainingCheckpoint.read(folder);
          LOG.info(
              "training goes on from the checkpoint at step {} of {}",
              found.done(),
              segment.updates());
          log.addAll(found.log());
          last = found.done();
          return Optional.of(found);
        });
  }

  @Override
  public void updated(TrainingUpdate update, int updates) {
    log.add(update);
  }

  /** All updates of the segment so far, each once, in their order. */
  List<TrainingUpdate> log() {
    return List.copyOf(log);
  }

  @Override
  public boolean at(int done, Training training) {
    Duration since = Duration.ofNanos(System.nanoTime() - lastNanos);
    if (done > last && done < segment.to() && policy.isDue(done, since)) {
      write(done, training);
    }
    return true;
  }

  /** A storage that fails now may work at the next checkpoint: training goes on without. */
  private void write(int done, Training training) {
    long start = System.nanoTime();
    try {
      Checkpoint written =
          inFolder(
              folder -> {
                new TrainingCheckpoint(done, seed, training.stop(), log).write(folder);
                return checkpoints.write(done, done, folder);
              });
      LOG.info(
          "checkpoint at step {}: {} MB in {} s",
          done,
          written.bytes() / 1_000_000,
          Math.round((System.nanoTime() - start) / 1e8) / 10.0);
      last = done;
      checkpoints.keep(policy.keep(), List.of());
    } catch (HoneException | UncheckedIOException e) {
      LOG.warn("No checkpoint at step {}, training goes on without: {}", done, e.getMessage());
    }
    lastNanos = System.nanoTime();
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
