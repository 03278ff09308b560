package dev.hone.bench;

import org.apache.spark.sql.SparkSession;

/** A session whose executors are two JVMs of one core each on this machine. */
final class TwoExecutors {
  private TwoExecutors() {}

  /**
   * Starts a session and waits for the executors.
   *
   * @param heap of each of them, MiB
   */
  static SparkSession start(int heap) {
    return SparkSession.builder()
        .master("local-cluster[2,1,%d]".formatted(heap))
        .appName("hone bench")
        // As in a container of one core: a collector of garbage without threads of its own.
        .config("spark.executor.extraJavaOptions", "-XX:ActiveProcessorCount=1")
        .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
        // What stands in the master's name is a worker's memory, the most that is granted.
        .config("spark.executor.memory", heap + "m")
        // Jobs wait until both executors are there.
        .config("spark.cores.max", 2)
        .config("spark.scheduler.minRegisteredResourcesRatio", "1.0")
        .config("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", false)
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.sql.parquet.compression.codec", "zstd")
        .getOrCreate();
  }
}
