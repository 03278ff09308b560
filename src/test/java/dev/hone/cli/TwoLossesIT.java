package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that train on scored pairs: beside another data set with its own loss, and alone. */
class TwoLossesIT {
  private static final String SCORED =
      """
          { name = similar, type = scored, domain = legal, prompts { document = "term: " },
            source { format = wordnet, options { domain = legal } } }
      """;

  private static final String PAIRS =
      """
          { name = legal, type = pairs, domain = legal
            source { format = wordnet, options { domain = legal } } }
      """;

  private static final String TRAINING =
      """
        train {
          max-steps = 12, batch-size = 32, max-length = 32, learning-rate = 1e-4
          evaluate-every = 6, validation-documents = 50, sampling = round-robin
        }
      """;

  @TempDir private static Path folder;
  private static SparkSession spark;
  private static PublishedRun both;
  private static PublishedRun alone;

  @BeforeAll
  static void run() throws Exception {
    both = run("both", PAIRS + SCORED);
    alone = run("alone", SCORED);
  }

  private static PublishedRun run(String name, String datasets)
      throws IOException, InterruptedException {
    Path configuration = folder.resolve(name + ".conf");
    Files.writeString(
        configuration, "hone {\n  datasets = [\n" + datasets + "  ]\n" + TRAINING + "}\n");
    Path workspace = folder.resolve(name);
    HoneProcess process =
        HoneProcess.start(
            folder,
            name,
            "local[2]",
            "run",
            "--config",
            configuration.toString(),
            "--workspace",
            workspace.toString());
    assertThat(process.exitCode()).as(process.errors()).isZero();
    if (spark == null) {
      spark =
          SparkSession.builder()
              .master("local[2]")
              .config("spark.ui.enabled", false)
              .config("spark.sql.shuffle.partitions", 2)
              .getOrCreate();
    }
    return PublishedRun.in(workspace, spark);
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  private static List<String> logged(PublishedRun run, String column) {
    return run.rows(Tables.TRAINING_LOG).orderBy("step").select(column).collectAsList().stream()
        .map(row -> row.getString(0))
        .toList();
  }

  @Test
  void dataSetsTakeTurns() {
    assertThat(logged(both, "dataset"))
        .isEqualTo(
            IntStream.range(0, 12).mapToObj(step -> step % 2 == 0 ? "legal" : "similar").toList());
    assertThat(logged(alone, "dataset")).hasSize(12).containsOnly("similar");
  }

  @Test
  void eachIsTrainedWithItsOwnLoss() {
    assertThat(both.commit("train", "all").keys())
        .containsEntry("legal: loss", "mnrl")
        .containsEntry("similar: loss", "cosent")
        .containsEntry("similar: prompts", "|term: ")
        .containsEntry("scale", "20.0")
        .containsEntry("prompts", "|");
    assertThat(alone.commit("train", "all").keys()).containsEntry("loss", "cosent");
  }

  @Test
  void scoredPairsAreValidatedBySpearman() {
    for (PublishedRun run : List.of(both, alone)) {
      List<Row> scores =
          run.rows(Tables.VALIDATION_LOG)
              .filter("dataset = 'similar'")
              .orderBy("step")
              .select("step", "metric", "k", "value", "base_value")
              .collectAsList();
      assertThat(scores.stream().map(row -> row.getInt(0))).containsExactly(0, 6, 12);
      assertThat(scores)
          .allSatisfy(
              row -> {
                assertThat(row.getString(1)).isEqualTo("spearman");
                assertThat(row.isNullAt(2)).isTrue();
                assertThat(row.getDouble(4)).isEqualTo(scores.get(0).getDouble(3));
              });
      assertThat(scores.get(2).getDouble(3))
          .as("of another model than the base")
          .isNotEqualTo(scores.get(0).getDouble(3));
    }
    assertThat(both.rows(Tables.VALIDATION_LOG).select("dataset", "metric").distinct().count())
        .isEqualTo(2);
  }

  @Test
  void whatIsEvaluatedIsTheCorrelationOfTheTestPairs() {
    for (PublishedRun run : List.of(both, alone)) {
      assertThat(
              run
                  .rows(Tables.RUN_METRICS)
                  .filter("dataset = 'similar' and metric = 'spearman'")
                  .select("model")
                  .distinct()
                  .collectAsList()
                  .stream()
                  .map(row -> row.getString(0)))
          .containsExactlyInAnyOrder("base", "tuned");
    }
  }

  @Test
  void planCountsEveryRow() {
    for (PublishedRun run : List.of(both, alone)) {
      assertThat(run.rows(Tables.PLAN_COUNTS).filter("rows <> planned + tail + rest").count())
          .isZero();
      long trained = run.rows(Tables.SCORED_PAIRS).filter("split = 'train'").count();
      assertThat(
              run.rows(Tables.PLAN_COUNTS)
                  .filter("dataset = 'similar'")
                  .select("rows")
                  .first()
                  .getLong(0))
          .isEqualTo(trained);
    }
  }
}
