package dev.hone.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Expected values are those of SciPy 1.17.1 (ttest_rel, permutation_test with every sample,
 * betainc, gammaln) and, for Holm, of statsmodels 0.15.0 (multipletests).
 */
class SignificanceTest {
  private static final double[] BASELINE = {
    .3801, .6463, .25, .5250, 1, .3333, .6, .25, .75, .2857
  };
  private static final double[] CANDIDATE = {.41, .60, .35, .5250, .9, .45, .62, .33, .80, .2857};
  private static final double[] TWELVE_DIFFERENCES = {
    .1, -.05, .2, .0, .15, .3, -.1, .05, .25, .1, .07, -.02
  };

  @Test
  void pairedTTestAgreesWithSciPy() {
    PairedTest test = Significance.pairedTTest(BASELINE, CANDIDATE);

    assertThat(test.meanDifference()).isCloseTo(0.02503, within(1e-15));
    assertThat(test.pValue()).isCloseTo(0.26378715285725945, within(1e-13));
    assertThat(test.queries()).isEqualTo(10);
    assertThat(Significance.pairedTTest(new double[] {0, 1}, new double[] {1, 3}).pValue())
        .isCloseTo(0.20483276469913345, within(1e-14));
  }

  @ParameterizedTest
  @CsvSource({"0.002, 2.9475653409502803e-05", "0.02, 1.729275163651862e-112"})
  void pairedTTestAgreesWithSciPyFarOutInTheTail(double shift, double expected) {
    double[] baseline =
        IntStream.range(0, 200).mapToDouble(i -> i * 7919 % 1009 / 1009.0).toArray();
    double[] candidate =
        IntStream.range(0, 200)
            .mapToDouble(i -> baseline[i] + (i * 104729 % 997 - 498) / 49850.0 + shift)
            .toArray();

    assertThat(Significance.pairedTTest(baseline, candidate).pValue())
        .isCloseTo(expected, withinPercentage(1e-7));
  }

  @Test
  void pairedTTestAgreesWithSciPyOnManyQueries() {
    double[] differences = IntStream.range(0, 100_001).mapToDouble(i -> i % 7 - 2.99).toArray();

    assertThat(Significance.pairedTTest(new double[100_001], differences).pValue())
        .isCloseTo(0.11493558783806837, within(1e-9));
  }

  @Test
  void pairedTTestDoesNotDependOnWhichSideIsTheBaseline() {
    PairedTest forth = Significance.pairedTTest(BASELINE, CANDIDATE);
    PairedTest back = Significance.pairedTTest(CANDIDATE, BASELINE);

    assertThat(back.pValue()).isEqualTo(forth.pValue());
    assertThat(back.meanDifference()).isEqualTo(-forth.meanDifference());
  }

  @Test
  void pairedTTestOfConstantOrBalancedDifferences() {
    assertThat(
            Significance.pairedTTest(new double[] {1, 2, 3, 4}, new double[] {2, 3, 4, 5}).pValue())
        .isZero();
    assertThat(
            Significance.pairedTTest(new double[] {.25, .5, 0}, new double[] {0, .5, .25}).pValue())
        .isEqualTo(1.0);
  }

  @Test
  void identicalRunsHaveProbabilityOne() {
    assertThat(Significance.pairedTTest(BASELINE, BASELINE)).isEqualTo(new PairedTest(0, 1, 10));
    assertThat(Significance.randomizationTest(BASELINE, BASELINE, 100, 7))
        .isEqualTo(new PairedTest(0, 1, 10));
    double[] many = SimilarityTest.SIXTY_SCORES;
    assertThat(Significance.randomizationTest(many, many, 100, 7))
        .isEqualTo(new PairedTest(0, 1, 60));
  }

  @Test
  void equalRunsOfDifferentlyManySeedsHaveProbabilityOne() {
    double[] run = SimilarityTest.SIXTY_SCORES;
    double[] once = Significance.meanPerQuery(List.of(run));
    double[] sevenTimes = Significance.meanPerQuery(Collections.nCopies(7, run));

    assertThat(sevenTimes).isNotEqualTo(once);
    assertThat(Significance.pairedTTest(once, sevenTimes)).isEqualTo(new PairedTest(0, 1, 60));
    assertThat(Significance.randomizationTest(once, sevenTimes, 100, 7))
        .isEqualTo(new PairedTest(0, 1, 60));
  }

