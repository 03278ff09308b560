package dev.hone.cli;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hone.encode.VectorTable;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.store.SharedCache;
import dev.hone.table.Columns;
import dev.hone.table.Tables;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that learns another model's differences between positives and mined negatives. */
class TaughtRunIT {
  private static final String CONFIGURATION =
      """
      hone {
        datasets = [
          { name = legal, type = pairs, domain = legal
            source { format = wordnet, options { domain = legal } } }
        ]
        mine {
          strategies = [ { kind = dense, quota = 2 } ], depth = 5, relative-margin = none
          filter-scorer = "builtin:bge-small-en-v1.5"
        }
        train {
          distillation = margin-mse, max-steps = 3, batch-size = 16, max-rows = 64, max-length = 32
          negatives-per-query = 2, dropout = 0, learning-rate = 1e-4
        }
      }
      """;

  @TempDir private static Path folder;
  private static SparkSession spark;
  private static PublishedRun run;

  @BeforeAll
  static void run() throws Exception {
    Path configuration = Files.writeString(folder.resolve("run.conf"), CONFIGURATION);
    Path workspace = folder.resolve("workspace");
    HoneProcess process =
        HoneProcess.start(
            folder,
            "train",
            "local[2]",
            "train",
            "--config",
            configuration.toString(),
            "--workspace",
            workspace.toString());
    assertThat(process.exitCode()).as(process.errors()).isZero();
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
  void theFirstLossIsTheMeanSquareOfWhatTheBaseIsOffTheTeacher() {
    Commit form = run.commit("normalize", "all");
    StageContext context =
        new StageContext(spark, run.workspace(), run.id(), SharedCache.open(), "test");
    VectorTable base = new VectorTable(context, run.commit("vectors", "base"));
    Dataset<Row> documents = base.documents(context.read(form, Tables.DOCUMENTS));
    Dataset<Row> queries =
        base.queries(context.read(form, Tables.QUERIES))
            .withColumnRenamed("vector", "query_vector");
    Dataset<Row> positives =
        run.rows(Tables.POSITIVE_SCORES)
            .select("dataset", "query_id", "doc_id", "filter_score")
            .join(documents, Columns.names("dataset", "doc_id"));
    Dataset<Row> negatives =
        run.rows(Tables.NEGATIVES)
            .select("dataset", "query_id", "doc_id", "filter_score")
            .join(documents, Columns.names("dataset", "doc_id"))
            .toDF("dataset", "negative", "query_id", "negative_score", "negative_vector");
    Dataset<Row> compared =
        run.rows(Tables.BATCH_PLAN)
            .filter("step = 0")
            .join(queries, Columns.names("dataset", "query_id"))
            .join(positives, Columns.names("dataset", "query_id", "doc_id"))
            .withColumn("negative", expr("explode(negatives)"))
            .join(negatives, Columns.names("dataset", "query_id", "negative"));
    Column difference =
        VectorTable.product("query_vector", "vector")
            .minus(VectorTable.product("query_vector", "negative_vector"));
    Column taught = col("filter_score").minus(col("negative_score"));
    Dataset<Row> errors = compared.select(difference.minus(taught).as("error"));

    assertThat(errors.count()).isBetween(17L, 32L);
    assertThat(run.rows(Tables.TRAINING_LOG).filter("step = 0").select("loss").first().getDouble(0))
        .isCloseTo(errors.selectExpr("avg(error * error)").first().getDouble(0), within(1e-6));
  }

  @Test
  void theTrainingSaysWhomItLearnedFrom() {
    Commit trained = run.commit("train", "all");

    assertThat(trained.keys()).containsEntry("loss", "margin-mse");
    assertThat(trained.inputs())
        .containsEntry("teacher", run.commit("negatives", "round-0").digest());
  }
}
