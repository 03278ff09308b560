package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.table.Tables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run of scored pairs alone: nothing is searched or mined, and it trains, measures and reports.
 */
class ScoredRunIT {
  private static final String CONFIGURATION =
      """
      hone {
        datasets = [
          { name = similar, type = scored, domain = legal
            source { format = wordnet, options { domain = legal } } }
          { name = other, type = scored, domain = finance, train-on = false
            source { format = wordnet, options { domain = finance } } }
        ]
        train {
          max-steps = 12, batch-size = 32, max-length = 32, learning-rate = 1e-4
          evaluate-every = 6, validation-documents = 50
        }
      }
      """;

  @TempDir private static Path folder;
  private static SparkSession spark;
  private static PublishedRun run;
  private static String said;

  @BeforeAll
  static void run() throws Exception {
    Path configuration = Files.writeString(folder.resolve("run.conf"), CONFIGURATION);
    Path workspace = folder.resolve("workspace");
    HoneProcess process =
        HoneProcess.start(
            folder,
            "run",
            "local[2]",
            "run",
            "--config",
            configuration.toString(),
            "--workspace",
            workspace.toString());
    assertThat(process.exitCode()).as(process.errors()).isZero();
    said = process.errors();
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 2)
            .getOrCreate();
    run = PublishedRun.in(workspace, spark);
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  @Test
  void everyUpdateIsCosents() {
    assertThat(run.commit("train", "all").keys()).containsEntry("loss", "cosent");
    assertThat(run.rows(Tables.TRAINING_LOG).filter("dataset = 'similar'").count()).isEqualTo(12);
  }

  @Test
  void scoredPairsAreValidatedBySpearman() {
    List<Row> scores =
        run.rows(Tables.VALIDATION_LOG)
            .orderBy("step")
            .select("step", "metric", "k", "value", "base_value")
            .collectAsList();
    assertThat(scores).extracting(row -> row.getInt(0)).containsExactly(0, 6, 12);
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

  @Test
  void whatIsEvaluatedIsTheCorrelationOfTheTestPairs() {
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

  @Test
  void planCountsEveryRow() {
    assertThat(run.rows(Tables.PLAN_COUNTS).filter("rows <> planned + tail + rest").count())
        .isZero();
    assertThat(run.rows(Tables.PLAN_COUNTS).select("rows").first().getLong(0))
        .isEqualTo(
            run.rows(Tables.SCORED_PAIRS)
                .filter("split = 'train' and dataset = 'similar'")
                .count());
  }

  @Test
  void whatTrainingCostElsewhereIsSaidAndPublished() {
    assertThat(said).containsPattern("data set other: spearman 0\\.\\d{4} -> 0\\.\\d{4} ");
    assertThat(run.commit("forgetting", "tuned").table("advice")).isNotNull();
    assertThat(
            run
                .rows(Tables.RUN_METRICS)
                .filter("dataset = 'other' and metric = 'spearman'")
                .select("model")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0)))
        .containsExactlyInAnyOrder("base", "tuned");
  }
}
