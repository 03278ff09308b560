package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.store.Commit;
import dev.hone.store.Manifest;
import dev.hone.store.Workspace;
import dev.hone.table.TableDefinition;
import dev.hone.table.TableFiles;
import dev.hone.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mining on two executors, of which one is killed with {@code kill -9} while indexes are built and
 * one while they are searched, finds what mining in one process finds.
 */
class KilledExecutorIT {
  private static final String CONFIGURATION =
      """
      hone {
        datasets = [
          { name = legal, type = pairs, domain = legal,
            source { format = wordnet, options { domain = legal } } }
          { name = healthcare, type = pairs, domain = healthcare,
            source { format = wordnet, options { domain = healthcare } } }
        ]
        mine { strategies = [ { kind = bm25, quota = 2 }, { kind = dense } ] }
        train { max-length = 32 }
      }
      """;

  @TempDir private static Path folder;
  private static HoneProcess disturbed;
  private static SparkSession spark;

  @BeforeAll
  static void mine() throws Exception {
    Files.writeString(folder.resolve("run.conf"), CONFIGURATION);
    HoneProcess undisturbed = start("undisturbed", "local[2]");
    assertThat(undisturbed.exitCode()).as(undisturbed.errors()).isZero();
    disturbed = start("disturbed", "local-cluster[2,1,1536]");
    disturbed.killExecutorWhen(() -> disturbed.errors().contains("index (healthcare): started"));
    disturbed.killExecutorWhen(() -> disturbed.errors().contains("candidates (round-0): started"));
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
        Map.of("spark.cores.max", "2"),
        "mine",
        "--config",
        folder.resolve("run.conf").toString(),
        "--workspace",
        folder.resolve(name).toString());
  }

  private static Dataset<Row> stable(String name, TableDefinition table) {
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
    return rows.select(table.stableColumns()).distinct();
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
  void statisticsOfIndexesAreTheSame() {
    assertSame(Tables.INDEX_SHARDS);
  }
}
