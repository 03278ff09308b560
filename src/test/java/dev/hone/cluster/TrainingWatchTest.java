package dev.hone.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.model.Tensor;
import dev.hone.store.Checkpoints;
import dev.hone.store.Workspace;
import dev.hone.torch.WordNetTexts;
import dev.hone.train.BestModel;
import dev.hone.train.ParameterRates;
import dev.hone.train.SmallTraining;
import dev.hone.train.Training;
import dev.hone.train.TrainingCheckpoint;
import dev.hone.train.TrainingStart;
import dev.hone.train.TrainingUpdate;
import dev.hone.train.ValidationHistory;
import dev.hone.train.ValidationPlan;
import dev.hone.train.ValidationResult;
import dev.hone.train.ValidationSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rank's training with checkpoints and validations, killed and damaged. */
class TrainingWatchTest {
  private static final int END = 5;

  @TempDir private Path folder;
  private SmallTraining training;

  @BeforeEach
  void open() {
    training = SmallTraining.in(folder);
  }

  /** Lemmas, and their glosses among those of others. */
  private static ValidationPlan plan(int every, int patience) {
    List<String> lemmas = WordNetTexts.lemmas(140).subList(100, 120);
    List<String> glosses = WordNetTexts.glosses(140).subList(100, 140);
    List<ValidationSet.Text> queries = new ArrayList<>();
    List<ValidationSet.Text> documents = new ArrayList<>();
    Map<String, Map<String, Integer>> grades = new TreeMap<>();
    for (int i = 0; i < glosses.size(); i++) {
      documents.add(new ValidationSet.Text("d" + i, glosses.get(i)));
      if (i < lemmas.size()) {
        queries.add(new ValidationSet.Text("q" + i, lemmas.get(i)));
        grades.put("q" + i, Map.of("d" + i, 1));
      }
    }
    return new ValidationPlan(
        every,
        patience,
        "ndcg",
        10,
        1,
        "LINEAR",
        List.of(new ValidationSet.Ranked("wordnet", queries, documents, grades)));
  }

  private Checkpoints checkpoints(String name) {
    Workspace workspace = Workspace.open(folder.resolve(name).toString(), new Configuration(false));
    return Checkpoints.of(workspace, "d1");
  }

  private TrainingWatch watch(String name, ValidationPlan plan) {
    return new TrainingWatch(
        checkpoints(name),
        new CheckpointPolicy(1, 0, 2),
        new Segment(0, 0, END),
        7,
        Optional.ofNullable(plan),
        Optional.empty());
  }

  /** The step that it went on from, and the model. */
  private record Result(int from, SortedMap<String, Tensor> weights, TrainingWatch watch) {}

  /** Trains to the end, or to a step in which it is killed. */
  private Result train(TrainingWatch watch, double rate, int killedIn) throws IOException {
    Optional<TrainingCheckpoint> found = watch.resume(Files.createTempDirectory(folder, "resume"));
    int from = found.map(TrainingCheckpoint::done).orElse(0);
    TrainingStart start =
        found
            .map(checkpoint -> TrainingStart.at(training.base(), checkpoint.state()))
            .orElse(TrainingStart.at(training.base()));
    ParameterRates rates =
        new ParameterRates(1, new TreeMap<>(Map.of("*", rate)), List.of("embeddings", "0-3"));
    return Training.run(
        start,
        SmallTraining.batches(from, END),
        training.options(0.1, 1, rates, SmallTraining.BATCH),
        (update, all) -> {
          if (update.step() == killedIn) {
            throw new IllegalStateException("killed");
          }
          watch.updated(update, all);
        },
        watch,
        now -> new Result(from, watch.best(watch.log().size(), now), watch));
  }

  private void killed(String name, ValidationPlan plan, int step) {
    assertThatThrownBy(() -> train(watch(name, plan), 1e-3, step)).hasMessage("killed");
  }

  private static void assertSameBits(
      SortedMap<String, Tensor> one, SortedMap<String, Tensor> other) {
    assertThat(one.keySet()).isEqualTo(other.keySet());
    one.forEach(
        (name, tensor) ->
            assertThat(Arrays.equals(tensor.values(), other.get(name).values())).as(name).isTrue());
  }