  @Test
  void fewerThanTwoQueriesProveNothing() {
    double[] none = {};
    double[] one = {1};

    assertThat(Significance.pairedTTest(none, none)).isEqualTo(new PairedTest(0, 1, 0));
    assertThat(Significance.pairedTTest(new double[] {0}, one)).isEqualTo(new PairedTest(1, 1, 1));
    assertThat(Significance.randomizationTest(none, none, 10, 1))
        .isEqualTo(new PairedTest(0, 1, 0));
    assertThat(Significance.randomizationTest(new double[] {0}, one, 10, 1))
        .isEqualTo(new PairedTest(1, 1, 1));
  }

  @Test
  void upToTwelveQueriesEveryAssignmentCounts() {
    double[] ten = {.1, -.05, .2, .0, .15, .3, -.1, .05, .25, .1};

    assertThat(Significance.randomizationTest(new double[10], ten, 1, 5).pValue())
        .isEqualTo(56.0 / 1024);
    assertThat(Significance.randomizationTest(BASELINE, CANDIDATE, 1, 5).pValue())
        .isEqualTo(264.0 / 1024);
    assertThat(Significance.randomizationTest(new double[12], TWELVE_DIFFERENCES, 1, 5).pValue())
        .isEqualTo(152.0 / 4096);
  }

  /** Exact p-values by counting the sums of all 2^40 assignments. */
  @ParameterizedTest
  @CsvSource({"8, 0.014085915689065587", "10, 0.470562332397094"})
  void aboveTwelveQueriesDrawsComeCloseToTheExactShare(int shift, double exact) {
    double[] differences = IntStream.range(0, 40).mapToDouble(i -> i * 37 % 23 - shift).toArray();
    int draws = 100_000;
    double deviation = Math.sqrt(exact * (1 - exact) / draws);

    assertThat(Significance.randomizationTest(new double[40], differences, draws, 3).pValue())
        .isCloseTo(exact, within(4 * deviation));
  }

  @Test
  void drawsFlipEveryQueryOfALongRun() {
    double[] differences = new double[130];
    System.arraycopy(TWELVE_DIFFERENCES, 0, differences, 58, 12);
    double exact = 152.0 / 4096;
    double deviation = Math.sqrt(exact * (1 - exact) / 100_000);

    assertThat(Significance.randomizationTest(new double[130], differences, 100_000, 3).pValue())
        .isCloseTo(exact, within(4 * deviation));
  }

  @Test
  void drawnShareCountsTheRunItself() {
    double[] ones = new double[70];
    Arrays.fill(ones, 1.0);

    assertThat(Significance.randomizationTest(new double[70], ones, 999, 1).pValue())
        .isEqualTo(1.0 / 1000);
  }

  @Test
  void drawsFollowTheSeed() {
    double[] zeros = new double[60];
    double[] values = IntStream.range(0, 60).mapToDouble(i -> i * 37 % 23 - 10.0).toArray();
    PairedTest test = Significance.randomizationTest(zeros, values, 1_000, 11);

    assertThat(Significance.randomizationTest(zeros, values, 1_000, 11)).isEqualTo(test);
    assertThat(
            IntStream.range(0, 10)
                .mapToObj(seed -> Significance.randomizationTest(zeros, values, 1_000, seed))
                .distinct()
                .count())
        .isGreaterThan(1);
  }

  /** The tables of sums are quick; this is what they stand for. */
  @Test
  void signsAreTheBitsOfTheSeedsNumbers() {
    double[] differences = IntStream.range(0, 150).mapToDouble(i -> i * 37 % 23 - 9.5).toArray();
    int draws = 2_000;
    double observed = Math.abs(Arrays.stream(differences).sum());
    SplittableRandom random = new SplittableRandom(11);
    int asExtreme = 0;
    for (int draw = 0; draw < draws; draw++) {
      double sum = 0.0;
      long signs = 0;
      for (int i = 0; i < differences.length; i++) {
        signs = i % Long.SIZE == 0 ? random.nextLong() : signs >>> 1;
        sum += (signs & 1) == 0 ? differences[i] : -differences[i];
      }
      asExtreme += Math.abs(sum) >= observed ? 1 : 0;
    }

    assertThat(asExtreme).isBetween(10, draws - 10);
    assertThat(Significance.randomizationTest(new double[150], differences, draws, 11).pValue())
        .isEqualTo((asExtreme + 1.0) / (draws + 1.0));
  }

