package dev.hone.bench;

import static org.apache.spark.sql.functions.lit;

import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Judgements and a run of any size, each the same whenever it is made: a query's results stand
 * together, best first, every tenth tied with the next; one to four documents are judged, some of
 * which are not found. Scores are what 32 bits hold.
 *
 * @param folder where both lie, as Parquet
 */
record MadeRun(Path folder, int queries, int depth, long seed) {
  private static final int PIECES = 8;

  /** Steps through so many documents, a prime number, meet none twice. */
  private static final int DOCUMENTS = 8_388_593;

  private static final int SCORE_STEPS = 1024;
  private static final int MOST_JUDGED = 4;

  void write(SparkSession spark) {
    results(spark).write().parquet(runFolder());
    judgements(spark).write().parquet(judgementsFolder());
  }

  /** query_id, doc_id, rank, score, dataset. */
  Dataset<Row> run(SparkSession spark) {
    return named(spark.read().parquet(runFolder()));
  }

  /** query_id, doc_id, grade, dataset. */
  Dataset<Row> judged(SparkSession spark) {
    return named(spark.read().parquet(judgementsFolder()));
  }

  /** A run has no data set of its own. */
  private static Dataset<Row> named(Dataset<Row> rows) {
    return rows.withColumn("dataset", lit("made"));
  }

  private String runFolder() {
    return folder.resolve("run").toString();
  }

  private String judgementsFolder() {
    return folder.resolve("judgements").toString();
  }

  private Dataset<Row> results(SparkSession spark) {
    return made(spark)
        .selectExpr("*", "explode(sequence(0, %d)) as i".formatted(depth - 1))
        .selectExpr(
            "query_id",
            document("i"),
            "i + 1 as rank",
            "cast(%d - i + i div 10 as double) / %d as score".formatted(depth, SCORE_STEPS));
  }

  private Dataset<Row> judgements(SparkSession spark) {
    int width = Math.max(1, depth * 6 / 5 / MOST_JUDGED);
    return made(spark)
        .selectExpr(
            "*",
            "explode(sequence(0, pmod(xxhash64(id, seed, 3), %d))) as j".formatted(MOST_JUDGED))
        .selectExpr("*", "j * %1$d + pmod(xxhash64(id, seed, 4, j), %1$d) as i".formatted(width))
        .selectExpr(
            "query_id", document("i"), "cast(pmod(xxhash64(id, seed, 5, j), 4) as int) as grade");
  }

  private Dataset<Row> made(SparkSession spark) {
    return spark
        .range(0, queries, 1, PIECES)
        .withColumn("seed", lit(seed))
        .selectExpr(
            "id",
            "seed",
            "concat('q', id) as query_id",
            "pmod(xxhash64(id, seed, 1), %d) as start".formatted(DOCUMENTS),
            "1 + pmod(xxhash64(id, seed, 2), %d) as step".formatted(DOCUMENTS - 1));
  }

  private static String document(String place) {
    return "concat('d', pmod(start + %s * step, %d)) as doc_id".formatted(place, DOCUMENTS);
  }
}
