package dev.hone.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.evaluate.ComparisonResult.Change;
import dev.hone.evaluate.ComparisonResult.Forgetting;
import dev.hone.evaluate.ComparisonResult.Line;
import dev.hone.evaluate.ComparisonResult.Side;
import dev.hone.evaluate.ComparisonResult.Verdict;
import dev.hone.metric.Bootstrap;
import dev.hone.metric.PairedComparison;
import dev.hone.metric.PairedComparison.Pairs;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a comparison says to people and to programs. */
class ComparisonTableTest {
  private static final MetricAt NDCG = new MetricAt("ndcg", 10);
  private static final Forgetting KEPT = new Forgetting("news", NDCG, .5, .49, false);
  private static final Forgetting FORGOTTEN =
      new Forgetting("tales", new MetricAt("spearman", null), .8, .7, true);

  private static Verdict verdict(double delta, Forgetting... forgetting) {
    return new Verdict("ndcg@10", 1, .5, .5 + delta, delta, .005, .02, List.of(forgetting));
  }

  private static PairedComparison paired(double... differences) {
    return PairedComparison.of(
        new Pairs(new double[differences.length], differences), Bootstrap.seeded(1), 1);
  }

  private static Line line(PairedComparison paired, double adjusted) {
    return new Line(
        "law",
        NDCG,
        true,
        paired.queries(),
        paired.baseline(),
        paired.candidate(),
        paired.delta(),
        paired,
        adjusted);
  }

  private static ComparisonResult result(List<Line> lines, List<Change> losses) {
    return new ComparisonResult(
        List.of(new Side("a:base", "384 dimensions, fp32")),
        List.of(new Side("a:tuned", "384 dimensions, fp32"), new Side("b:tuned", "no vectors")),
        lines,
        losses,
        List.of(),
        verdict(0, KEPT),
        2_000);
  }

  @Test
  void aLossOfExactlyTheToleranceIsNotWorse() {
    assertThat(verdict(.645 - .65).isWorse()).isFalse();
    assertThat(.65 - .645).as("in binary").isGreaterThan(.005);
    assertThat(verdict(-.0050001).isWorse()).isTrue();
    assertThat(verdict(1).isWorse()).isFalse();
  }

  @Test
  void whatIsForgottenIsWorseWhateverWasGained() {
    assertThat(verdict(.1, KEPT).isWorse()).isFalse();
    assertThat(verdict(.1, KEPT, FORGOTTEN).isWorse()).isTrue();
    assertThat(verdict(.1, KEPT, FORGOTTEN).isLower()).isFalse();
  }

  @Test
  void theVerdictSaysInWhatAndByHowMuch() {
    assertThat(ComparisonTable.verdict(verdict(.01)))
        .isEqualTo(
            "Not worse: ndcg@10 0.5000 -> 0.5100 (+0.0100); worse is lower by more than the"
                + " tolerance of 0.005.");
    assertThat(ComparisonTable.verdict(verdict(-.01, KEPT, FORGOTTEN)))
        .isEqualTo(
            "Worse than the baseline: ndcg@10 0.5000 -> 0.4900 (-0.0100) is lower by 0.0100, more"
                + " than the tolerance of 0.005; it forgets 0.1000 of tales: spearman 0.8000 ->"
                + " 0.7000 (-0.1000), more than max-forgetting = 0.02.");
    assertThat(ComparisonTable.verdict(verdict(-.005004))).contains("lower by 0.005004, more than");
  }

  @Test
  void numbersStandBelowEachOther() {
    String text =
        ComparisonTable.render(
            result(
                List.of(
                    line(paired(.25, .5, 0, -.125, .125), 1),
                    line(paired(IntStream.range(0, 40).mapToDouble(i -> .5).toArray()), .00002),
                    new Line(
                        "similar",
                        new MetricAt("spearman", null),
                        true,
                        9,
                        .5,
                        .6,
                        .1,
                        null,
                        Double.NaN)),
                List.of()));

    assertThat(text)
        .contains(
            """
            baseline   a:base (384 dimensions, fp32)
            candidate  a:tuned (384 dimensions, fp32)
            candidate  b:tuned (no vectors)

            data set  metric    queries  baseline  candidate    delta       95 % interval    p (t)  p (random.)  p (Holm)     d_z  won/tied/lost
            law       ndcg@10         5    0.0000     0.1500  +0.1500  [-0.0250, +0.3500]   0.2355       0.3750    1.0000  +0.624          3/1/1
            law       ndcg@10        40    0.0000     0.5000  +0.5000  [+0.5000, +0.5000]  <0.0001      <0.0001   <0.0001    +inf         40/0/0
            similar   spearman        9    0.5000     0.6000  +0.1000                   -        -            -         -       -              -
            """)
        .contains("2,000 bootstrap draws")
        .contains("every assignment (up to 12 queries) or 100,000 draws")
        .contains(
            "nothing about the spread over training seeds, whose values were averaged per query (1"
                + " and 2 runs).")
        .contains(
            "What may not be forgotten, the candidate against its own base:\n  news: ndcg@10 0.5000 -> 0.4900 (-0.0100)\n");
  }

  @Test
  void textsOfAnyoneStayOnTheirLine() {
    String text =
        ComparisonTable.render(
            result(
                List.of(),
                List.of(
                    new Change(
                        "law",
                        "q\u001b[31m",
                        .5,
                        .25,
                        "two\nlines \u202e and " + "x".repeat(200)))));

    assertThat(text)
        .contains(
            "\nLost most (ndcg@10):\n  -0.2500  0.5000 -> 0.2500  law  q\\u001b[31m  two lines \\u202e and xxx")
        .doesNotContain("\u001b", "\u202e", "x".repeat(98))
        .contains("xxx...\n");
  }

  @Test
  void programsReadOnlyNumbersThatJsonHas() throws Exception {
    JsonNode json =
        new ObjectMapper()
            .readTree(
                ComparisonJson.render(
                    result(
                        List.of(line(paired(.5, .5), 1)),
                        List.of(new Change("law", "q1", .5, .25, "a \"text\"")))));

    JsonNode line = json.get("metrics").get(0);
    assertThat(line.get("delta").doubleValue()).isEqualTo(.5);
    assertThat(line.get("p_holm").doubleValue()).isEqualTo(1);
    assertThat(line.has("effect_size")).as("infinite").isFalse();
    assertThat(json.get("losses").get(0).get("text").textValue()).isEqualTo("a \"text\"");
    assertThat(json.get("verdict").get("worse").booleanValue()).isFalse();
    assertThat(json.get("candidate")).hasSize(2);
  }
}
