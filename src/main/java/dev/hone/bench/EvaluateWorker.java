package dev.hone.bench;

import dev.hone.evaluate.JudgedQueries;
import dev.hone.evaluate.QueryMetrics;
import dev.hone.metric.MetricOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A contestant: Hone's metrics by Spark in one JVM, as the evaluate step computes them. */
public final class EvaluateWorker {
  /** Some 30,000 of a million queries in each: few to write, small to sort. */
  private static final int SHUFFLE_PARTITIONS = 32;

  private EvaluateWorker() {}

  /** Arguments: the task. */
  public static void main(String[] arguments) throws IOException {
    EvaluateTask task = EvaluateTask.of(arguments);
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[%d]".formatted(EvaluateTask.THREADS))
            .appName("hone bench")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.local.dir", task.folder().resolve("spark").toString())
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", SHUFFLE_PARTITIONS)
            .config("spark.sql.parquet.compression.codec", "zstd")
            .getOrCreate()) {
      task.some().write(spark);
      task.all().write(spark);
      Answers.give(
          "Hone on Spark " + spark.version(),
          Map.of(
              EvaluateTask.CHECK,
              () -> check(task, spark),
              Answers.ROUND,
              Answers.whole(() -> consume(scored(task.all(), spark))),
              EvaluateTask.RANKED,
              Answers.whole(() -> consumeAll(task.all(), spark))));
    }
  }

  /** The metrics of every query. */
  private static Dataset<Row> scored(MadeRun made, SparkSession spark) {
    return QueryMetrics.ofRunWithoutRankings(
            made.run(spark), made.judged(spark), MetricOptions.DEFAULT, EvaluateTask.CUTOFFS)
        .metrics();
  }

  /** The same with every query's results by rank, as a model is evaluated. */
  private static void consumeAll(MadeRun made, SparkSession spark) {
    JudgedQueries judged =
        QueryMetrics.ofRun(
                made.run(spark), made.judged(spark), MetricOptions.DEFAULT, EvaluateTask.CUTOFFS)
            .kept();
    consume(judged.rankings());
    consume(judged.metrics());
  }

  /** Makes all rows and keeps none. */
  private static void consume(Dataset<Row> rows) {
    rows.write().format("noop").mode("overwrite").save();
  }

  private static long check(EvaluateTask task, SparkSession spark) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Row row :
        scored(task.some(), spark)
            .filter("metric in ('ndcg', 'map', 'recall', 'precision', 'success')")
            .groupBy("metric", "k")
            .avg("value")
            .collectAsList()) {
      lines.add("%s\t%d\t%s".formatted(row.getString(0), row.getInt(1), row.getDouble(2)));
    }
    Files.write(task.means("hone"), lines);
    return 0;
  }
}