  @Test
  void drawsAreFewerForManyQueriesAndNoneWhereAllAssignmentsCount() {
    assertThat(IntStream.of(12, 13, 3_200, 6_400, 100_000, 10_000_000).map(Significance::draws))
        .containsExactly(0, 100_000, 100_000, 50_000, 10_000, 10_000);
  }

  @Test
  void effectSizeAgreesWithNumPy() {
    assertThat(Significance.effectSize(TWELVE_DIFFERENCES))
        .isCloseTo(0.7178689162648488, within(1e-15));
    assertThat(Significance.effectSize(Significance.differences(BASELINE, CANDIDATE)))
        .isCloseTo(0.3769058734568602, within(1e-15));
  }

  @Test
  void effectSizeOfDifferencesWithoutVariance() {
    assertThat(Significance.effectSize(new double[3])).isZero();
    assertThat(Significance.effectSize(new double[] {.5, .5})).isEqualTo(Double.POSITIVE_INFINITY);
    double[] alikeButForRounding = {.3 - .1, .5 - .3, .2};
    assertThat(alikeButForRounding[0]).isNotEqualTo(alikeButForRounding[1]);
    assertThat(Significance.effectSize(Arrays.stream(alikeButForRounding).map(d -> -d).toArray()))
        .isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(Significance.pairedTTest(new double[3], alikeButForRounding).pValue()).isZero();
    assertThat(Significance.effectSize(new double[] {.5})).isNaN();
  }

  @Test
  void theTTestDoesNotDependOnTheUnit() {
    double[] tiny = Arrays.stream(TWELVE_DIFFERENCES).map(d -> Math.scalb(d, -700)).toArray();

    assertThat(Significance.pairedTTest(new double[12], tiny).pValue())
        .isEqualTo(Significance.pairedTTest(new double[12], TWELVE_DIFFERENCES).pValue())
        .isBetween(0.0, 0.05);
  }

  @Test
  void equalButForRoundingIsNoDifference() {
    assertThat(Significance.differences(new double[] {.3, .5}, new double[] {.1 + .2, .75}))
        .containsExactly(0.0, .25);
  }

  /** Counted by NumPy over all 1,024 assignments. */
  @Test
  void theMeanOverDataSetsIsTestedByAssignmentsWithinThem() {
    double[] large = {.1, -.05, .2, .15, .3, -.1, .05};
    double[] small = {.2, -.1, .3};
    PairedTest test =
        Significance.macroRandomizationTest(
            new TreeMap<>(Map.of("large", large, "small", small)), 1, 5);

    assertThat(test.pValue()).isEqualTo(108.0 / 1024);
    assertThat(test.meanDifference()).isCloseTo(0.1130952380952381, within(1e-15));
    assertThat(test.queries()).isEqualTo(10);
    double[] differences = IntStream.range(0, 60).mapToDouble(i -> i * 37 % 23 - 8.0).toArray();
    assertThat(
            Significance.macroRandomizationTest(
                    new TreeMap<>(Map.of("only", differences)), 1_000, 5)
                .pValue())
        .isEqualTo(Significance.randomizationTest(new double[60], differences, 1_000, 5).pValue());
  }

  /** Queries of different difficulty, values with ties as metrics have, and no better side. */
  private static double[] exchangeable(SplittableRandom random, double[] difficulty) {
    return Arrays.stream(difficulty)
        .map(mean -> Math.rint(10 * Math.max(0, Math.min(1, mean + random.nextDouble(-.4, .4)))))
        .toArray();
  }

  /** 1,000 comparisons of which none has anything to find: so many are found at .05. */
  @Test
  void exchangeableRunsDifferAsOftenAsTheLevelSays() {
    SplittableRandom random = new SplittableRandom(2026);
    int byTTest = 0;
    int byRandomization = 0;
    for (int run = 0; run < 1_000; run++) {
      double[] difficulty = random.doubles(50).toArray();
      double[] left = exchangeable(random, difficulty);
      double[] right = exchangeable(random, difficulty);
      byTTest += Significance.pairedTTest(left, right).pValue() <= .05 ? 1 : 0;
      byRandomization +=
          Significance.randomizationTest(left, right, 999, run).pValue() <= .05 ? 1 : 0;
    }

    assertThat(byTTest).isBetween(35, 65);
    assertThat(byRandomization).isBetween(35, 65);
  }

