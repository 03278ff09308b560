package dev.hone.metric;

import static dev.hone.metric.Runs.DEEP;
import static dev.hone.metric.Runs.ranking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Expected values are those of trec_eval, which prints four digits; it has no F1, which follows
 * from its precision and recall.
 */
class RankingMetricsTest {
  private static final Offset<Double> FOUR_DIGITS = within(0.5001e-4);

  @ParameterizedTest
  @CsvSource({
    "q1, NDCG,      3, .3801",
    "q1, NDCG,      5, .6463",
    "q1, MAP,       3, .2500",
    "q1, MAP,       5, .5250",
    "q1, MRR,       3, 1",
    "q1, MRR,       5, 1",
    "q1, PRECISION, 3, .3333",
    "q1, PRECISION, 5, .6",
    "q1, RECALL,    3, .25",
    "q1, RECALL,    5, .75",
    "q1, F1,        3, .2857",
    "q1, F1,        5, .6667",
    "q2, NDCG,      3, 0",
    "q2, NDCG,      5, .2641",
    "q2, MAP,       3, 0",
    "q2, MAP,       5, .1250",
    "q2, MRR,       3, 0",
    "q2, MRR,       5, .25",
    "q2, PRECISION, 3, 0",
    "q2, PRECISION, 5, .2",
    "q2, RECALL,    3, 0",
    "q2, RECALL,    5, .5",
    "q2, F1,        3, 0",
    "q2, F1,        5, .2857",
  })
  void agreesWithTrecEval(String queryId, Metric metric, int k, double expected) {
    assertThat(judged(queryId, MetricOptions.DEFAULT).at(metric, k))
        .isCloseTo(expected, FOUR_DIGITS);
  }

  @ParameterizedTest
  @CsvSource({"3, .2887", "5, .5915"})
  void exponentialGainChangesNdcg(int k, double expected) {
    RankingMetrics metrics = judged("q1", new MetricOptions(1, Gain.EXPONENTIAL));

    assertThat(metrics.at(Metric.NDCG, k)).isCloseTo(expected, FOUR_DIGITS);
  }

  @Test
  void exponentialGainChangesNothingButNdcg() {
    List<MetricValue> linear = judged("q1", MetricOptions.DEFAULT).at(List.of(5));
    List<MetricValue> exponential =
        judged("q1", new MetricOptions(1, Gain.EXPONENTIAL)).at(List.of(5));

    assertThat(exponential).filteredOn(value -> !linear.contains(value)).hasSize(1);
    assertThat(exponential.get(0).metric()).isEqualTo(Metric.NDCG);
  }

  @ParameterizedTest
  @CsvSource({"q3", "q4"})
  void nothingRelevantAndNothingFoundCountZeroEverywhere(String queryId) {
    assertThat(judged(queryId, MetricOptions.DEFAULT).at(List.of(1, 3, 5)))
        .hasSize(27)
        .allSatisfy(value -> assertThat(value.value()).isZero());
  }

  /** By pytrec_eval 0.5.11 on five tied documents, one of them not judged. */
  @ParameterizedTest
  @CsvSource({
    "NDCG, 1, 0.6666666666666666",
    "NDCG, 2, 0.617319681505689",
    "NDCG, 3, 0.6575014968154731",
    "MAP, 1, 0.25",
    "MAP, 2, 0.5",
    "MAP, 3, 0.75",
    "MRR, 3, 1",
    "PRECISION, 2, 1",
    "RECALL, 1, 0.25",
    "RECALL, 2, 0.5",
  })
  void tiedIdsBeyondAsciiRankByUtf8Bytes(Metric metric, int k, double expected) {
    Ranking ranking = ranking("q", "\uFF5E .5", "\uD83D\uDE00 .5", "\u00E9 .5", "z .5", "a .5");
    Judgements judgements =
        new Judgements(Map.of("\uD83D\uDE00", 2, "\uFF5E", 1, "\u00E9", 1, "z", 3));

    assertThat(RankingMetrics.of(ranking, judgements, MetricOptions.DEFAULT).at(metric, k))
        .isCloseTo(expected, within(1e-12));
  }

