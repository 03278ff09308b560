package dev.hone.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected ends are those of percentile bootstraps by SciPy 1.17.1 and NumPy 2.4.6. */
class BootstrapTest {
  private static final double[] VALUES = {.3801, .6463, .25, .5250, 1, .3333, .6, .25, .75, .2857};
  private static final double[] FEW = {.1, .2, .4};

  /** Three to four standard errors of an end at 20,000 draws. */
  private static final Offset<Double> DRAWN = within(0.005);

  @ParameterizedTest
  @CsvSource({"0.95, 0.36402, 0.65500", "0.80, 0.40764, 0.60084"})
  void intervalOfTheMeanAgreesWithSciPy(double confidence, double low, double high) {
    Interval interval = new Bootstrap(20_000, confidence, 1).mean(VALUES);

    assertThat(interval.low()).isCloseTo(low, DRAWN);
    assertThat(interval.high()).isCloseTo(high, DRAWN);
  }

  @Test
  void macroIntervalResamplesWithinEachDataset() {
    Interval interval = new Bootstrap(20_000, 0.95, 1).macro(Map.of("large", VALUES, "small", FEW));

    assertThat(interval.low()).isCloseTo(0.27093, DRAWN);
    assertThat(interval.high()).isCloseTo(0.47257, DRAWN);
    assertThat(interval.low()).isLessThan(0.36769);
    assertThat(interval.high()).isGreaterThan(0.36769);
  }

  @Test
  void intervalOfRankCorrelationAgreesWithSciPy() {
    double[] scores = SimilarityTest.SIXTY_SCORES;
    double[] grades = SimilarityTest.SIXTY_GRADES;
    Interval interval =
        new Bootstrap(20_000, 0.95, 1)
            .statistic(60, drawn -> Similarity.spearman(at(scores, drawn), at(grades, drawn)));

    assertThat(interval.low()).isCloseTo(0.0325, within(0.015));
    assertThat(interval.high()).isCloseTo(0.6016, within(0.015));
  }

  @Test
  void intervalContainsTheMeanForEverySeed() {
    for (int seed = 0; seed < 20; seed++) {
      Interval interval = Bootstrap.seeded(seed).mean(VALUES);

      assertThat(interval.low()).isLessThan(Means.mean(VALUES));
      assertThat(interval.high()).isGreaterThan(Means.mean(VALUES));
    }
  }

  @Test
  void sameSeedGivesTheSameIntervalAndAnotherSeedAnother() {
    Bootstrap bootstrap = Bootstrap.seeded(42);
    Interval first = bootstrap.mean(VALUES);

    assertThat(bootstrap.mean(VALUES)).isEqualTo(first);
    assertThat(Bootstrap.seeded(42).mean(VALUES)).isEqualTo(first);
    assertThat(Bootstrap.seeded(43).mean(VALUES)).isNotEqualTo(first);
  }

  @Test
  void macroDoesNotDependOnTheOrderOfTheMap() {
    Map<String, double[]> forth = new LinkedHashMap<>();
    forth.put("a", VALUES);
    forth.put("b", FEW);
    Map<String, double[]> back = new LinkedHashMap<>();
    back.put("b", FEW);
    back.put("a", VALUES);

    assertThat(Bootstrap.seeded(1).macro(back)).isEqualTo(Bootstrap.seeded(1).macro(forth));
  }

  @Test
  void macroOfOneDatasetIsItsMean() {
    assertThat(Bootstrap.seeded(5).macro(Map.of("only", VALUES)))
        .isEqualTo(Bootstrap.seeded(5).mean(VALUES));
  }

  @Test
  void macroWeighsDatasetsAndNotQueries() {
    double[] many = new double[1000];
    Arrays.fill(many, 1.0);

    assertThat(Bootstrap.seeded(1).macro(Map.of("many", many, "one", new double[] {0})))
        .isEqualTo(new Interval(0.5, 0.5));
  }

  @Test
  void higherConfidenceWidensTheInterval() {
    Interval narrow = new Bootstrap(2_000, 0.5, 1).mean(VALUES);
    Interval wide = new Bootstrap(2_000, 0.99, 1).mean(VALUES);

    assertThat(wide.low()).isLessThan(narrow.low());
    assertThat(wide.high()).isGreaterThan(narrow.high());
  }

  @Test
  void equalValuesLeaveNoWidth() {
    double[] constant = {.1, .1, .1};

    assertThat(Bootstrap.seeded(1).mean(constant))
        .isEqualTo(new Interval(Means.mean(constant), Means.mean(constant)));
  }

  @Test
  void undefinedDrawsAreLeftOut() {
    Interval interval = Bootstrap.seeded(1).statistic(2, drawn -> drawn[0] == 0 ? Double.NaN : 3.0);

    assertThat(interval).isEqualTo(new Interval(3.0, 3.0));
  }

  @Test
  void nothingToDrawFromHasNoInterval() {
    Interval nothing = new Interval(Double.NaN, Double.NaN);

    assertThat(Bootstrap.seeded(1).mean(new double[0])).isEqualTo(nothing);
    assertThat(Bootstrap.seeded(1).statistic(3, drawn -> Double.NaN)).isEqualTo(nothing);
  }

  /** NumPy's quantile of the same values. */
  @ParameterizedTest
  @CsvSource({"0, 1", "0.1, 1.4", "0.3, 2.4", "0.5, 4", "0.975, 15.2", "1, 16"})
  void quantileInterpolatesAsNumPyDoes(double share, double expected) {
    assertThat(Bootstrap.quantile(new double[] {1, 2, 4, 8, 16}, share))
        .isCloseTo(expected, within(1e-14));
  }

  @Test
  void whatCannotBeDrawnIsRefused() {
    assertThatThrownBy(() -> new Bootstrap(99, 0.95, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("illegal draws: 99, must be at least 100");
    assertThatThrownBy(() -> new Bootstrap(100, 1.0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("illegal confidence: 1.0");
    assertThatThrownBy(() -> Bootstrap.seeded(1).macro(Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("illegal data sets: none, must be at least one");
    assertThatThrownBy(() -> Bootstrap.seeded(1).macro(Map.of("empty", new double[0])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'empty'");
    assertThatThrownBy(() -> Bootstrap.seeded(1).mean(new double[] {Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("illegal value at index 0: NaN, must be finite");
    assertThatThrownBy(() -> Bootstrap.seeded(1).statistic(-1, drawn -> 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("illegal n: -1, must not be negative");
  }

  private static double[] at(double[] values, int[] indices) {
    return Arrays.stream(indices).mapToDouble(i -> values[i]).toArray();
  }
}
