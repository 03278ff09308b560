package dev.hone.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.hone.train.Advice.Kind;
import dev.hone.train.AdvisedRun.CutTexts;
import dev.hone.train.AdvisedRun.TrainedSet;
import dev.hone.train.MadeLogs.Noise;
import dev.hone.train.ValidationResult.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdvisorTest {
  /** What a loss does when training goes well, by the share of the run that is done. */
  private static final Map<String, DoubleUnaryOperator> HEALTHY =
      Map.of(
          "falls soon", t -> 0.4 + 0.6 * Math.exp(-5 * t),
          "falls at once", t -> 0.3 + 0.7 * Math.exp(-20 * t),
          "falls ever slower", t -> Math.pow(1 + 20 * t, -0.4),
          "falls evenly", t -> 1 - 0.35 * t);

  /** Ups and downs around 0.7, where the loss begins at 1. */
  private static final Map<String, IntToDoubleFunction> SWINGS =
      Map.of(
          "with every update", step -> step < 10 ? 1 : 0.7 + 0.3 * (step % 2 == 0 ? 1 : -1),
          "every 6 updates", step -> step < 10 ? 1 : 0.7 + 0.3 * Math.sin(2 * Math.PI * step / 6),
          "every 20 updates", step -> step < 10 ? 1 : 0.7 + 0.3 * Math.sin(2 * Math.PI * step / 20),
          "every 60 updates", step -> step < 10 ? 1 : 0.7 + 0.3 * Math.sin(2 * Math.PI * step / 60),
          "far above the first", step -> step < 10 ? 1 : step % 5 == 0 ? 2.5 : 0.9);

  private static double flat(double t) {
    return t < 0.1 ? 1 - t : 0.9;
  }

  private static TrainedSet set(String name) {
    return new TrainedSet(name, true, 64_000, 64_000, "rows", 2_000, List.of());
  }

  /** A run that gives no reason for advice but by its log. */
  private static AdvisedRun run(int updates, String... sets) {
    return new AdvisedRun(
        updates,
        1,
        2e-5,
        0.1,
        1.0,
        128,
        128,
        256,
        0,
        false,
        Stream.of(sets).map(AdvisorTest::set).toList());
  }

  private static AdvisedRun run(int updates) {
    return run(updates, "legal");
  }

  private static AdvisedRun mined(AdvisedRun run, int refreshEvery, boolean curriculum) {
    return new AdvisedRun(
        run.updates(),
        run.epochs(),
        run.learningRate(),
        run.warmupRatio(),
        run.maxGradientNorm(),
        run.batchRows(),
        run.updateRows(),
        run.maxLength(),
        refreshEvery,
        curriculum,
        run.sets());
  }

  private static List<Advice> advise(AdvisedRun run, List<CurvePoint> log) {
    return Advisor.advise(run, log, ValidationHistory.NONE);
  }

  private static List<Kind> kinds(List<Advice> advice) {
    return advice.stream().map(Advice::kind).toList();
  }

  // What goes well

  @Test
  void realRunsThatWentWellGiveNoAdvice() {
    for (List<CurvePoint> log : RealLogs.all()) {
      String[] sets = log.stream().map(CurvePoint::dataset).distinct().toArray(String[]::new);

      assertThat(advise(run(log.size(), sets), log)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 91, 300, 2_000})
  void healthyCurvesGiveNoAdviceWhateverTheNoise(int updates) {
    HEALTHY.forEach(
        (name, shape) -> {
          for (Noise noise : Noise.values()) {
            for (int seed = 0; seed < 20; seed++) {
              List<CurvePoint> log = MadeLogs.shaped(updates, shape, noise, seed);

              assertThat(advise(run(updates), log)).as("%s %s %d", name, noise, seed).isEmpty();
            }
          }
        });
  }

  @Test
  void nothingIsSaidAboutTheShapeOfAShortRun() {
    int updates = 30;
    SWINGS.forEach(
        (name, loss) ->
            assertThat(
                    advise(run(updates), MadeLogs.stepped(updates, loss, Noise.NONE, 1, "legal")))
                .as(name)
                .isEmpty());
    List<CurvePoint> flat = MadeLogs.shaped(updates, AdvisorTest::flat, Noise.NONE, 1);
    assertThat(advise(run(updates), flat)).isEmpty();
    assertThat(advise(run(1), flat.subList(0, 1))).isEmpty();
    assertThat(advise(run(updates), List.of())).isEmpty();
  }

  // Plateaus

  @ParameterizedTest
  @EnumSource(
      value = Noise.class,
      names = {"NONE", "SMALL"})
  void lossThatStaysHighWantsAHigherRate(Noise noise) {
    List<Advice> advice = advise(run(1_000), MadeLogs.shaped(1_000, AdvisorTest::flat, noise, 3));

    assertThat(advice)
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.kind()).isEqualTo(Kind.PLATEAUS);
              assertThat(one.dataset()).isEqualTo("legal");
              assertThat(one.from()).isEqualTo(200);
              assertThat(one.to()).isEqualTo(699);
              assertThat(one.evidence()).contains("over 500 updates", "median of 0.");
              assertThat(one.suggestion()).contains("Raise train.learning-rate (it is 2.0E-5)");
            });
  }

  @Test
  void lossThatHasBeenLearnedIsNoPlateau() {
    DoubleUnaryOperator learned = t -> t < 0.1 ? 1 - 9 * t : 0.1;

    assertThat(advise(run(1_000), MadeLogs.shaped(1_000, learned, Noise.SMALL, 3))).isEmpty();
  }

  @Test
  void plateauIsSeenOnceSevenTenthsAreDone() {
    List<CurvePoint> log = MadeLogs.shaped(1_000, AdvisorTest::flat, Noise.SMALL, 3);

    assertThat(advise(run(1_000), log.subList(0, 699))).isEmpty();
    assertThat(kinds(advise(run(1_000), log.subList(0, 700)))).containsExactly(Kind.PLATEAUS);
  }

  @Test
  void eachDataSetIsLookedAtForItself() {
    List<CurvePoint> log =
        MadeLogs.inTurns(
            List.of(
                MadeLogs.stepped(500, step -> 5 * (1 - 0.001 * step), Noise.SMALL, 1, "finance"),
                MadeLogs.stepped(500, step -> 0.9, Noise.SMALL, 2, "legal")));

    assertThat(advise(run(1_000, "finance", "legal"), log))
        .extracting(Advice::kind, Advice::dataset)
        .containsExactly(tuple(Kind.PLATEAUS, "legal"));
  }

  // Swings

  static Stream<String> swings() {
    return SWINGS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("swings")
  void lossThatSwingsWantsALowerRateOrALongerWarmUp(String name) {
    for (int seed = 0; seed < 10; seed++) {
      List<CurvePoint> log = MadeLogs.stepped(400, SWINGS.get(name), Noise.SMALL, seed, "legal");

      assertThat(advise(run(400), log))
          .as("seed %d", seed)
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.kind()).isEqualTo(Kind.OSCILLATES);
                assertThat(one.from()).isZero();
                assertThat(one.to()).isEqualTo(399);
                assertThat(one.suggestion())
                    .contains("Lower train.learning-rate (it is 2.0E-5)", "0.15 or 0.2");
              });
    }
  }

  @Test
  void evidenceOfSwingsNamesTheStepsAndTheNumbers() {
    List<CurvePoint> far =
        MadeLogs.stepped(100, SWINGS.get("far above the first"), Noise.NONE, 1, "legal");
    List<CurvePoint> slow =
        MadeLogs.stepped(400, SWINGS.get("every 60 updates"), Noise.NONE, 1, "legal");

    assertThat(advise(run(100), far).get(0).evidence())
        .isEqualTo(
            "18 of the 90 losses after step 9 are above 1.500; the median until then is 1.000");
    assertThat(advise(run(400), slow).get(0).evidence())
        .startsWith("medians of 5 losses rise")
        .contains("the loss began at 1.000");
  }

  @Test
  void harderNegativesOfALaterRoundOrOfACurriculumAreNoSwings() {
    IntToDoubleFunction rounds = step -> 0.6 + 0.4 * Math.exp(-(step % 100) / 30.0);
    List<CurvePoint> log = MadeLogs.stepped(400, rounds, Noise.SMALL, 1, "legal");

    assertThat(kinds(advise(run(400), log))).containsExactly(Kind.OSCILLATES);
    assertThat(advise(mined(run(400), 100, false), log)).isEmpty();
    assertThat(advise(mined(run(400), 0, true), log)).isEmpty();
  }

  @Test
  void swingsWithinARoundAreSeenWithItsSteps() {
    IntToDoubleFunction second =
        step -> step < 210 ? 1 : 0.7 + 0.3 * Math.sin(2 * Math.PI * step / 20);
    List<CurvePoint> log = MadeLogs.stepped(400, second, Noise.SMALL, 1, "legal");

    assertThat(advise(mined(run(400), 200, false), log))
        .extracting(Advice::kind, Advice::from, Advice::to)
        .containsExactly(tuple(Kind.OSCILLATES, 200, 399));
  }

  // Validations

  private static ValidationHistory validations(int every, double... values) {
    List<ValidationResult> results = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      Score score = new Score("legal", "ndcg", 10, values[i], values[0]);
      results.add(new ValidationResult(i * every, 0, 0, List.of(score)));
    }
    return new ValidationHistory(results);
  }

  private static final List<CurvePoint> FALLING =
      MadeLogs.shaped(500, HEALTHY.get("falls soon"), Noise.SMALL, 1);

  private static AdvisedRun epochs(int epochs) {
    AdvisedRun run = run(500);
    return new AdvisedRun(500, epochs, 2e-5, 0.1, 1.0, 128, 128, 256, 0, false, run.sets());
  }

  @Test
  void validationThatFallsWhileTheLossFallsWantsFewerEpochs() {
    ValidationHistory history = validations(100, 0.5, 0.6, 0.62, 0.6, 0.57, 0.55);

    assertThat(Advisor.advise(epochs(5), FALLING, history))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.kind()).isEqualTo(Kind.OVERFITS);
              assertThat(one.from()).isEqualTo(200);
              assertThat(one.to()).isEqualTo(500);
              assertThat(one.evidence())
                  .contains("0.6200 after 200 updates to 0.5500 after 500", "(steps 50 to 199)");
              assertThat(one.suggestion()).isEqualTo("Set train.epochs = 2 (it is 5).");
            });
    assertThat(Advisor.advise(epochs(1), FALLING, history).get(0).suggestion())
        .contains("train.max-steps = 200");
    assertThat(
            Advisor.advise(epochs(1), FALLING, validations(100, 0.5, 0.48, 0.47, 0.46, 0.45))
                .get(0)
                .suggestion())
        .contains("Lower train.learning-rate");
  }

  @Test
  void validationThatRisesStaysOrDipsOnceIsNoOverfitting() {
    for (ValidationHistory history :
        List.of(
            validations(100, 0.5, 0.55, 0.6, 0.61, 0.62, 0.62),
            validations(100, 0.5, 0.6, 0.598, 0.595, 0.596, 0.594),
            validations(100, 0.5, 0.6, 0.61, 0.62, 0.63, 0.58),
            validations(100, 0.5, 0.6, 0.55, 0.6, 0.54, 0.599),
            validations(100, 0.5, 0.4),
            validations(100, 0.0, 0.0, 0.0, 0.0))) {
      assertThat(Advisor.advise(epochs(5), FALLING, history)).isEmpty();
    }
  }

  @Test
  void validationThatFallsWithALossThatDoesNotIsNoOverfitting() {
    List<CurvePoint> rising = MadeLogs.shaped(500, t -> 0.8 + 0.2 * t, Noise.SMALL, 1);

    assertThat(Advisor.advise(epochs(5), rising, validations(100, 0.5, 0.6, 0.62, 0.6, 0.57, 0.55)))
        .isEmpty();
  }

  // Gradients

  @Test
  void updatesThatWereLeftOutAreNamed() {
    List<CurvePoint> log = new ArrayList<>(FALLING);
    log.set(17, new CurvePoint(17, "legal", Double.NaN, Double.NaN));
    log.set(40, new CurvePoint(40, "legal", 0.9, Double.POSITIVE_INFINITY));

    assertThat(advise(run(500), log))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.kind()).isEqualTo(Kind.NON_FINITE);
              assertThat(one.from()).isEqualTo(17);
              assertThat(one.to()).isEqualTo(40);
              assertThat(one.evidence()).startsWith("2 of 500 updates were left out");
            });
  }

  /** Adam divides a constant factor out, and contrastive losses give norms of several times 1. */
  @Test
  void clippingAloneIsNoReason() {
    assertThat(advise(run(500), MadeLogs.withNorms(FALLING, step -> 9))).isEmpty();
    assertThat(advise(run(500), MadeLogs.withNorms(FALLING, step -> 9 - step * 0.015))).isEmpty();
    assertThat(advise(run(500), MadeLogs.withNorms(FALLING, step -> step % 2 == 0 ? 90 : 0.9)))
        .isEmpty();
  }

  @Test
  void gradientsFarAboveTheLimitWantAnother() {
    assertThat(advise(run(500), MadeLogs.withNorms(FALLING, step -> step < 20 ? 0.5 : 40)))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.kind()).isEqualTo(Kind.CLIPPED);
              assertThat(one.evidence())
                  .isEqualTo(
                      "480 of 500 gradients were cut to train.max-gradient-norm = 1.0; their median norm is 40.00");
              assertThat(one.suggestion()).contains("train.max-gradient-norm near 80.0,");
            });
  }

  @Test
  void clippedGradientsThatGrowWantALowerRate() {
    List<CurvePoint> growing = MadeLogs.withNorms(FALLING, step -> 3 + step * 0.02);

    assertThat(advise(run(500), growing))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.kind()).isEqualTo(Kind.CLIPPED);
              assertThat(one.evidence()).contains("grew from 5.1", "(steps 50 to 161)");
              assertThat(one.suggestion()).startsWith("Lower train.learning-rate");
            });
    assertThat(advise(mined(run(500), 0, true), growing)).isEmpty();
  }

  @Test
  void rateThatIsTooHighForOneThingIsNotToBeRaisedForAnother() {
    List<CurvePoint> log =
        MadeLogs.withNorms(
            MadeLogs.shaped(1_000, AdvisorTest::flat, Noise.SMALL, 3), step -> 3 + step * 0.02);

    assertThat(kinds(advise(run(1_000), log))).containsExactly(Kind.CLIPPED);
  }

  // Rows and batches

  private static AdvisedRun batches(int updates, int batch, int update, TrainedSet... sets) {
    return new AdvisedRun(updates, 1, 2e-5, 0.1, 1.0, batch, update, 256, 0, false, List.of(sets));
  }

  private static TrainedSet scored(int rows) {
    return new TrainedSet("similar", false, rows, rows, "rows", 1, List.of());
  }

  @Test
  void contrastiveBatchThatCouldBeLargerIsSmall() {
    assertThat(advise(batches(400, 32, 32, set("legal")), List.of()))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.kind()).isEqualTo(Kind.SMALL_BATCH);
              assertThat(one.dataset()).isEqualTo(Advice.WHOLE_RUN);
              assertThat(one.evidence()).contains("of 31 others", "batches of 128 leave 100");
              assertThat(one.suggestion()).contains("train.batch-size = 128");
            });
    assertThat(advise(batches(399, 32, 32, set("legal")), List.of()).get(0).suggestion())
        .contains("train.batch-size = 64");
    assertThat(advise(batches(100, 32, 128, set("legal")), List.of()).get(0).suggestion())
        .contains("train.batch-size = 128");
    assertThat(advise(batches(199, 32, 32, set("legal")), List.of())).isEmpty();
    assertThat(advise(batches(400, 32, 32, scored(64_000)), List.of())).isEmpty();
    assertThat(advise(batches(9_999, 512, 512, set("legal")), List.of())).isEmpty();
  }

  @Test
  void dataSetBelowWhatItsTypeNeedsIsSmall() {
    TrainedSet few = new TrainedSet("legal", true, 1_280, 99, "queries", 100, List.of());
    TrainedSet enough = new TrainedSet("legal", true, 1_280, 100, "queries", 100, List.of());

    assertThat(advise(batches(10, 128, 128, few), List.of()))
        .extracting(Advice::kind, Advice::evidence)
        .containsExactly(
            tuple(
                Kind.SMALL_DATASET,
                "99 queries are trained on, fewer than the 100 from which this type usually helps"));
    assertThat(advise(batches(10, 128, 128, enough), List.of())).isEmpty();
  }

  @Test
  void tailOfMoreThanATenthIsLarge() {
    assertThat(advise(batches(1, 128, 128, rows(200)), List.of()))
        .extracting(Advice::kind, Advice::evidence)
        .containsExactly(
            tuple(
                Kind.DROPPED_TAIL,
                "72 of 200 rows (36 %) fill no update of 128 and are left out of each epoch"));
    assertThat(advise(batches(1, 128, 128, rows(140)), List.of())).isEmpty();
    assertThat(advise(batches(1, 128, 128, rows(90)), List.of())).isEmpty();
    assertThat(advise(batches(2, 128, 128, scored(200)), List.of())).isEmpty();
  }

  private static TrainedSet rows(int rows) {
    return new TrainedSet("legal", true, rows, rows, "rows", 1, List.of());
  }

  @Test
  void textsOfWhichMostAreCutAreNamed() {
    TrainedSet cut =
        new TrainedSet(
            "legal",
            true,
            64_000,
            64_000,
            "rows",
            1,
            List.of(new CutTexts("documents", 51, 0.51), new CutTexts("queries", 50, 0.5)));

    assertThat(advise(batches(10, 128, 128, cut), List.of()))
        .extracting(Advice::kind, Advice::evidence)
        .containsExactly(tuple(Kind.TRUNCATED, "51 documents (51 %) have more than 256 tokens"));
  }

  // Properties

  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 0.25, 3, 1e6})
  void factorOnTheLossChangesNoAdvice(double factor) {
    List<List<CurvePoint>> logs = new ArrayList<>(RealLogs.all());
    SWINGS.values().forEach(loss -> logs.add(MadeLogs.stepped(400, loss, Noise.LARGE, 1, "legal")));
    logs.add(MadeLogs.shaped(400, AdvisorTest::flat, Noise.SMALL, 1));
    logs.add(FALLING);
    int given = 0;
    for (List<CurvePoint> log : logs) {
      List<CurvePoint> scaled =
          log.stream()
              .map(
                  point ->
                      new CurvePoint(
                          point.step(),
                          point.dataset(),
                          factor * point.loss(),
                          point.gradientNorm()))
              .toList();
      AdvisedRun run = run(log.size());
      List<Advice> advice = advise(run, log);
      given += advice.size();

      assertThat(withoutEvidence(advise(run, scaled))).isEqualTo(withoutEvidence(advice));
    }
    assertThat(given).isGreaterThanOrEqualTo(4);
  }

  private static List<Advice> withoutEvidence(List<Advice> advice) {
    return advice.stream()
        .map(
            one ->
                new Advice(one.from(), one.to(), one.kind(), one.dataset(), "", one.suggestion()))
        .toList();
  }

  @Test
  void adviceComesByStepThenKindAndOncePerDataSet() {
    TrainedSet small = new TrainedSet("finance", true, 200, 200, "rows", 2_000, List.of());
    List<CurvePoint> log =
        MadeLogs.stepped(400, SWINGS.get("every 20 updates"), Noise.SMALL, 1, "legal");
    List<Advice> advice = advise(batches(400, 64, 64, set("legal"), small), log);

    assertThat(advice)
        .extracting(Advice::kind)
        .containsExactly(Kind.OSCILLATES, Kind.SMALL_BATCH, Kind.SMALL_DATASET);
    assertThat(advice.get(0).describe()).startsWith("oscillates, steps 0 to 399, data set legal: ");
    assertThat(
            IntStream.range(1, advice.size())
                .allMatch(i -> advice.get(i - 1).from() <= advice.get(i).from()))
        .isTrue();
  }
}
