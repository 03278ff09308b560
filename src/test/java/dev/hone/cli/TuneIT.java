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

/** A search for the best learning rate of a real training, and the run that follows it. */
class TuneIT {
  private static final String CONFIGURATION =
      """
      hone {
        run-id = tuned-here
        datasets = [
          { name = similar, type = scored, domain = legal
            source { format = wordnet, options { domain = legal } } }
        ]
        train {
          batch-size = 32, max-steps = 9, max-length = 16, epochs = 3, validation-documents = 20
        }
        tune { space { learning-rate = [1e-9, 1e-4, 2e-9] }, trials = 5 }
      }
      """;

  @TempDir private static Path folder;
  private static SparkSession spark;
  private static PublishedRun search;
  private static Path best;
  private static HoneProcess tune;
  private static HoneProcess train;

  private static HoneProcess hone(String name, String... arguments) throws Exception {
    HoneProcess process = HoneProcess.start(folder, name, "local[2]", arguments);
    assertThat(process.exitCode()).as(process.errors()).isZero();
    return process;
  }

  @BeforeAll
  static void search() throws Exception {
    String configuration = Files.writeString(folder.resolve("run.conf"), CONFIGURATION).toString();
    String workspace = folder.resolve("workspace").toString();
    best = folder.resolve("best.conf");
    tune =
        hone(
            "tune",
            "tune",
            "--config",
            configuration,
            "--workspace",
            workspace,
            "--output",
            best.toString());
    train = hone("train", "train", "--config", best.toString());
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 2)
            .getOrCreate();
    search = PublishedRun.of("tuned-here", Path.of(workspace), spark);
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  @Test
  void everyTrialHasARowForEachOfItsRungs() {
    List<Row> trials =
        search
            .rows(Tables.TRIALS)
            .orderBy("rung", "trial")
            .select("rung", "trial", "updates", "status", "metric", "value", "seconds")
            .collectAsList();

    assertThat(trials.stream().map(row -> row.getInt(0) + " " + row.getInt(2)))
        .containsExactly("0 3", "0 3", "0 3", "1 9");
    assertThat(trials)
        .allSatisfy(
            row -> {
              assertThat(row.getString(4)).isEqualTo("spearman");
              assertThat(row.getDouble(5)).isBetween(-1.0, 1.0);
              assertThat(row.getDouble(6)).isPositive();
            });
    assertThat(trials.get(3).getString(3)).isEqualTo("best");
  }

  @Test
  void theTrialThatGoesOnHasTheHighestValueOfItsRung() {
    List<Row> first =
        search
            .rows(Tables.TRIALS)
            .filter("rung = 0")
            .select("value", "status")
            .orderBy("value")
            .collectAsList();

    assertThat(first.stream().map(row -> row.getString(1)))
        .containsExactlyInAnyOrder("continued", "dropped", "dropped");
    double continued =
        first.stream()
            .filter(row -> row.getString(1).equals("continued"))
            .findFirst()
            .orElseThrow()
            .getDouble(0);
    assertThat(continued).isEqualTo(first.get(2).getDouble(0));
  }

  @Test
  void theBestSettingsAreAConfigurationWhoseTrainingIsPublishedAlready() {
    assertThat(best).content().contains("learning-rate=", "run.conf");
    assertThat(train.errors()).contains("train: published already, not done again");
    assertThat(tune.output()).contains("Best:   train.learning-rate = ", best.toString());
  }

  @Test
  void trialsShareWhatTheyHaveInCommon() {
    assertThat(tune.errors().split("normalize: started", -1)).hasSize(2);
    assertThat(tune.errors().split("train: started", -1)).hasSize(5);
  }
}
