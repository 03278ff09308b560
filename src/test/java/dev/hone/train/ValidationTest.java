package dev.hone.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hone.torch.TorchRuntime;
import dev.hone.train.ValidationResult.Score;
import dev.hone.train.ValidationSet.Compared;
import dev.hone.train.ValidationSet.Pair;
import dev.hone.train.ValidationSet.Ranked;
import dev.hone.train.ValidationSet.Scored;
import dev.hone.train.ValidationSet.Text;
import dev.hone.train.ValidationSet.Triplet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a validation measures, on vectors of two dimensions, and how the best model is chosen. */
class ValidationTest {
  /** A text is its own vector: "x y". */
  private static final Validation.Vectors AS_WRITTEN =
      (texts, role) ->
          texts.stream()
              .map(text -> text.split(" "))
              .map(part -> new float[] {Float.parseFloat(part[0]), Float.parseFloat(part[1])})
              .toArray(float[][]::new);

  @BeforeAll
  static void start() {
    TorchRuntime.start(1);
  }

  private static ValidationResult measure(
      String metric, int k, ValidationHistory earlier, ValidationSet... sets) {
    ValidationPlan plan = new ValidationPlan(5, 0, metric, k, 1, "LINEAR", List.of(sets));
    return new Validation(plan, AS_WRITTEN).measure(5, 0, earlier);
  }

  private static double value(String metric, int k, ValidationSet set) {
    return measure(metric, k, ValidationHistory.NONE, set).scores().get(0).value();
  }

  /** q1 finds d2, d1 (by its second chunk), d3; q2 finds d3, d1, d2. */
  private static Ranked ranked() {
    return new Ranked(
        "legal",
        List.of(new Text("q1", "1 0"), new Text("q2", "0 1")),
        List.of(
            new Text("d1", "0.1 0"),
            new Text("d1", "0.8 0.2"),
            new Text("d2", "0.9 0.1"),
            new Text("d3", "0.2 0.9")),
        Map.of("q1", Map.of("d1", 1, "d3", 2), "q2", Map.of("d2", 1, "d3", 0)));
  }

  @Test
  void rankingsAreMeasuredByTheUseCasesMetric() {
    // d1 (gain 1) at rank 2, d3 (gain 2) at rank 3; ideal: 2 at rank 1, 1 at rank 2.
    double first = (1 / log2(3) + 2 / log2(4)) / (2 + 1 / log2(3));
    double second = 1 / log2(4); // d2 at rank 3
    assertThat(value("ndcg", 10, ranked())).isCloseTo((first + second) / 2, within(1e-12));
    assertThat(value("mrr", 10, ranked())).isCloseTo((1 / 2.0 + 1 / 3.0) / 2, within(1e-12));
    assertThat(value("recall", 2, ranked())).isCloseTo((1 / 2.0 + 0) / 2, within(1e-12));
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }

  @Test
  void tripletsCountWhereThePositiveIsNearer() {
    Compared set =
        new Compared(
            "nli",
            List.of(
                new Triplet("1 0", "0.9 0", "0.8 0"),
                new Triplet("0 1", "0.9 0", "0 0.8"),
                new Triplet("0 1", "0 0.5", "0 0.5")));
    assertThat(value("ndcg", 10, set)).isCloseTo(1 / 3.0, within(1e-12));
  }

  @Test
  void scoredPairsAreCorrelated() {
    Scored set =
        new Scored(
            "sts",
            List.of(
                new Pair("1 0", "0.1 0", 1), // by similarity the ranks are 1, 2, 4, 3
                new Pair("1 0", "0.3 0", 2),
                new Pair("1 0", "0.9 0", 3),
                new Pair("1 0", "0.7 0", 5)));
    assertThat(value("ndcg", 10, set)).isCloseTo(0.8, within(1e-12));
  }

  @Test
  void scoresNameTheirMetric() {
    ValidationResult result =
        measure(
            "mrr",
            10,
            ValidationHistory.NONE,
            ranked(),
            new Scored("sts", List.of(new Pair("1 0", "1 0", 1), new Pair("1 0", "0 1", 0))));
    assertThat(result.scores()).extracting(Score::dataset).containsExactly("legal", "sts");
    assertThat(result.scores()).extracting(Score::metric).containsExactly("mrr", "spearman");
    assertThat(result.scores()).extracting(Score::k).containsExactly(10, null);
    assertThat(result.criterion()).isZero();
    assertThat(result.describe())
        .isEqualTo("legal mrr@10 0.4167, sts spearman 1.0000; +0.00 % against the base");
  }

  @Test
  void criterionIsTheMeanOfRelativeChangesAgainstTheBase() {
    ValidationHistory base =
        new ValidationHistory(
            List.of(
                new ValidationResult(0, 0, 0, List.of(new Score("legal", "mrr", 10, 0.25, 0.25)))));
    ValidationResult result = measure("mrr", 10, base, ranked());
    assertThat(result.scores().get(0).base()).isEqualTo(0.25);
    assertThat(result.criterion()).isCloseTo((5 / 12.0 - 0.25) / 0.25, within(1e-12));

    assertThat(
            ValidationResult.criterion(
                List.of(
                    new Score("a", "ndcg", 10, 0.6, 0.5), // + 20 %
                    new Score("b", "ndcg", 10, 0.09, 0.1), // - 10 %
                    new Score("c", "spearman", null, -0.1, -0.2), // + 50 %
                    new Score("d", "ndcg", 10, 0.1, 0), // the base found nothing
                    new Score("e", "spearman", null, Double.NaN, 0.3)))) // nothing varies
        .isCloseTo((0.2 - 0.1 + 0.5 + 0.1 + 0) / 5, within(1e-12));
  }

  private static ValidationHistory history(double... criteria) {
    return new ValidationHistory(
        IntStream.range(0, criteria.length)
            .mapToObj(i -> new ValidationResult(10 * i, 0, criteria[i], List.of()))
            .toList());
  }

  @Test
  void firstOfTheBestIsTheBest() {
    assertThat(history(0).best()).isZero();
    assertThat(history(0, -0.1, 0).best()).isZero();
    assertThat(history(0, 0.2, 0.1, 0.2).best()).isEqualTo(10);
    assertThat(history(0, 0.2, 0.1, 0.3).best()).isEqualTo(30);
  }

  @Test
  void validationsSinceTheBestAreCounted() {
    assertThat(history(0).sinceBest()).isZero();
    assertThat(history(0, 0.2, 0.1, 0.2).sinceBest()).isEqualTo(2);
    assertThat(history(0, 0.2, 0.1, 0.3).sinceBest()).isZero();
    assertThat(history(0, 0.2).has(10)).isTrue();
    assertThat(history(0, 0.2).has(0)).isFalse();
  }
}
