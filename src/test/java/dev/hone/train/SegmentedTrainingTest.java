package dev.hone.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.model.ModelFolder;
import dev.hone.model.ModelFolderWriter;
import dev.hone.model.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training that ends a segment, leaves a model folder and the optimizer in files, and goes on from
 * them as from any model gives the bits of training in one go, dropout on.
 */
class SegmentedTrainingTest {
  private static final int END = 6;

  @TempDir private Path folder;

  private static <T> T train(
      SmallTraining training,
      TrainingStart start,
      int first,
      int end,
      List<TrainingUpdate> log,
      Function<Training, T> result) {
    return Training.run(
        start,
        SmallTraining.batches(first, end),
        training.options(),
        (update, all) -> log.add(update),
        BetweenUpdates.NOTHING,
        result);
  }

  private static SortedMap<String, Tensor> weights(Training training) {
    return training.state().weights().get();
  }

  @Test
  void segmentsGiveTheWeightsOfOneGo() {
    SmallTraining training = SmallTraining.in(folder);
    List<TrainingUpdate> log = new ArrayList<>();
    SortedMap<String, Tensor> inOneGo =
        train(
            training,
            TrainingStart.at(training.base()),
            0,
            END,
            log,
            SegmentedTrainingTest::weights);

    List<TrainingUpdate> seen = new ArrayList<>();
    TrainingStart start = TrainingStart.at(training.base());
    int first = 0;
    for (int end : new int[] {3, 4}) {
      String name = "until-" + end;
      start =
          train(training, start, first, end, seen, now -> handedOver(training, now.state(), name));
      first = end;
    }
    assertSameBits(
        train(training, start, first, END, seen, SegmentedTrainingTest::weights), inOneGo);
    assertThat(seen).extracting(TrainingUpdate::step).containsExactly(0, 1, 2, 3, 4, 5);
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

  private TrainingStart handedOver(SmallTraining training, TrainingState state, String name) {
    try {
      Path weights = Files.createDirectories(folder.resolve(name + "/model"));
      ModelFolderWriter.write(training.base(), state.weights().get(), weights);
      Path moments = Files.createDirectories(folder.resolve(name + "/optimizer"));
      state.optimizer().write(moments);
      return TrainingStart.at(ModelFolder.open(weights), OptimizerState.read(moments));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertSameBits(
      SortedMap<String, Tensor> one, SortedMap<String, Tensor> other) {
    assertThat(one.keySet()).isEqualTo(other.keySet());
    one.forEach(
        (name, tensor) ->
            assertThat(Arrays.equals(tensor.values(), other.get(name).values())).as(name).isTrue());
  }
}
