package dev.hone.doctor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * How many executors a master is to give.
 *
 * @param executors the number
 * @param exact whether it is known; else it is the least that is useful
 */
record Expected(int executors, boolean exact) {
  private static final Pattern LOCAL_CLUSTER = Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,.*");
  private static final int OF_YARN_AND_KUBERNETES = 2;

  /** None with an embedded master: the driver does the work. */
  static Expected of(SparkConf conf) {
    String master = conf.get("spark.master", "");
    Matcher localCluster = LOCAL_CLUSTER.matcher(master);
    if (localCluster.matches()) {
      return new Expected(Integer.parseInt(localCluster.group(1)), true);
    }
    if (isEmbedded(master)) {
      return new Expected(0, true);
    }
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      return new Expected(
          Math.max(1, conf.getInt("spark.dynamicAllocation.minExecutors", 0)), false);
    }
    if (!master.startsWith("spark:")) {
      return new Expected(conf.getInt("spark.executor.instances", OF_YARN_AND_KUBERNETES), true);
    }
    int most = conf.getInt("spark.cores.max", 0);
    int each = conf.getInt("spark.executor.cores", 0);
    return most > 0 && each > 0 ? new Expected(most / each, true) : new Expected(1, false);
  }

  static boolean isEmbedded(String master) {
    return master.startsWith("local") && !master.startsWith("local-cluster");
  }
}
