package dev.hone.metric;

import static dev.hone.metric.Runs.DEEP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunMetricsTest {
  /** By trec_eval, the query without results counted as 0. */
  @ParameterizedTest
  @CsvSource({
    "NDCG,      3, .0950",
    "NDCG,      5, .2276",
    "MAP,       3, .0625",
    "MAP,       5, .1625",
    "MRR,       5, .3125",
    "PRECISION, 3, .0833",
    "PRECISION, 5, .2000",
    "RECALL,    3, .0625",
    "RECALL,    5, .3125",
    "F1,        3, .0714",
    "F1,        5, .2381",
  })
  void meanIsOverAllJudgedQueries(Metric metric, int k, double expected) {
    assertThat(fourQueries().mean(metric, k)).isCloseTo(expected, within(0.5001e-4));
  }

  /** By pytrec_eval 0.5.11, to ten digits. */
  @ParameterizedTest
  @CsvSource({
    "NDCG, 3, 0 0 0 .469278726 0 0 0",
    "NDCG, 10, 0 0 .2126710402 .3026024135 0 .0849448903 .1319469901",
    "NDCG, 100, .0643774693 .2098682825 .3548957385 .4494883222 .2215485091 .187769542 .2005816928",
    "MAP, 3, 0 0 0 .1666666667 0 0 0",
    "MAP, 10, 0 0 .0798611111 .1666666667 0 .0119047619 .0541666667",
    "MAP, 100, .0066666667 .0463039839 .1507272465 .2166666667 .0543060543 .0477297638 .0788082437",
    "MRR, 1000, .04 .0909090909 .25 1 .0909090909 .1428571429 .25",
    "PRECISION, 3, 0 0 0 .3333333333 0 0 0",
    "PRECISION, 10, 0 0 .3 .1 0 .1 .2",
    "PRECISION, 100, .01 .05 .07 .03 .03 .04 .04",
    "RECALL, 3, 0 0 0 .1666666667 0 0 0",
    "RECALL, 10, 0 0 .25 .1666666667 0 .0833333333 .1666666667",
    "RECALL, 100, .1666666667 .4166666667 .5833333333 .5 .5 .3333333333 .3333333333",
    "SUCCESS, 3, 0 0 0 1 0 0 0",
    "SUCCESS, 10, 0 0 1 1 0 1 1",
    "UNJUDGED, 3, 1 1 1 .6666666667 1 1 1",
    "UNJUDGED, 10, 1 1 .7 .8 1 .9 .8",
    "R_PRECISION, , 0 .0833333333 .25 .1666666667 0 .1666666667 .1666666667",
    "BPREF, , .1388888889 .4166666667 .5833333333 .4444444444 .4722222222 .3333333333 .3333333333",
    "NUM_REL_RET, , 1 5 7 3 3 4 4",
  })
  void everyQueryAgreesWithTrecEvalWhereManyScoresTie(Metric metric, Integer k, String expected) {
    RunMetrics metrics =
        RunMetrics.of(Runs.runOfSevenQueries(), Runs.sevenJudgedQueries(), MetricOptions.DEFAULT);
    double[] reference =
        Arrays.stream(expected.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();

    double[] values =
        k == null
            ? metrics.byQuery().values().stream().mapToDouble(one -> one.overall(metric)).toArray()
            : metrics.values(metric, k);
    assertThat(values).containsExactly(reference, within(1e-9));
  }

  @Test
  void countsTheQueriesThatHaveNothingToCount() {
    RunMetrics metrics = fourQueries();

    assertThat(metrics.byQuery()).containsOnlyKeys("q1", "q2", "q3", "q4");
    assertThat(metrics.withoutResults()).isEqualTo(1);
    assertThat(metrics.withoutRelevant()).isEqualTo(1);
    assertThat(metrics.withoutJudgements()).isEqualTo(1);
  }

  @Test
  void queryWithNoJudgedDocumentIsLeftOut() {
    Map<String, Judgements> judgements = new HashMap<>(Runs.fourJudgedQueries());
    judgements.put("q9", new Judgements(Map.of()));
    RunMetrics metrics = RunMetrics.of(Runs.runOfFourQueries(), judgements, MetricOptions.DEFAULT);

    assertThat(metrics).usingRecursiveComparison().isEqualTo(fourQueries());
  }

  @Test
  void queriesStandInTheOrderOfTheirUtf8Bytes() {
    Judgements judgements = new Judgements(Map.of("d", 1));
    RunMetrics metrics =
        RunMetrics.of(
            Map.of("\uFF5E", Runs.ranking("\uFF5E", "d 1")),
            Map.of("\uD83D\uDE00", judgements, "\uFF5E", judgements, "a", judgements),
            MetricOptions.DEFAULT);

    assertThat(metrics.byQuery().keySet()).containsExactly("a", "\uFF5E", "\uD83D\uDE00");
    assertThat(metrics.values(Metric.MRR, DEEP)).containsExactly(0.0, 1.0, 0.0);
  }

  @Test
  void meanOfNoJudgedQueryIsRefused() {
    RunMetrics metrics = RunMetrics.of(Runs.runOfFourQueries(), Map.of(), MetricOptions.DEFAULT);

    assertThat(metrics.withoutJudgements()).isEqualTo(4);
    assertThatThrownBy(() -> metrics.mean(Metric.NDCG, 10))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no query is judged, so ndcg has no mean");
  }

  private static RunMetrics fourQueries() {
    return RunMetrics.of(Runs.runOfFourQueries(), Runs.fourJudgedQueries(), MetricOptions.DEFAULT);
  }
}
