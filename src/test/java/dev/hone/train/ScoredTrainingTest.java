package dev.hone.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hone.loss.BatchRows;
import dev.hone.loss.MatryoshkaOptions;
import dev.hone.loss.Objective;
import dev.hone.loss.OrderOptions;
import dev.hone.loss.RankingOptions;
import dev.hone.loss.ScoredPair;
import dev.hone.model.Precision;
import dev.hone.text.Prompts;
import dev.hone.torch.WordNetTexts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training on scored pairs, alone and in turns with queries and their positives. */
class ScoredTrainingTest {
  private static final int UPDATES = 12;

  @TempDir private static Path folder;
  private static SmallTraining training;

  @BeforeAll
  static void open() {
    training = SmallTraining.in(folder);
  }

  /** Lemmas with their own gloss, 4, with that of the next synset, 1, and of a distant one, 0. */
  private static BatchRows.Scored pairs() {
    List<String> lemmas = WordNetTexts.lemmas(24);
    List<String> glosses = WordNetTexts.glosses(24);
    List<ScoredPair> pairs = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      pairs.add(new ScoredPair(lemmas.get(i), glosses.get(i), 4));
      pairs.add(new ScoredPair(lemmas.get(i), glosses.get(i + 1), 1));
      pairs.add(new ScoredPair(lemmas.get(i), glosses.get(i + 16), 0));
    }
    return new BatchRows.Scored(pairs);
  }

  private static DatasetTraining with(Objective objective) {
    return with(objective, Prompts.NONE, 32);
  }

  private static DatasetTraining with(Objective objective, Prompts prompts, int maxLength) {
    return new DatasetTraining(
        new TrainingLoss(objective, MatryoshkaOptions.NONE, true),
        new OneGraph(GradientMethod.CHUNK_TOKENS),
        prompts,
        maxLength);
  }

  private static TrainingOptions options(Map<String, DatasetTraining> datasets, int batchRows) {
    return new TrainingOptions(
        datasets,
        new LearningRateSchedule(1e-4, 0, UPDATES, LearningRateSchedule.Decay.CONSTANT),
        0.01,
        1,
        Precision.FP32,
        0,
        0,
        32,
        Prompts.NONE,
        2,
        3,
        7,
        training.cache(),
        ParameterRates.ALL_ALIKE,
        batchRows);
  }

  private static List<TrainingUpdate> run(TrainingOptions options, List<TrainingBatch> batches) {
    List<TrainingUpdate> log = new ArrayList<>();
    Training.run(
        TrainingStart.at(training.base()),
        new ListedBatches(0, UPDATES, batches.iterator()),
        options,
        (update, all) -> log.add(update),
        BetweenUpdates.NOTHING,
        now -> null);
    return log;
  }

  private static TrainingBatch scored() {
    return new TrainingBatch(0, "similar", pairs());
  }

  @Test
  void cosentLearnsTheOrderOfTheScores() {
    List<TrainingUpdate> log =
        run(
            options(Map.of("similar", with(new OrderOptions(20))), 64),
            IntStream.range(0, UPDATES).mapToObj(step -> scored()).toList());

    assertThat(log.get(0).examples()).isEqualTo(24);
    assertThat(log.get(UPDATES - 1).loss()).isLessThan(0.9 * log.get(0).loss());
    assertThat(log).allSatisfy(update -> assertThat(update.gradientNorm()).isPositive());
  }

  @Test
  void eachDataSetIsTrainedWithItsOwnLoss() {
    BatchRows.Ranking ranking = new BatchRows.Ranking(SmallTraining.rows(0, 12));
    List<TrainingBatch> batches = new ArrayList<>();
    for (int step = 0; step < UPDATES; step += 2) {
      batches.add(scored());
      batches.add(new TrainingBatch(0, "wordnet", ranking));
    }
    Map<String, DatasetTraining> both =
        Map.of("similar", with(new OrderOptions(20)), "wordnet", with(RankingOptions.plain(20)));
    List<TrainingUpdate> log = run(options(both, 64), batches);

    double[] orders = losses(log, "similar");
    double[] rankings = losses(log, "wordnet");
    assertThat(orders).hasSize(6);
    assertThat(rankings).hasSize(6);
    assertThat(orders[5]).isLessThan(orders[0]);
    assertThat(rankings[5]).isLessThan(rankings[0]);
    List<TrainingUpdate> alone =
        run(options(Map.of("similar", with(new OrderOptions(20))), 64), List.of(scored()));
    assertThat(orders[0]).as("the first loss is CoSENT's").isEqualTo(alone.get(0).loss());
  }

  private static double[] losses(List<TrainingUpdate> log, String dataset) {
    return log.stream()
        .filter(update -> update.dataset().equals(dataset))
        .flatMapToDouble(update -> DoubleStream.of(update.loss()))
        .toArray();
  }

  @Test
  void promptsAndLengthAreThoseOfTheDataSet() {
    long plain = tokens(with(new OrderOptions(20)));
    assertThat(tokens(with(new OrderOptions(20), new Prompts("ask: ", ""), 32)))
        .as("no text of a pair is a query")
        .isEqualTo(plain);
    assertThat(tokens(with(new OrderOptions(20), new Prompts("", "word "), 40)))
        .isGreaterThanOrEqualTo(plain + 48);
    assertThat(tokens(with(new OrderOptions(20), Prompts.NONE, 5)))
        .isLessThanOrEqualTo(48L * 5)
        .isLessThan(plain);
  }

  private static long tokens(DatasetTraining similar) {
    return run(options(Map.of("similar", similar), 64), List.of(scored())).get(0).tokens();
  }

  @Test
  void anUpdateOfSeveralBatchesIsTheMeanOverTheirRows() {
    double whole =
        run(options(Map.of("similar", with(new OrderOptions(20))), 12), List.of(scored()))
            .get(0)
            .loss();
    double sum = 0;
    for (int part = 0; part < 2; part++) {
      TrainingBatch half =
          new TrainingBatch(0, "similar", pairs().part(12 * part, 12 * (part + 1)));
      sum +=
          run(options(Map.of("similar", with(new OrderOptions(20))), 12), List.of(half))
              .get(0)
              .loss();
    }
    assertThat(whole).isCloseTo(sum / 2, within(1e-5));
  }

  @Test
  void rowsOfAnotherKindAndUnknownDataSetsAreRefused() {
    assertThatThrownBy(
            () ->
                run(
                    options(Map.of("similar", with(RankingOptions.plain(20))), 64),
                    List.of(scored())))
        .hasMessageContaining("mnrl is not asked of Scored rows");
    assertThatThrownBy(
            () -> run(options(Map.of("other", with(new OrderOptions(20))), 64), List.of(scored())))
        .hasMessageContaining("similar is none of the data sets that are trained on, [other]");
    assertThatThrownBy(() -> new BatchRows.Scored(List.of())).hasMessageContaining("0 rows");
    assertThatThrownBy(() -> new ScoredPair("a", "b", Double.NaN))
        .hasMessageContaining("score is NaN, must be finite");
  }
}