  /** Ten metrics each, which see the same rankings and so rise and fall together. */
  @Test
  void afterHolmsCorrectionFewComparisonsOfExchangeableRunsFindAnything() {
    SplittableRandom random = new SplittableRandom(2026);
    int uncorrected = 0;
    int corrected = 0;
    for (int run = 0; run < 1_000; run++) {
      double[] difficulty = random.doubles(50).toArray();
      double[] left = exchangeable(random, difficulty);
      double[] right = exchangeable(random, difficulty);
      double[] pValues = new double[10];
      for (int metric = 0; metric < pValues.length; metric++) {
        pValues[metric] =
            Significance.randomizationTest(
                    sum(left, exchangeable(random, difficulty)),
                    sum(right, exchangeable(random, difficulty)),
                    999,
                    run)
                .pValue();
      }
      uncorrected += Arrays.stream(pValues).anyMatch(p -> p <= .05) ? 1 : 0;
      corrected += Arrays.stream(Significance.holm(pValues)).anyMatch(p -> p <= .05) ? 1 : 0;
    }

    assertThat(uncorrected).isGreaterThan(100);
    assertThat(corrected).isBetween(1, 50);
  }

  private static double[] sum(double[] left, double[] right) {
    return IntStream.range(0, left.length).mapToDouble(i -> left[i] + right[i]).toArray();
  }

  @Test
  void holmAgreesWithStatsmodels() {
    assertThat(Significance.holm(new double[] {.01, .04, .03, .005}))
        .containsExactly(new double[] {.03, .06, .06, .02}, within(1e-15));
    assertThat(Significance.holm(new double[] {.2, .01, .01, .9, .04, .6}))
        .containsExactly(new double[] {.6, .06, .06, 1, .16, 1}, within(1e-15));
    assertThat(Significance.holm(new double[] {.001})).containsExactly(.001);
    assertThat(Significance.holm(new double[0])).isEmpty();
  }

  @Test
  void seedsOfOneSideAreAveragedPerQuery() {
    assertThat(
            Significance.meanPerQuery(
                List.of(new double[] {0, .5}, new double[] {1, .5}, new double[] {.5, 2})))
        .containsExactly(new double[] {.5, 1}, within(1e-15));
  }

  @Test
  void whatCannotBePairedIsRefused() {
    assertThatThrownBy(() -> Significance.pairedTTest(new double[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("illegal lengths: 2 and 3 queries");
    assertThatThrownBy(
            () -> Significance.pairedTTest(new double[1], new double[] {Double.POSITIVE_INFINITY}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("illegal value at index 0: Infinity, must be finite");
    assertThatThrownBy(() -> Significance.randomizationTest(BASELINE, CANDIDATE, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("illegal draws: 0, must be at least 1");
    assertThatThrownBy(
            () ->
                Significance.macroRandomizationTest(
                    new TreeMap<>(Map.of("a", new double[0])), 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("illegal data sets: [a], must be some, with a query each");
    assertThatThrownBy(() -> Significance.holm(new double[] {.5, Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("illegal p-value: NaN, must be between 0 and 1");
    assertThatThrownBy(() -> Significance.meanPerQuery(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("illegal runs: none, must be at least one");
    assertThatThrownBy(() -> Significance.meanPerQuery(List.of(new double[1], new double[2])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("illegal lengths: 1 and 2 queries");
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, 5000, 0.5, 0",
    "0.999, 5000, 0.5, 0.0015615791602892836",
    "0.99999, 500000, 0.5, 0.0015653640065981895",
    "0.2, 2.5, 0.5, 0.00656627182756301",
    "0.9, 0.5, 0.5, 0.7951672353008665",
    "0.7, 1, 0.5, 0.45227744249483387",
    "0.00001, 3, 0.5, 3.125011718820313e-16",
    "0, 3, 0.5, 0",
    "1, 3, 0.5, 1",
  })
  void incompleteBetaAgreesWithSciPy(double x, double a, double b, double expected) {
    assertThat(IncompleteBeta.regularised(x, 1 - x, a, b))
        .isCloseTo(expected, within(Double.MIN_NORMAL + 1e-8 * expected));
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, 0.5723649429247",
    "1.5, -0.12078223763524526",
    "3, 0.6931471805599453",
    "10.25, 13.368023671476045",
    "5000.5, 37586.88488728106",
  })
  void logGammaAgreesWithSciPy(double value, double expected) {
    assertThat(IncompleteBeta.logGamma(value))
        .isCloseTo(expected, within(1e-14 * (1 + Math.abs(expected))));
  }
}
