package dev.hone.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.evaluate.ComparisonResult.Change;
import dev.hone.evaluate.ComparisonResult.Forgetting;
import dev.hone.evaluate.ComparisonResult.Line;
import dev.hone.evaluate.ComparisonResult.Verdict;
import dev.hone.evaluate.PublishedEvaluations.Model;
import dev.hone.metric.Bootstrap;
import dev.hone.metric.Significance;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Published evaluations compared: what may be, what differs, and whether that is worse. */
class ComparisonTest {
  private static final double TOLERANCE = .005;
  private static final double MAX_FORGETTING = .02;

  @TempDir private static Path folder;
  private static PublishedEvaluations published;
  private static ComparisonResult worse;

  @BeforeAll
  static void publish() {
    published = PublishedEvaluations.in(folder);
    Commit data = published.data("one", "1", 1);
    published.evaluation(
        "one",
        "base",
        data,
        Model.onTest()
            .ranked("law", .5, .5, .5, .5)
            .ranked("news", .8, .8, .8, .8)
            .scored("similar", .8));
    published.evaluation(
        "one",
        "tuned",
        data,
        Model.onTest()
            .ranked("law", .5, .75, .25, .9)
            .ranked("news", .8, .7, .8, .8)
            .scored("similar", .5));
    published.training("one");
    published.evaluation(
        "seed",
        "tuned",
        data,
        Model.onTest().ranked("law", .7, .75, .65, .9).ranked("news", .8, .9, .8, .8));
    published.evaluation(
        "same",
        "tuned",
        published.data("same", "2", 1),
        Model.onTest().ranked("law", .6, .6, .6, .6));
    published.evaluation(
        "other",
        "tuned",
        published.data("other", "3", 2),
        Model.onTest().ranked("law", .6, .6, .6, .6).scored("similar", .5));
    published.evaluation("away", "tuned", data, Model.onTest().scored("elsewhere", .5));
    published.evaluation(
        "gain",
        "tuned",
        data,
        Model.onTest().ranked("law", 1, 1, 1, 1),
        "evaluate.gain=exponential");
    published.evaluation("split", "tuned", data, new Model("validation").ranked("law", 1, 1, 1, 1));
    published.evaluation(
        "faq", "tuned", data, Model.onTest().ranked("law", 1, 1, 1, 1), "evaluate.use-case=faq");
    published.evaluation(
        "flat",
        "tuned",
        data,
        Model.onTest()
            .ranked("law", .5, .75, .25, .9)
            .ranked("news", .8, .7, .8, .8)
            .scored("similar", Double.NaN));
    worse = compare("one:base", "one");
  }

  private static List<EvaluatedModel> models(String runs) {
    return RunReference.parseAll(runs).stream()
        .map(run -> EvaluatedModel.find(run, published.workspace()))
        .toList();
  }

  private static ComparisonResult compare(String baseline, String candidate) {
    StageContext context = published.small().context();
    return new Comparison(context.spark(), context.cache())
        .run(
            new Comparison.Spec(
                models(baseline),
                models(candidate),
                TOLERANCE,
                MAX_FORGETTING,
                List.of(),
                Bootstrap.seeded(42)));
  }

