package dev.hone.tune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.config.RunConfig;
import dev.hone.config.TuneDimension;
import dev.hone.config.TuneDimension.Range;
import dev.hone.config.TuneDimension.Scale;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which trials a seed draws. */
class SearchSpaceTest {
  private static SearchSpace space(String written) {
    return new SearchSpace(RunConfig.load(null, List.of("tune.space=" + written)).tune().space());
  }

  private static SearchSpace range(double from, double to, Scale scale, boolean integral) {
    return new SearchSpace(
        new TreeMap<String, TuneDimension>(
            Map.of("train.x", new Range(from, to, scale, integral))));
  }

  private static double[] values(List<Trial> trials) {
    return trials.stream()
        .mapToDouble(trial -> Double.parseDouble(trial.parameters().get("train.x")))
        .toArray();
  }

  @Test
  void aSmallSpaceIsTriedAsAWhole() {
    List<Trial> trials =
        space("{ batch-size = [32, 64], loss = [mnrl, triplet], mine.depth = [50] }").trials(9, 1);

    assertThat(trials.stream().map(Trial::describe))
        .containsExactlyInAnyOrder(
            "mine.depth = 50, train.batch-size = 32, train.loss = \"mnrl\"",
            "mine.depth = 50, train.batch-size = 32, train.loss = \"triplet\"",
            "mine.depth = 50, train.batch-size = 64, train.loss = \"mnrl\"",
            "mine.depth = 50, train.batch-size = 64, train.loss = \"triplet\"");
    assertThat(trials.stream().map(Trial::number)).containsExactly(1, 2, 3, 4);
  }

  @Test
  void noTrialIsDrawnTwiceAndTheSeedDecides() {
    SearchSpace space = space("{ batch-size = [2, 3, 4, 5, 6], epochs = { from = 1, to = 2 } }");
    List<Trial> trials = space.trials(9, 7);

    assertThat(trials).hasSize(9);
    assertThat(new HashSet<>(trials.stream().map(Trial::parameters).toList())).hasSize(9);
    assertThat(space.trials(9, 7)).isEqualTo(trials);
    assertThat(space.trials(9, 8)).isNotEqualTo(trials);
    assertThat(space.trials(1_000, 7)).as("all that there are").hasSize(10);
  }

  @Test
  void aLongerSearchBeginsWithTheTrialsOfAShorterOne() {
    SearchSpace space = space("{ learning-rate = { from = 1e-6, to = 1e-3, scale = log } }");

    assertThat(space.trials(20, 3).subList(0, 5)).isEqualTo(space.trials(5, 3));
  }

  @Test
  void aLogarithmicRangeHasAsMuchOfEachOrderOfMagnitude() {
    double[] values = values(range(1e-6, 1e-3, Scale.LOG, false).trials(900, 5));

    assertThat(values).hasSizeGreaterThan(600);
    long low = Arrays.stream(values).filter(value -> value < 1e-5).count();
    long high = Arrays.stream(values).filter(value -> value > 1e-4).count();
    assertThat((double) low / values.length).isBetween(0.28, 0.39);
    assertThat((double) high / values.length).isBetween(0.28, 0.39);
    assertThat(Arrays.stream(values).boxed())
        .allSatisfy(value -> assertThat(value).isBetween(1e-6, 1e-3));
  }

  @Test
  void aLinearRangeHasAsMuchOfBothHalves() {
    double[] values = values(range(-1, 1, Scale.LINEAR, false).trials(500, 5));

    long low = Arrays.stream(values).filter(value -> value < 0).count();
    assertThat((double) low / values.length).isBetween(0.44, 0.56);
  }

  @Test
  void integersHaveAllOfTheirRangeAndNothingElse() {
    assertThat(values(range(1, 4, Scale.LINEAR, true).trials(50, 5)))
        .containsExactlyInAnyOrder(1, 2, 3, 4);
  }
}
