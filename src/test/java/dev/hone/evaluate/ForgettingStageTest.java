package dev.hone.evaluate;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.config.RunConfig;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What training cost where nothing was trained on: found, said with its numbers, or not there. */
class ForgettingStageTest {
  private static final int UPDATES = 46;

  @TempDir private Path folder;
  private SmallWorkspace workspace;
  private Commit base;
  private Commit tuned;

  private static Object[] mean(String dataset, String metric, Integer k, double value) {
    return row("m", dataset, "test", 384, "fp32", metric, k, value, 0.0, 1.0, 2L);
  }

  private static Object[] query(String dataset, String id, double value) {
    return row("m", dataset, "test", id, 384, "fp32", "ndcg", 10, value, 1, 1);
  }

  @BeforeEach
  void publish() {
    workspace = SmallWorkspace.in(folder);
    base =
        workspace
            .step("base")
            .table(
                Tables.RUN_METRICS,
                mean("law", "ndcg", 10, 0.4),
                mean("news", "ndcg", 5, 0.1),
                mean("news", "ndcg", 10, 0.7),
                mean("similar", "spearman", null, 0.8),
                mean("similar", "pearson", null, 0.9))
            .table(
                Tables.QUERY_METRICS,
                query("law", "q1", 0.4),
                query("news", "q1", 0.5),
                query("news", "q2", 0.9))
            .publish();
    tuned =
        workspace
            .step("tuned")
            .table(
                Tables.RUN_METRICS,
                mean("law", "ndcg", 10, 0.3),
                mean("news", "ndcg", 5, 0.1),
                mean("news", "ndcg", 10, 0.65),
                mean("similar", "spearman", null, 0.785),
                mean("similar", "pearson", null, 0.1))
            .table(
                Tables.QUERY_METRICS,
                query("law", "q1", 0.3),
                query("news", "q1", 0.45),
                query("news", "q2", 0.85))
            .publish();
  }

  private Optional<Commit> compared(String settings, int number) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve(number + ".conf"),
            """
            hone {
              datasets = [
                { name = law, type = ranking, source { format = beir, path = x } }
                { name = news, type = ranking, train-on = false, source { format = beir, path = x } }
                { name = similar, type = scored, train-on = false
                  source { format = csv, path = x }
                  columns { text_a = a, text_b = b, score = s } }
              ]
              %s
            }
            """
                .formatted(settings));
    RunConfig config = RunConfig.load(file, List.of());
    return new ForgettingStage(
            workspace.run("run-" + number).context(),
            config.evaluate().primary(),
            config.forgetting(),
            config.datasets(),
            config.seed())
        .run(base, tuned, UPDATES);
  }

  private List<Row> advice(Commit commit) {
    return workspace.context().read(commit, Tables.ADVICE).orderBy("dataset").collectAsList();
  }

  @Test
  void aLargeDropOnWhatWasNotTrainedOnIsAdvice() throws IOException {
    List<Row> advice = advice(compared("", 1).orElseThrow());

    assertThat(advice)
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.getInt(0)).isZero();
              assertThat(row.getInt(1)).isEqualTo(UPDATES - 1);
              assertThat(row.getString(2)).isEqualTo("forgets");
              assertThat(row.getString(3))
                  .isEqualTo(
                      "ndcg@10 0.7000 -> 0.6500 (-0.0500; 95 % of draws from -0.0500 to -0.0500, 2 queries), a drop of more than max-forgetting = 0.02");
              assertThat(row.getString(4)).contains("train.interpolate");
              assertThat(row.getString(5)).isEqualTo("news");
            });
  }

  @Test
  void eachDataSetIsJudgedByItsOwnMetric() throws IOException {
    List<Row> advice = advice(compared("max-forgetting = 0.01", 2).orElseThrow());

    assertThat(advice).extracting(row -> row.getString(5)).containsExactly("news", "similar");
    assertThat(advice.get(1).getString(3))
        .isEqualTo(
            "spearman 0.8000 -> 0.7850 (-0.0150), a drop of more than max-forgetting = 0.01");
  }

  @Test
  void whatMayBeLostIsNoAdvice() throws IOException {
    assertThat(advice(compared("max-forgetting = 0.1", 3).orElseThrow())).isEmpty();
  }

  @Test
  void aDataSetThatIsTrainedOnCountsWhereItIsNamed() throws IOException {
    List<Row> advice =
        advice(compared("max-forgetting = 0.001, evaluate.general = [law]", 4).orElseThrow());

    assertThat(advice).extracting(row -> row.getString(5)).containsExactly("law");
  }

  @Test
  void withoutAGeneralDataSetNothingIsPublished() throws IOException {
    assertThat(compared("evaluate.general = []", 5)).isEmpty();
  }

  @Test
  void anotherBoundIsAnotherStep() throws IOException {
    assertThat(compared("max-forgetting = 0.03", 6).orElseThrow().digest())
        .isNotEqualTo(compared("max-forgetting = 0.04", 7).orElseThrow().digest());
  }
}