  @Test
  void valuesAloneStandInTheSameOrder() {
    RankingMetrics metrics = judged("q1", MetricOptions.DEFAULT);

    assertThat(metrics.values(List.of(5, 3, 5)))
        .containsExactly(
            metrics.at(List.of(3, 5)).stream().mapToDouble(MetricValue::value).toArray());
  }

  @Test
  void perfectRankingHasExactlyOne() {
    Ranking ranking = ranking("q", "a 3", "b 2", "c 1", "d 0");
    Judgements judgements = new Judgements(Map.of("a", 3, "b", 2, "c", 1));
    RankingMetrics metrics = RankingMetrics.of(ranking, judgements, MetricOptions.DEFAULT);

    assertThat(metrics.at(List.of(3)))
        .filteredOn(value -> value.value() != 1.0)
        .containsExactlyInAnyOrder(
            new MetricValue(Metric.UNJUDGED, 3, 0.0),
            new MetricValue(Metric.NUM_REL_RET, null, 3.0));
  }

  /**
   * By pytrec_eval 0.5.11: more judged than relevant documents, fewer, and none but relevant ones;
   * grades below 0 are not judged.
   */
  @ParameterizedTest
  @CsvSource({
    "many, SUCCESS,      1, 0",
    "many, SUCCESS,      4, 1",
    "many, UNJUDGED,     1, 0",
    "many, UNJUDGED,     4, 0.5",
    "many, UNJUDGED,    20, 0.1",
    "many, R_PRECISION,   , 0",
    "many, BPREF,         , 0.25",
    "many, NUM_REL_RET,   , 2",
    "few,  SUCCESS,      1, 1",
    "few,  UNJUDGED,     4, 0.25",
    "few,  UNJUDGED,    20, 0.05",
    "few,  R_PRECISION,   , 0.3333333333333333",
    "few,  BPREF,         , 0.3333333333333333",
    "few,  NUM_REL_RET,   , 2",
    "none, SUCCESS,      1, 0",
    "none, SUCCESS,      4, 1",
    "none, UNJUDGED,     1, 1",
    "none, UNJUDGED,    20, 0.1",
    "none, R_PRECISION,   , 0",
    "none, BPREF,         , 0.5",
    "none, NUM_REL_RET,   , 1",
  })
  void whatIsNotJudgedCountsAsTrecEvalCountsIt(
      String queryId, Metric metric, Integer k, double expected) {
    RankingMetrics metrics =
        RankingMetrics.of(
            Runs.runOfPooledQueries().get(queryId),
            Runs.pooledQueries().get(queryId),
            MetricOptions.DEFAULT);

    assertThat(metrics.at(k == null ? List.of() : List.of(k)))
        .filteredOn(value -> value.metric() == metric)
        .singleElement()
        .satisfies(value -> assertThat(value.k()).isEqualTo(k))
        .satisfies(value -> assertThat(value.value()).isCloseTo(expected, within(1e-12)));
  }

  @Test
  void whatIsJudgedBelowTheRelevantGradeIsNotRelevantToBpref() {
    Ranking ranking = ranking("q", "low 2", "high 1");
    Judgements judgements = new Judgements(Map.of("low", 1, "high", 2));

    assertThat(
            RankingMetrics.of(ranking, judgements, new MetricOptions(2, Gain.LINEAR))
                .overall(Metric.BPREF))
        .isZero();
    assertThat(RankingMetrics.of(ranking, judgements, MetricOptions.DEFAULT).overall(Metric.BPREF))
        .isOne();
  }

  @Test
  void precisionDividesByTheCutoffWhereFewerWereRetrieved() {
    RankingMetrics metrics = judged("q1", MetricOptions.DEFAULT);

    assertThat(metrics.retrievedCount()).isEqualTo(5);
    assertThat(metrics.at(Metric.PRECISION, 100)).isEqualTo(0.03);
    assertThat(metrics.at(Metric.RECALL, 100)).isEqualTo(0.75);
  }

