package dev.hone.encode;

import static org.apache.spark.sql.functions.broadcast;

import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Whether rows are so few that one task takes them all. Then no query exchanges rows between tasks,
 * and each is one short job, where it would be a job for every exchange.
 */
enum Extent {
  /** One task takes them. */
  FEW,
  /** Spark divides them. */
  MANY;

  /** The most rows of one task. */
  static final long MOST_ROWS = 32_768;

  /** The most text of one task, in bytes. */
  static final long MOST_BYTES = 64L << 20;

  /**
   * Spark neither plans again while it runs, nor sends a side of a join ahead in a job of its own.
   */
  private static final Map<String, String> ONE_JOB =
      Map.of(
          "spark.sql.adaptive.enabled", "false",
          "spark.sql.autoBroadcastJoinThreshold", "-1",
          "spark.sql.shuffle.partitions", "1",
          // Spark's guess at a join's size is the product of its sides.
          "spark.sql.maxSinglePartitionBytes", String.valueOf(Long.MAX_VALUE));

  /** The extent of so many rows, of so many bytes of text. */
  static Extent of(long rows, long bytes) {
    return rows <= MOST_ROWS && bytes <= MOST_BYTES ? FEW : MANY;
  }

  /** Of both together: few where both are. */
  Extent and(Extent other) {
    return this == FEW ? other : MANY;
  }

  /** The session to query such rows in: the one given, or one like it. */
  SparkSession session(SparkSession spark) {
    if (this == MANY) {
      return spark;
    }
    SparkSession own = spark.newSession();
    Map<String, String> settings = CollectionConverters.asJava(spark.conf().getAll());
    settings.forEach(
        (key, value) -> {
          if (own.conf().isModifiable(key)) {
            own.conf().set(key, value);
          }
        });
    ONE_JOB.forEach((key, value) -> own.conf().set(key, value));
    return own;
  }

  /**
   * The rows, few ones for one task. What a join gives is gathered before the next join, or Spark
   * does not see that one task has it all.
   */
  Dataset<Row> gathered(Dataset<Row> rows) {
    return this == FEW ? rows.coalesce(1) : rows;
  }

  /** The side of a join that is looked up in; the other one must be gathered too. */
  Dataset<Row> lookedUp(Dataset<Row> rows) {
    return this == FEW ? gathered(rows).hint("shuffle_hash") : rows;
  }

  /** The side of a join that is small, however many rows the other one has. */
  Dataset<Row> small(Dataset<Row> rows) {
    return this == FEW ? lookedUp(rows) : broadcast(rows);
  }
}
