package dev.hone.cli;

import dev.hone.chain.Chain;
import dev.hone.config.RunConfig;
import dev.hone.store.LocalCache;
import dev.hone.store.Workspace;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/** A Spark session and a workspace for the time of one command. */
record Session(SparkSession spark, Workspace workspace, LocalCache cache) implements AutoCloseable {

  static Session open(RunConfig config) {
    return open(config, Map.of());
  }

  /**
   * Opens the workspace first: an unwritable one is reported before Spark starts.
   *
   * @param settings of Spark, over all others
   */
  static Session open(RunConfig config, Map<String, String> settings) {
    LocalCache cache = LocalCache.ofUser();
    Workspace workspace = Workspace.open(config.workspace(), hadoop());
    SparkSession.Builder spark = SparkSession.builder().appName("hone");
    settings.forEach(spark::config);
    return new Session(spark.getOrCreate(), workspace, cache);
  }

  /**
   * Hadoop's settings, with those that spark-submit was given as {@code spark.hadoop.*}: without a
   * Spark session nobody else would pass them on.
   */
  static Configuration hadoop() {
    Configuration hadoop = new Configuration();
    for (Tuple2<String, String> setting : new SparkConf().getAllWithPrefix("spark.hadoop.")) {
      hadoop.set(setting._1(), setting._2());
    }
    return hadoop;
  }

  Chain chain(RunConfig config) {
    return Chain.of(config, spark, workspace, cache, version());
  }

  static String version() {
    String version = Session.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public void close() {
    spark.stop();
  }
}
