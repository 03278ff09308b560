package dev.hone.cli;

import dev.hone.chain.Chain;
import dev.hone.config.RunConfig;
import dev.hone.store.LocalCache;
import dev.hone.store.Workspace;
import org.apache.spark.sql.SparkSession;

/** A Spark session and a workspace for the time of one command. */
record Session(SparkSession spark, Workspace workspace, LocalCache cache) implements AutoCloseable {

  /** Opens the workspace first: an unwritable one is reported before Spark starts. */
  static Session open(RunConfig config) {
    LocalCache cache = LocalCache.ofUser();
    Workspace workspace =
        Workspace.open(config.workspace(), new org.apache.hadoop.conf.Configuration());
    SparkSession spark = SparkSession.builder().appName("hone").getOrCreate();
    return new Session(spark, workspace, cache);
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
