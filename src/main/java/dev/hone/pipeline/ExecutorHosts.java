package dev.hone.pipeline;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.sql.SparkSession;

/** How executors lie on their hosts, so that their threads together fit the host's processors. */
public final class ExecutorHosts {
  private ExecutorHosts() {}

  /**
   * How many executors share the host that has most of them; at least 1. An embedded master has
   * one, this process, however many tasks it runs at once.
   */
  public static int onFullestHost(SparkSession spark) {
    SparkContext context = spark.sparkContext();
    if (context.isLocal()) {
      return 1;
    }
    Map<String, Integer> executors = new TreeMap<>();
    Arrays.stream(context.statusTracker().getExecutorInfos())
        .map(SparkExecutorInfo::host)
        .forEach(host -> executors.merge(host, 1, Integer::sum));
    // The driver is among them.
    executors.computeIfPresent(
        context.getConf().get("spark.driver.host", ""), (host, count) -> count - 1);
    return Math.max(1, executors.values().stream().mapToInt(Integer::intValue).max().orElse(1));
  }
}
