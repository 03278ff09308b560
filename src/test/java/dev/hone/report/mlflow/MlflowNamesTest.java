package dev.hone.report.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MlflowNamesTest {
  private static MeasuredValue value(String model, String dataset, String metric, int k, int dim) {
    return new MeasuredValue(model, dataset, metric, k, dim, dim == 0 ? "" : "fp32", .5);
  }

  private static List<String> named(MeasuredValue... values) {
    return MeasuredValue.named(List.of(values)).stream().map(LoggedMetric::name).toList();
  }

  @Test
  void aMetricIsNamedByModelDataSetAndCutOffAndTheMeanOverDataSetsByTheModelAlone() {
    assertThat(
            named(
                value("tuned", "medquad", "ndcg", 10, 384),
                value("tuned", "*", "ndcg", 10, 384),
                value("tuned", "sts", "spearman", 0, 384),
                value("bm25", "medquad", "mrr", 10, 0)))
        .containsExactly(
            "bm25/medquad/mrr_at_10",
            "tuned/medquad/ndcg_at_10",
            "tuned/ndcg_at_10",
            "tuned/sts/spearman");
  }

  @Test
  void fewerDimensionsAndCoarserVectorsAreNamed() {
    assertThat(
            named(
                value("tuned", "a", "ndcg", 10, 384),
                value("tuned", "a", "ndcg", 10, 64),
                new MeasuredValue("tuned", "a", "ndcg", 10, 384, "int8", .5),
                new MeasuredValue("tuned", "a", "ndcg", 10, 64, "binary", .5)))
        .containsExactly(
            "tuned/a/ndcg_at_10",
            "tuned/a/ndcg_at_10_dim_64",
            "tuned/a/ndcg_at_10_dim_64_binary",
            "tuned/a/ndcg_at_10_int8");
  }

  @Test
  void whatMlflowRefusesIsReplacedAndTwoNamesStayTwo() {
    assertThat(MlflowNames.part("train.loss-1_a b")).isEqualTo("train.loss-1_a b");
    assertThat(MlflowNames.part("ndcg@10")).matches("ndcg_10-[0-9a-f]{8}");
    assertThat(MlflowNames.part("ndcg@10")).isNotEqualTo(MlflowNames.part("ndcg%10"));
    assertThat(MlflowNames.part("..")).matches("_-[0-9a-f]{8}");
    assertThat(MlflowNames.part("")).matches("_-[0-9a-f]{8}");
    assertThat(MlflowNames.path(List.of("a/b", "ü", "c")))
        .matches("a_b-[0-9a-f]{8}/_-[0-9a-f]{8}/c");
  }

  @Test
  void namesAndValuesAreAsLongAsMlflowTakes() {
    String longName = "n".repeat(251);
    assertThat(MlflowNames.part("n".repeat(250))).isEqualTo("n".repeat(250));
    assertThat(MlflowNames.part(longName))
        .hasSize(250)
        .isNotEqualTo(MlflowNames.part(longName + 1));
    assertThat(MlflowNames.path(List.of("n".repeat(200), "m".repeat(200))))
        .hasSize(250)
        .isNotEqualTo(MlflowNames.path(List.of("n".repeat(200), "m".repeat(201))));

    assertThat(MlflowNames.parameterValue("v".repeat(6000))).isEqualTo("v".repeat(6000));
    assertThat(MlflowNames.parameterValue("v".repeat(6001))).isEqualTo("v".repeat(5997) + "...");
    assertThat(MlflowNames.tagValue("v".repeat(8001))).hasSize(8000);
    assertThat(MlflowNames.parameterValue("v".repeat(5996) + "\uD83D\uDE00" + "v".repeat(9)))
        .isEqualTo("v".repeat(5996) + "...");
  }

  @Test
  void aRequestHoldsSoManyItemsAndBytes() {
    List<Integer> sizes = List.of(1, 1, 1, 400_000, 400_000, 400_000, 900_000, 1);

    assertThat(Batches.of(sizes, 2, Integer::longValue))
        .containsExactly(
            List.of(1, 1),
            List.of(1, 400_000),
            List.of(400_000, 400_000),
            List.of(900_000),
            List.of(1));
    assertThat(Batches.of(List.<Integer>of(), 2, Integer::longValue)).isEmpty();
  }
}
