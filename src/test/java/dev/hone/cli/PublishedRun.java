package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.store.Commit;
import dev.hone.store.Manifest;
import dev.hone.store.Workspace;
import dev.hone.table.TableDefinition;
import dev.hone.table.TableFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** What a run published, as a reader sees it. */
record PublishedRun(Workspace workspace, SparkSession spark, String id) {
  /** The only run of a workspace. */
  static PublishedRun in(Path folder, SparkSession spark) {
    Workspace workspace = Workspace.open(folder.toString(), new Configuration());
    assertThat(workspace.runIds()).hasSize(1);
    return new PublishedRun(workspace, spark, workspace.runIds().get(0));
  }

  /** One of several. */
  static PublishedRun of(String id, Path folder, SparkSession spark) {
    return new PublishedRun(Workspace.open(folder.toString(), new Configuration()), spark, id);
  }

  Commit commit(String step, String part) {
    return workspace.manifests(id()).stream()
        .filter(manifest -> manifest.step().equals(step) && manifest.part().equals(part))
        .findFirst()
        .flatMap(manifest -> workspace.commit(step, manifest.digest()))
        .orElseThrow(() -> new AssertionError(step + " (" + part + ") is not published"));
  }

  /** The model's weights that a step published. */
  Path weights(String step, String part) {
    return Path.of(
        workspace.artifactPath(step, commit(step, part).attempt(), "model"), "model.safetensors");
  }

  /** The exported model's weights. */
  Path exportedWeights() {
    return Path.of(workspace.exportPath(id()), "model.safetensors");
  }

  /** A table's rows with their part. */
  Dataset<Row> rows(TableDefinition table) {
    Dataset<Row> all =
        spark.createDataFrame(List.of(), table.schema()).withColumn("part", functions.lit(""));
    for (Manifest manifest : workspace.manifests(id())) {
      Commit commit = workspace.commit(manifest.step(), manifest.digest()).orElseThrow();
      if (commit.tables().stream().anyMatch(one -> one.name().equals(table.name()))) {
        String path = workspace.tablePath(commit.step(), commit.attempt(), table.name());
        List<String> files =
            commit.table(table.name()).files().stream()
                .map(file -> path + "/" + file.path())
                .toList();
        all =
            all.union(
                TableFiles.read(spark, table, files)
                    .withColumn("part", functions.lit(manifest.part())));
      }
    }
    return all;
  }

  /** A table's rows without what time and place decide. */
  Dataset<Row> stable(TableDefinition table) {
    Column[] columns =
        Stream.concat(Stream.of(functions.col("part")), Arrays.stream(table.stableColumns()))
            .toArray(Column[]::new);
    return rows(table).select(columns);
  }

  /** A table's rows are those of another run. */
  void assertSameRows(PublishedRun other, TableDefinition table) {
    Dataset<Row> own = stable(table);
    Dataset<Row> others = other.stable(table);
    assertThat(own.exceptAll(others).takeAsList(3)).isEmpty();
    assertThat(others.exceptAll(own).takeAsList(3)).isEmpty();
  }
}