  @Test
  void higherRelevantGradeLeavesNdcgAloneAndNarrowsTheRest() {
    RankingMetrics metrics = judged("q1", new MetricOptions(3, Gain.LINEAR));

    assertThat(metrics.relevantCount()).isEqualTo(1);
    assertThat(metrics.at(Metric.MRR, 5)).isEqualTo(0.25);
    assertThat(metrics.at(Metric.MAP, 5)).isEqualTo(0.25);
    assertThat(metrics.at(Metric.RECALL, 3)).isZero();
    assertThat(metrics.at(Metric.NDCG, 5))
        .isEqualTo(judged("q1", MetricOptions.DEFAULT).at(Metric.NDCG, 5));
  }

  @Test
  void gradesBelowZeroGainNothing() {
    Ranking ranking = ranking("q", "bad 2", "good 1");
    RankingMetrics negative =
        RankingMetrics.of(
            ranking, new Judgements(Map.of("bad", -2, "good", 1)), MetricOptions.DEFAULT);
    RankingMetrics zero =
        RankingMetrics.of(
            ranking, new Judgements(Map.of("bad", 0, "good", 1)), MetricOptions.DEFAULT);

    assertThat(negative.at(Metric.NDCG, 2)).isEqualTo(zero.at(Metric.NDCG, 2));
    assertThat(negative.at(Metric.MAP, 2)).isEqualTo(zero.at(Metric.MAP, 2));
  }

  @Test
  void listsEveryMetricAtEveryCutoffOnce() {
    List<MetricValue> values = judged("q1", MetricOptions.DEFAULT).at(List.of(DEEP, 3, 3));

    assertThat(values)
        .extracting(value -> value.metric().label() + (value.k() == null ? "" : "@" + value.k()))
        .containsExactly(
            "ndcg@3",
            "ndcg@1000",
            "mrr@3",
            "mrr@1000",
            "map@3",
            "map@1000",
            "recall@3",
            "recall@1000",
            "precision@3",
            "precision@1000",
            "f1@3",
            "f1@1000",
            "success@3",
            "success@1000",
            "unjudged@3",
            "unjudged@1000",
            "r_precision",
            "bpref",
            "num_rel_ret");
  }

  @Test
  void cutoffBelowOneIsRefused() {
    RankingMetrics metrics = judged("q1", MetricOptions.DEFAULT);

    assertThatThrownBy(() -> metrics.at(Metric.NDCG, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("illegal k: 0, must be at least 1");
  }

  @Test
  void cutoffWhereThereIsNoneAndNoneWhereThereIsOneAreRefused() {
    RankingMetrics metrics = judged("q1", MetricOptions.DEFAULT);

    assertThatThrownBy(() -> metrics.at(Metric.BPREF, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("illegal k: 10, bpref has no cutoff");
    assertThatThrownBy(() -> metrics.overall(Metric.NDCG))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ndcg needs a cutoff");
  }

  @Test
  void exponentialGainRefusesGradesThatOverflow() {
    Judgements judgements = new Judgements(Map.of("a", 51));
    MetricOptions options = new MetricOptions(1, Gain.EXPONENTIAL);
    Ranking nothing = Ranking.empty("q");

    assertThatThrownBy(() -> RankingMetrics.of(nothing, judgements, options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("illegal grade for exponential gain: 51, must be at most 50; use linear gain");
  }

  @Test
  void relevantGradeBelowOneIsRefused() {
    assertThatThrownBy(() -> new MetricOptions(0, Gain.LINEAR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("illegal minRelevantGrade: 0, must be at least 1");
  }

  @Test
  void labelsNameMetricsBothWays() {
    for (Metric metric : Metric.values()) {
      assertThat(Metric.ofLabel(metric.label())).isEqualTo(metric);
    }
    assertThatThrownBy(() -> Metric.ofLabel("NDCG"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'NDCG'")
        .hasMessageContaining(
            "ndcg, mrr, map, recall, precision, f1, success, unjudged, r_precision, bpref, num_rel_ret");
  }

  private static RankingMetrics judged(String queryId, MetricOptions options) {
    Ranking ranking = Runs.runOfFourQueries().getOrDefault(queryId, Ranking.empty(queryId));
    return RankingMetrics.of(ranking, Runs.fourJudgedQueries().get(queryId), options);
  }
}