  private static void damage(Path checkpoint) throws IOException {
    try (var files = Files.walk(checkpoint)) {
      Path weights =
          files.filter(file -> file.endsWith("weights.safetensors")).findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(weights);
      bytes[bytes.length / 2] ^= 1;
      Files.write(weights, bytes);
    }
  }

  @Test
  void killedAndDamagedTrainingEndsAsOneInOneGo() throws IOException {
    ValidationPlan plan = plan(2, 0);
    Result whole = train(watch("whole", plan), 1e-3, -1);

    killed("killed", plan, 3);
    assertThat(checkpoints("killed").steps()).endsWith(2, 3);
    damage(folder.resolve("killed/checkpoints/d1/3"));
    killed("killed", plan, 4);
    assertThat(checkpoints("killed").steps()).endsWith(3, 4);
    Result resumed = train(watch("killed", plan), 1e-3, -1);

    assertThat(resumed.from()).isEqualTo(4);
    assertSameBits(resumed.weights(), whole.weights());
    assertThat(resumed.watch().validations()).isEqualTo(whole.watch().validations());
    assertThat(resumed.watch().validations().results())
        .extracting(ValidationResult::step)
        .containsExactly(0, 2, 4, 5);
    assertThat(resumed.watch().log())
        .extracting(TrainingUpdate::loss)
        .isEqualTo(whole.watch().log().stream().map(TrainingUpdate::loss).toList());
  }

  @Test
  void trainingThatGetsWorseStopsAndGivesTheBase() throws IOException {
    Result result = train(watch("worse", plan(1, 2)), 0.3, -1);

    // The first update has rate 0, so that its model is no better than the base.
    assertThat(result.watch().validations().results())
        .extracting(ValidationResult::step)
        .containsExactly(0, 1, 2);
    assertThat(result.watch().log()).hasSize(2);
    assertThat(result.watch().validations().best()).isZero();
    assertSameBits(result.weights(), training.base().weights());

    Result again = train(watch("worse", plan(1, 2)), 0.3, -1);
    assertThat(again.watch().validations()).isEqualTo(result.watch().validations());
    assertSameBits(again.weights(), training.base().weights());
  }

  /** A best model of an earlier segment lies in no checkpoint of this one's. */
  @Test
  void bestModelOfAnEarlierSegmentStays() throws IOException {
    SortedMap<String, Tensor> best = new TreeMap<>(training.base().weights());
    best.put("embeddings.LayerNorm.bias", new Tensor(new long[] {1}, new float[] {7}));
    List<ValidationResult.Score> scores =
        List.of(new ValidationResult.Score("wordnet", "ndcg", 10, 0.9, 0.1));
    ValidationHistory earlier =
        new ValidationHistory(
            List.of(new ValidationResult(0, 0, 0, scores), new ValidationResult(2, 0, 8, scores)));
    TrainingWatch watch =
        new TrainingWatch(
            checkpoints("later"),
            new CheckpointPolicy(1, 0, 2),
            new Segment(1, 3, END),
            7,
            Optional.of(plan(2, 0)),
            Optional.of(new BestModel(() -> best, earlier)));
    SortedMap<String, Tensor> chosen =
        Training.run(
            TrainingStart.at(training.base()),
            SmallTraining.batches(3, END),
            training.options(),
            watch,
            watch,
            now -> watch.best(END, now));

    assertThat(watch.validations().results())
        .extracting(ValidationResult::step)
        .containsExactly(0, 2, 4, 5);
    assertThat(watch.validations().results().get(3).scores().get(0).base()).isEqualTo(0.9);
    assertThat(chosen).isEqualTo(best);
    assertThat(
            watch("later", plan(2, 0))
                .resume(Files.createTempDirectory(folder, "resume"))
                .map(TrainingCheckpoint::done))
        .contains(4);
  }

  @Test
  void withoutValidationTheLastModelIsTheTunedOne() throws IOException {
    Result result = train(watch("plain", null), 1e-3, -1);
    assertThat(result.watch().validations().results()).isEmpty();
    assertThat(result.watch().log()).hasSize(END);
    assertThat(checkpoints("plain").steps()).containsExactly(3, 4);
  }
}
