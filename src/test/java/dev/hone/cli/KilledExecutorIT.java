package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.store.Commit;
import dev.hone.store.Manifest;
import dev.hone.store.Workspace;
import dev.hone.table.TableDefinition;
import dev.hone.table.TableFiles;
import dev.hone.table.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mining and training on two executors, of which one is killed with {@code kill -9} while indexes
 * are built, one while they are searched, and both while one of them trains, give what they give in
 * one process.
 */
class KilledExecutorIT {
  private static final String CONFIGURATION =
      """
      hone {
        datasets = [
          { name = legal, type = pairs, domain = legal,
            source { format = wordnet, options { domain = legal } } }
          { name = finance, type = pairs, domain = finance,
            source { format = wordnet, options { domain = finance } } }
        ]
        mine { strategies = [ { kind = bm25, quota = 2 }, { kind = dense } ] }
        train {
          max-length = 32, max-rows = 320, batch-size = 32, learning-rate = 1e-4
          torch-threads = 1, checkpoint-every = 2
        }
      }
      """;

  private static final Path TARGET = Path.of("target").toAbsolutePath();

  @TempDir private static Path folder;
  private static HoneProcess disturbed;
  private static JsonNode firstUpdate;
  private static SparkSession spark;

  @BeforeAll
  static void mine() throws Exception {
    Files.writeString(folder.resolve("run.conf"), CONFIGURATION);
    HoneProcess undisturbed = start("undisturbed", "local[2]");
    assertThat(undisturbed.exitCode()).as(undisturbed.errors()).isZero();
    disturbed = start("disturbed", "local-cluster[2,1,1536]");
    disturbed.killExecutorWhen(() -> disturbed.errors().contains("index (finance): started"));
    disturbed.killExecutorWhen(() -> disturbed.errors().contains("candidates (round-0): started"));
    disturbed.killExecutorsWhen(() -> !logsOfCheckpoints().isEmpty());
    firstUpdate = new ObjectMapper().readTree(logsOfCheckpoints().get(0).toFile()).get(0);
    assertThat(disturbed.exitCode()).as(disturbed.errors()).isZero();
    spark =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", false).getOrCreate();
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  private static HoneProcess start(String name, String master) throws IOException {
    return HoneProcess.start(
        folder,
        name,
        master,
        Map.of("spark.executor.extraClassPath", TARGET + "/hone.jar:" + TARGET + "/lib/*"),
        "train",
        "--config",
        folder.resolve("run.conf").toString(),
        "--workspace",
        folder.resolve(name).toString());
  }

  /** The logs that complete checkpoints carry. */
  private static List<Path> logsOfCheckpoints() {
    Path checkpoints = folder.resolve("disturbed/checkpoints");
    if (!Files.exists(checkpoints)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(checkpoints)) {
      return files
          .filter(file -> file.getFileName().toString().equals("updates.json"))
          .filter(file -> Files.exists(Path.of(file.getParent().getParent() + ".json")))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of(); // they change while we look; the next look sees them whole
    }
  }

  private static Path weights(String name) {
    Workspace workspace = Workspace.open(folder.resolve(name).toString(), new Configuration(false));
    Commit commit = workspace.commits("train").get(0);
    return Path.of(workspace.artifactPath("train", commit.attempt(), "model"), "model.safetensors");
  }

  private static Dataset<Row> stable(String name, TableDefinition table) {
    return rows(name, table).select(table.stableColumns()).distinct();
  }

  private static Dataset<Row> rows(String name, TableDefinition table) {
    Workspace workspace = Workspace.open(folder.resolve(name).toString(), new Configuration(false));
    String run = workspace.runIds().get(0);
    Dataset<Row> rows = spark.createDataFrame(List.of(), table.schema());
    for (Manifest manifest : workspace.manifests(run)) {
      Commit commit = workspace.commit(manifest.step(), manifest.digest()).orElseThrow();
      if (commit.tables().stream().anyMatch(one -> one.name().equals(table.name()))) {
        String place = workspace.tablePath(commit.step(), commit.attempt(), table.name());
        rows =
            rows.union(
                TableFiles.read(
                    spark,
                    table,
                    commit.table(table.name()).files().stream()
                        .map(file -> place + "/" + file.path())
                        .toList()));
      }
    }
    return rows;
  }

  private static void assertSame(TableDefinition table) {
    Dataset<Row> one = stable("undisturbed", table);
    Dataset<Row> other = stable("disturbed", table);
    assertThat(one.count()).isPositive();
    assertThat(one.exceptAll(other).takeAsList(3)).isEmpty();
    assertThat(other.exceptAll(one).takeAsList(3)).isEmpty();
  }

  @Test
  void executorsWereLost() {
    assertThat(disturbed.errors()).containsPattern("(?i)lost executor|executor lost|ExecutorLost");
  }

  @Test
  void candidatesAreTheSame() {
    assertSame(Tables.CANDIDATES);
  }

  @Test
  void negativesAreTheSame() {
    assertSame(Tables.NEGATIVES);
  }

  @Test
  void trainingWentOnFromACheckpoint() {
    assertSame(Tables.BATCH_PLAN);
    assertSame(Tables.TRAINING_LOG);
    List<Row> log = rows("disturbed", Tables.TRAINING_LOG).filter("step = 0").collectAsList();
    double seconds = firstUpdate.get("seconds").asDouble();
    assertThat(log).hasSize(1);
    assertThat(log.get(0).<Double>getAs("examples_per_second"))
        .isEqualTo(firstUpdate.get("examples").asInt() / seconds);
    assertThat(weights("disturbed")).hasSameBinaryContentAs(weights("undisturbed"));
  }

  @Test
  void statisticsOfIndexesAreTheSame() {
    assertSame(Tables.INDEX_SHARDS);
  }
}