  private static void assertRefused(ErrorCode code, String candidate, String... why) {
    assertThatThrownBy(() -> compare("one:base", candidate))
        .isInstanceOfSatisfying(HoneException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(why);
  }

  @Test
  void identicalRunsHaveProbabilityOneAndAreNotWorse() {
    ComparisonResult result = compare("one:base", "one:base");

    assertThat(result.lines())
        .filteredOn(line -> line.paired() != null)
        .hasSize(6)
        .allSatisfy(
            line -> {
              assertThat(line.delta()).isZero();
              assertThat(line.paired().randomizationP()).isEqualTo(1);
              assertThat(line.adjustedP()).isEqualTo(1);
              assertThat(line.paired().ties()).isEqualTo(line.paired().queries());
            });
    assertThat(result.lines())
        .filteredOn(line -> !line.dataset().equals("*") && line.paired() != null)
        .allSatisfy(line -> assertThat(line.paired().tTestP()).isEqualTo(1));
    assertThat(result.verdict().isWorse()).isFalse();
    assertThat(result.losses()).isEmpty();
    assertThat(result.gains()).isEmpty();
  }

  @Test
  void wholeVectorsAreComparedByEachMetricThePrimaryFirst() {
    ComparisonResult result = worse;

    assertThat(result.lines())
        .extracting(line -> line.metric().label(), Line::dataset, Line::isPrimary)
        .containsExactly(
            tuple("ndcg@10", "law", true),
            tuple("ndcg@10", "news", true),
            tuple("ndcg@10", "*", false),
            tuple("spearman", "similar", true),
            tuple("ndcg@5", "law", false),
            tuple("ndcg@5", "news", false),
            tuple("ndcg@5", "*", false));
    Line law = result.lines().get(0);
    assertThat(law.baseline()).isEqualTo(.5);
    assertThat(law.candidate()).isCloseTo(.6, within(1e-15));
    assertThat(law.paired().wins()).isEqualTo(2);
    assertThat(law.paired().losses()).isEqualTo(1);
    assertThat(law.paired().randomizationP()).as("0, .25, -.25, .4").isEqualTo(12.0 / 16);
    Line similar = result.lines().get(3);
    assertThat(similar.delta()).isCloseTo(-.3, within(1e-15));
    assertThat(similar.paired()).as("no values per pair are published").isNull();
    assertThat(similar.adjustedP()).isNaN();
    double[] pValues =
        result.lines().stream()
            .filter(line -> line.paired() != null)
            .mapToDouble(line -> line.paired().randomizationP())
            .toArray();
    assertThat(
            result.lines().stream()
                .filter(line -> line.paired() != null)
                .mapToDouble(Line::adjustedP)
                .toArray())
        .as("means over data sets are tests too")
        .containsExactly(Significance.holm(pValues))
        .hasSize(6);
    assertThat(result.candidate().get(0).form()).isEqualTo("384 dimensions, fp32");
  }

  @Test
  void theQueriesThatChangedMostAreNamed() {
    assertThat(worse.losses())
        .extracting(Change::dataset, Change::queryId, Change::baseline, Change::candidate)
        .containsExactly(tuple("law", "q3", .5, .25), tuple("news", "q2", .8, .7));
    assertThat(worse.gains())
        .extracting(Change::queryId, Change::text)
        .containsExactly(tuple("q4", "What does q4\nmean?"), tuple("q2", "What does q2\nmean?"));
  }

  @Test
  void theVerdictIsOverEachDataSetsOwnMetricAndWhatWasForgotten() {
    Verdict verdict = worse.verdict();

    assertThat(verdict.metric()).isEqualTo("ndcg@10, spearman");
    assertThat(verdict.datasets()).isEqualTo(3);
    assertThat(verdict.delta()).isCloseTo((.1 - .025 - .3) / 3, within(1e-12));
    assertThat(verdict.isLower()).isTrue();
    assertThat(verdict.forgetting())
        .as("law was trained on")
        .extracting(Forgetting::dataset, one -> one.metric().label(), Forgetting::isTooMuch)
        .containsExactly(tuple("news", "ndcg@10", true), tuple("similar", "spearman", true));
  }

  @Test
  void seedsAreAveragedPerQueryAndDataSetsThatOneLacksAreLeftOut() {
    ComparisonResult result = compare("one:base", "one,seed");

    assertThat(result.lines()).extracting(Line::dataset).doesNotContain("similar").contains("news");
    Line law = result.lines().get(0);
    assertThat(law.candidate()).isCloseTo(.675, within(1e-12));
    assertThat(law.paired().wins()).as("of .1, .25, -.05, .4").isEqualTo(3);
    assertThat(result.lines().get(1).paired().ties()).as("of .7 and .9").isEqualTo(4);
    assertThat(result.verdict().isLower()).isFalse();
    assertThat(result.verdict().metric()).isEqualTo("ndcg@10");
    assertThat(result.candidate()).hasSize(2);
  }

  @Test
  void theSameQueriesAndJudgementsCompareWhateverElseDiffers() {
    ComparisonResult result = compare("one:base", "same");

    assertThat(result.lines()).extracting(Line::dataset).containsOnly("law");
    assertThat(result.verdict().delta()).isCloseTo(.1, within(1e-15));
  }

  @Test
  void otherDataIsRefused() {
    assertRefused(
        ErrorCode.INPUT,
        "other",
        "data set law: 1 judgements only in one:base, 1 only in other:tuned",
        "Evaluate both");
    assertRefused(
        ErrorCode.INPUT,
        "away",
        "no data set was evaluated by all",
        "elsewhere, law, news, similar");
  }

  @Test
  void whatOneSideAloneHasNoValueForIsRefused() {
    assertRefused(ErrorCode.INPUT, "flat", "similar: spearman is not defined for all of them");
  }

  @Test
  void whatIsNotANumberIsMoreThanAnyBound() {
    assertThat(Verdict.isMore(Double.NaN, .005)).isTrue();
    assertThat(Verdict.isMore(.005, .005)).isFalse();
    assertThat(Verdict.isMore(.0051, .005)).isTrue();
  }

  @Test
  void whatWasMeasuredInAnotherWayIsRefused() {
    assertRefused(ErrorCode.INPUT, "gain", "gain = LINEAR", "EXPONENTIAL");
    assertRefused(ErrorCode.INPUT, "split", "law", "splits test and validation");
    assertRefused(ErrorCode.INPUT, "faq", "mrr@10", "common metrics: ndcg@5, ndcg@10");
  }

  @Test
  void whatIsNotPublishedIsNamedWithWhatIs() {
    assertRefused(ErrorCode.NOT_PUBLISHED, "nowhere", "no such run", "away, faq, flat, gain");
    assertRefused(ErrorCode.NOT_PUBLISHED, "one:bm25", "has not evaluated bm25", "base, tuned");
    published.training("unmeasured");
    assertRefused(ErrorCode.NOT_PUBLISHED, "unmeasured", "evaluated nothing yet", "train");
  }
}
