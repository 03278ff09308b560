package dev.hone.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.model.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training that goes on from a checkpoint, at any step, reaches the bytes of training in one go at
 * the next one, dropout on; so it reaches those of the end from any step.
 */
class ResumedTrainingTest {
  private static final int END = 4;

  /** What is frozen makes files smaller. */
  private static final ParameterRates UPPER_LAYERS =
      new ParameterRates(0.9, new TreeMap<>(), List.of("embeddings", "0-2"));

  @TempDir private static Path folder;
  private static SmallTraining training;

  @BeforeAll
  static void trainInOneGo() {
    training = SmallTraining.in(folder);
    train(TrainingStart.at(training.base()), List.of(), 0, END, folder.resolve("whole"));
  }

  /** Trains, with a checkpoint at every step. */
  private static void train(
      TrainingStart start, List<TrainingUpdate> before, int first, int end, Path checkpoints) {
    List<TrainingUpdate> log = new ArrayList<>(before);
    Training.run(
        start,
        SmallTraining.batches(first, end),
        training.options(0.1, 1, UPPER_LAYERS, SmallTraining.BATCH),
        (update, all) -> log.add(update),
        (done, now) -> {
          try {
            new TrainingCheckpoint(done, 7, now.state(), log, ValidationHistory.NONE)
                .write(Files.createDirectories(checkpoints.resolve("" + done)));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return true;
        },
        now -> null);
  }

  @TestFactory
  Stream<DynamicTest> nextStepHasTheBytesOfTrainingInOneGo() {
    return IntStream.range(0, END)
        .mapToObj(step -> DynamicTest.dynamicTest("from step " + step, () -> resume(step)));
  }

  private static void resume(int step) throws IOException {
    Path whole = folder.resolve("whole");
    TrainingCheckpoint found = TrainingCheckpoint.read(whole.resolve("" + step));
    assertThat(found.done()).isEqualTo(step);
    Path resumed = folder.resolve("from-" + step);
    train(TrainingStart.at(training.base(), found.state()), found.log(), step, step + 1, resumed);
    for (int done : new int[] {step, step + 1}) {
      for (String file :
          List.of(
              "weights.safetensors",
              "first.safetensors",
              "second.safetensors",
              "counts.json",
              "position.json")) {
        assertThat(resolve(resumed, done, file))
            .as(done + "/" + file)
            .hasSameBinaryContentAs(resolve(whole, done, file));
      }
    }
  }

  private static Path resolve(Path checkpoints, int done, String file) {
    return checkpoints.resolve(done + "/" + file);
  }

  @Test
  void checkpointsCarryEachUpdateOnce() throws IOException {
    List<TrainingUpdate> log = TrainingCheckpoint.read(folder.resolve("whole/" + END)).log();
    assertThat(log).extracting(TrainingUpdate::step).containsExactly(0, 1, 2, 3);
    assertThat(log).allMatch(update -> update.loss() > 0 && update.seconds() > 0);
  }

  @Test
  void checkpointIsReadAsItWasWritten() throws IOException {
    TrainingUpdate diverged =
        new TrainingUpdate(8, 1, "a", Double.NaN, 1e-5, Double.POSITIVE_INFINITY, 4, 99, 0.125);
    TrainingState state = TrainingCheckpoint.read(folder.resolve("whole/1")).state();
    OptimizerState optimizer =
        new OptimizerState(8, 1, state.optimizer().first(), state.optimizer().second());
    ValidationHistory validations =
        new ValidationHistory(
            List.of(
                new ValidationResult(
                    9,
                    1,
                    0.25,
                    List.of(
                        new ValidationResult.Score("a", "ndcg", 10, 0.5, 0.4),
                        new ValidationResult.Score("b", "spearman", null, Double.NaN, 0.2)))));
    TrainingCheckpoint written =
        new TrainingCheckpoint(
            9, 42, new TrainingState(state.weights(), optimizer), List.of(diverged), validations);
    Path files = Files.createDirectories(folder.resolve("written"));
    written.write(files);
    TrainingCheckpoint read = TrainingCheckpoint.read(files);

    assertThat(List.of(read.done(), read.epoch())).containsExactly(9, 1);
    assertThat(read.seed()).isEqualTo(42);
    assertThat(read.log()).containsExactly(diverged);
    assertThat(read.validations()).isEqualTo(validations);
    assertThat(read.state().optimizer().updates()).isEqualTo(8);
    assertThat(read.state().optimizer().nonFinite()).isOne();
    assertSameBits(read.state().weights().get(), state.weights().get());
    assertSameBits(read.state().optimizer().first().get(), state.optimizer().first().get());
    assertSameBits(read.state().optimizer().second().get(), state.optimizer().second().get());
  }

  /** A checkpoint without what the optimizer remembers leads elsewhere. */
  @Test
  void momentsMatter() throws IOException {
    TrainingCheckpoint found = TrainingCheckpoint.read(folder.resolve("whole/3"));
    Path without = folder.resolve("without");
    train(
        new TrainingStart(
            training.base(), Optional.of(found.state().weights()), OptimizerState.NONE),
        List.of(),
        3,
        4,
        without);
    assertThat(
            Files.mismatch(
                resolve(without, 4, "weights.safetensors"),
                resolve(folder.resolve("whole"), 4, "weights.safetensors")))
        .isNotNegative();
  }

  private static void assertSameBits(
      SortedMap<String, Tensor> one, SortedMap<String, Tensor> other) {
    assertThat(one.keySet()).isEqualTo(other.keySet());
    one.forEach(
        (name, tensor) ->
            assertThat(Arrays.equals(tensor.values(), other.get(name).values())).as(name).isTrue());
  }
}
