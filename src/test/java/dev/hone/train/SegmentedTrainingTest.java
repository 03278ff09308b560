package dev.hone.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.loss.MatryoshkaOptions;
import dev.hone.loss.RankingOptions;
import dev.hone.loss.RankingRow;
import dev.hone.loss.RankingRow.Candidate;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelFolderWriter;
import dev.hone.model.ModelSource;
import dev.hone.model.Precision;
import dev.hone.model.Tensor;
import dev.hone.store.LocalCache;
import dev.hone.text.Prompts;
import dev.hone.torch.WordNetTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training that stops, leaves model and optimizer in files, and goes on from them gives the bits of
 * training in one go, dropout on.
 */
class SegmentedTrainingTest {
  private static final int UPDATES = 13;
  private static final int BATCH = 4;

  @TempDir private static Path folder;
  private static LocalCache cache;
  private static ModelFolder base;
  private static List<TrainingUpdate> log;
  private static SortedMap<String, Tensor> inOneGo;

  @BeforeAll
  static void trainInOneGo() {
    cache = LocalCache.at(folder.resolve("cache"));
    base = ModelSource.resolve("builtin:all-MiniLM-L6-v2", cache, new Configuration(false));
    log = new ArrayList<>();
    inOneGo =
        Training.run(
            base,
            OptimizerState.NONE,
            new Batches(0, UPDATES),
            options(),
            (update, all) -> log.add(update));
  }

  private static TrainingOptions options() {
    return new TrainingOptions(
        new TrainingLoss(RankingOptions.plain(20), MatryoshkaOptions.NONE, true),
        new OneGraph(GradientMethod.CHUNK_TOKENS),
        new LearningRateSchedule(1e-3, 0.2, UPDATES, LearningRateSchedule.Decay.LINEAR),
        0.01,
        1,
        Precision.FP32,
        0.1,
        0,
        32,
        Prompts.NONE,
        2,
        3,
        7,
        cache);
  }

  /** Lemmas, their glosses, and the gloss of another as a hard negative. */
  private static final class Batches implements BatchSource {
    private final int first;
    private final int end;
    private int step;

    Batches(int first, int end) {
      this.first = first;
      this.end = end;
      this.step = first;
    }

    @Override
    public int first() {
      return first;
    }

    @Override
    public int updates() {
      return UPDATES;
    }

    @Override
    public boolean hasNext() {
      return step < end;
    }

    @Override
    public TrainingBatch next() {
      List<String> lemmas = WordNetTexts.lemmas(UPDATES * BATCH + 1);
      List<String> glosses = WordNetTexts.glosses(UPDATES * BATCH + 1);
      List<RankingRow> rows = new ArrayList<>();
      for (int i = step * BATCH; i < (step + 1) * BATCH; i++) {
        Candidate negative = new Candidate(glosses.get(i + 1), Set.of("n" + i));
        rows.add(
            new RankingRow(
                lemmas.get(i),
                lemmas.get(i),
                new Candidate(glosses.get(i), Set.of("d" + i)),
                List.of(negative),
                Set.of("d" + i)));
      }
      step++;
      return new TrainingBatch(0, "wordnet", rows);
    }
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
              model, state, new Batches(first, end), options(), (update, all) -> seen.add(update));
      Path weights = Files.createDirectories(files.resolve("model-" + end));
      ModelFolderWriter.write(base, stop.weights(), weights);
      Path moments = Files.createDirectories(files.resolve("optimizer-" + end));
      stop.optimizer().write(moments);
      model = ModelFolder.open(weights);
      state = OptimizerState.read(moments);
      first = end;
    }
    return Training.run(
        model, state, new Batches(first, UPDATES), options(), (update, all) -> seen.add(update));
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
        Training.part(base, OptimizerState.NONE, new Batches(0, 6), options(), (update, all) -> {});
    Path weights = Files.createDirectories(folder.resolve("without"));
    ModelFolderWriter.write(base, stop.weights(), weights);
    SortedMap<String, Tensor> without =
        Training.run(
            ModelFolder.open(weights),
            OptimizerState.NONE,
            new Batches(6, UPDATES),
            options(),
            (update, all) -> {});

    String name = "encoder.layer.0.attention.self.query.weight";
    assertThat(Arrays.equals(without.get(name).values(), inOneGo.get(name).values())).isFalse();
  }

  @Test
  void stateIsReadAsItWasWritten() throws IOException {
    Training.Stop stop =
        Training.part(base, OptimizerState.NONE, new Batches(0, 2), options(), (update, all) -> {});
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
