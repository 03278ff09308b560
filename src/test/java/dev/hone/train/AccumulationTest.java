package dev.hone.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.hone.loss.BatchRows;
import dev.hone.loss.Distance;
import dev.hone.loss.RankingRow;
import dev.hone.loss.TripletOptions;
import dev.hone.model.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates of several batches, and updates that leave some parameters as they are. */
class AccumulationTest {
  private static final double NO_CLIPPING = 1e9;

  @TempDir private static Path folder;
  private static SmallTraining training;

  @BeforeAll
  static void open() {
    training = SmallTraining.in(folder);
  }

  /** What one update leaves: its gradient is the first moment, divided by 1 - 0.9. */
  private record Update(
      TrainingUpdate seen, SortedMap<String, Tensor> moments, SortedMap<String, Tensor> weights) {}

  private static Update update(ParameterRates rates, int batchRows, List<RankingRow> rows) {
    return update(training.options(0, NO_CLIPPING, rates, batchRows), rows);
  }

  private static Update update(TrainingOptions options, List<RankingRow> rows) {
    TrainingUpdate[] seen = new TrainingUpdate[1];
    return Training.run(
        TrainingStart.at(training.base()),
        new ListedBatches(
            1,
            SmallTraining.UPDATES,
            List.of(new TrainingBatch(0, "wordnet", new BatchRows.Ranking(rows))).iterator()),
        options,
        (update, all) -> seen[0] = update,
        BetweenUpdates.NOTHING,
        now ->
            new Update(
                seen[0], now.state().optimizer().first().get(), now.state().weights().get()));
  }

  /** Five rows in batches of two at most are one row, two and two. */
  @Test
  void gradientIsThatOfTheMeanOverTheRowsOfAllBatches() {
    List<RankingRow> rows = SmallTraining.rows(0, 5);
    Update whole = update(ParameterRates.ALL_ALIKE, 2, rows);
    List<Update> parts =
        List.of(
            update(ParameterRates.ALL_ALIKE, 2, rows.subList(0, 1)),
            update(ParameterRates.ALL_ALIKE, 2, rows.subList(1, 3)),
            update(ParameterRates.ALL_ALIKE, 2, rows.subList(3, 5)));
    double[] weights = {0.2, 0.4, 0.4};

    double difference = 0;
    double norm = 0;
    for (String name : whole.moments().keySet()) {
      float[] values = whole.moments().get(name).values();
      for (int i = 0; i < values.length; i++) {
        double mean = 0;
        for (int part = 0; part < weights.length; part++) {
          mean += weights[part] * parts.get(part).moments().get(name).values()[i];
        }
        difference += (values[i] - mean) * (values[i] - mean);
        norm += mean * mean;
      }
    }
    assertThat(Math.sqrt(difference / norm)).isLessThan(1e-5);
    assertThat(whole.seen().gradientNorm()).isCloseTo(10 * Math.sqrt(norm), within(1e-4));
    assertThat(whole.seen().loss())
        .isCloseTo(
            0.2 * parts.get(0).seen().loss()
                + 0.4 * parts.get(1).seen().loss()
                + 0.4 * parts.get(2).seen().loss(),
            within(1e-6));
    assertThat(whole.seen().examples()).isEqualTo(5);
    assertThat(whole.seen().tokens())
        .isEqualTo(parts.stream().mapToLong(part -> part.seen().tokens()).sum());
  }

  /** No negative is shared, so that batches change nothing; the first of them has no triplet. */
  @Test
  void tripletsCountAlikeInWhicheverBatchTheyAre() {
    List<RankingRow> rows = new ArrayList<>(SmallTraining.rows(0, 5));
    for (int row = 0; row < 2; row++) {
      RankingRow full = rows.get(row);
      rows.set(
          row,
          new RankingRow(
              full.queryKey(),
              full.queryText(),
              full.positive(),
              List.of(),
              full.knownPositives()));
    }
    TripletOptions triplets = new TripletOptions(Distance.EUCLIDEAN, 0.5);
    Update parts =
        update(training.options(triplets, 0, NO_CLIPPING, ParameterRates.ALL_ALIKE, 2), rows);
    Update whole =
        update(training.options(triplets, 0, NO_CLIPPING, ParameterRates.ALL_ALIKE, 5), rows);
    assertThat(parts.seen().loss()).isPositive().isCloseTo(whole.seen().loss(), within(1e-6));
    assertThat(parts.seen().gradientNorm())
        .isCloseTo(whole.seen().gradientNorm(), withinPercentage(0.01));
  }

  /** A row's loss grows with the candidates that it is compared with. */
  @Test
  void batchesAddNoNegativesToEachOther() {
    List<RankingRow> rows = SmallTraining.rows(0, 4);
    assertThat(update(ParameterRates.ALL_ALIKE, 2, rows).seen().loss())
        .isLessThan(update(ParameterRates.ALL_ALIKE, 4, rows).seen().loss());
  }

  @Test
  void frozenParametersStayAndHaveNoMoments() {
    ParameterRates rates =
        new ParameterRates(1, new TreeMap<>(), List.of("embeddings", "0-2", "*.bias"));
    Update update = update(rates, 4, SmallTraining.rows(0, 4));
    SortedMap<String, Tensor> base = training.base().weights();

    assertThat(update.moments().keySet())
        .isNotEmpty()
        .allMatch(name -> name.matches("encoder\\.layer\\.[345]\\..*weight"));
    assertThat(update.weights().keySet()).containsAll(update.moments().keySet());
    update
        .weights()
        .forEach(
            (name, tensor) ->
                assertThat(Arrays.equals(tensor.values(), base.get(name).values()))
                    .as(name)
                    .isEqualTo(!update.moments().containsKey(name)));
  }
}
