package dev.hone.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.model.ModelFolder;
import dev.hone.model.ModelFolderWriter;
import dev.hone.model.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training that stops, leaves model and optimizer in files, and goes on from them gives the bits of
 * training in one go, dropout on.
 */
class SegmentedTrainingTest {
  private static final int UPDATES = SmallTraining.UPDATES;

  @TempDir private static Path folder;
  private static SmallTraining training;
  private static ModelFolder base;
  private static List<TrainingUpdate> log;
  private static SortedMap<String, Tensor> inOneGo;

  @BeforeAll
  static void trainInOneGo() {
    training = SmallTraining.in(folder);
    base = training.base();
    log = new ArrayList<>();
    inOneGo =
        Training.run(
            base,
            OptimizerState.NONE,
            SmallTraining.batches(0, UPDATES),
            training.options(),
            (update, all) -> log.add(update));
  }

  /** The weights after segments that end before the steps given, and the log. */
  private static SortedMap<String, Tensor> inSegments(
      Path files, List<TrainingUpdate> seen, int... ends) throws IOException {
    ModelFolder model = base;
    OptimizerState state = OptimizerState.NONE;
    int first = 0;
    for (int end : ends) {
      Training.Stop stop =
          Training.part(
              model,
              state,
              SmallTraining.batches(first, end),
              training.options(),
              (update, all) -> seen.add(update));
      Path weights = Files.createDirectories(files.resolve("model-" + end));
      ModelFolderWriter.write(base, stop.weights(), weights);
      Path moments = Files.createDirectories(files.resolve("optimizer-" + end));
      stop.optimizer().write(moments);
      model = ModelFolder.open(weights);
      state = OptimizerState.read(moments);
      first = end;
    }
    return Training.run(
        model,
        state,
        SmallTraining.batches(first, UPDATES),
        training.options(),
        (update, all) -> seen.add(update));
  }

  private static void assertSameBits(
      SortedMap<String, Tensor> one, SortedMap<String, Tensor> other) {
    assertThat(one.keySet()).isEqualTo(other.keySet());
    one.forEach(
        (name, tensor) ->
            assertThat(Arrays.equals(tensor.values(), other.get(name).values())).as(name).isTrue());
  }

  @Test
  void segmentsGiveTheWeightsOfOneGo() throws IOException {
    List<TrainingUpdate> seen = new ArrayList<>();
    assertSameBits(inSegments(folder.resolve("three"), seen, 4, 5), inOneGo);
    assertThat(seen)
        .extracting(TrainingUpdate::step)
        .isEqualTo(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
    assertThat(seen)
        .extracting(TrainingUpdate::loss)
        .isEqualTo(log.stream().map(TrainingUpdate::loss).toList());
    assertThat(seen)
        .extracting(TrainingUpdate::learningRate)
        .isEqualTo(log.stream().map(TrainingUpdate::learningRate).toList());
    assertThat(seen)
        .extracting(TrainingUpdate::gradientNorm)
        .isEqualTo(log.stream().map(TrainingUpdate::gradientNorm).toList());
  }

  @Test
  void momentsAreNeededForThat() throws IOException {
    Training.Stop stop =
        Training.part(
            base,
            OptimizerState.NONE,
            SmallTraining.batches(0, 6),
            training.options(),
            (update, all) -> {});
    Path weights = Files.createDirectories(folder.resolve("without"));
    ModelFolderWriter.write(base, stop.weights(), weights);
    SortedMap<String, Tensor> without =
        Training.run(
            ModelFolder.open(weights),
            OptimizerState.NONE,
            SmallTraining.batches(6, UPDATES),
            training.options(),
            (update, all) -> {});

    String name = "encoder.layer.0.attention.self.query.weight";
    assertThat(Arrays.equals(without.get(name).values(), inOneGo.get(name).values())).isFalse();
  }

  @Test
  void stateIsReadAsItWasWritten() throws IOException {
    Training.Stop stop =
        Training.part(
            base,
            OptimizerState.NONE,
            SmallTraining.batches(0, 2),
            training.options(),
            (update, all) -> {});
    Path written = Files.createDirectories(folder.resolve("state"));
    stop.optimizer().write(written);
    OptimizerState read = OptimizerState.read(written);

    assertThat(read.updates()).isEqualTo(2);
    assertThat(read.nonFinite()).isZero();
    assertThat(read.first().keySet()).isEqualTo(stop.weights().keySet());
    assertSameBits(read.first(), stop.optimizer().first());
    assertSameBits(read.second(), stop.optimizer().second());
  }
}
