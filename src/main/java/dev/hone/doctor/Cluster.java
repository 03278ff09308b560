package dev.hone.doctor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;

/**
 * What Spark gave.
 *
 * @param conf Spark's settings
 * @param expected how many executors were to come
 * @param registered those that came
 * @param lost those that came and went
 * @param facts what was found out on executors, by id
 * @param failures why nothing was found out on others, by id
 */
record Cluster(
    SparkConf conf,
    Expected expected,
    List<Executor> registered,
    List<Lost> lost,
    Map<String, ProcessFacts> facts,
    Map<String, String> failures) {

  /** An executor that is gone, and why. */
  record Lost(Place place, String reason) {}

  /** Where Spark did not start: its settings alone. */
  static Cluster notStarted(SparkConf conf) {
    return new Cluster(conf, Expected.of(conf), List.of(), List.of(), Map.of(), Map.of());
  }

  String master() {
    return conf.get("spark.master", "none");
  }

  /** Whether the driver does the executors' work. */
  boolean isEmbedded() {
    return Expected.isEmbedded(master());
  }

  /** Whether a cluster manager kills an executor that outgrows its container. */
  boolean hasContainers() {
    return master().startsWith("yarn") || master().startsWith("k8s");
  }

  /** All that was examined, the driver first. */
  List<ProcessFacts> all(ProcessFacts driver) {
    List<ProcessFacts> all = new ArrayList<>(List.of(driver));
    all.addAll(facts.values());
    return all;
  }

  /** The processes where tensors are computed. */
  Collection<ProcessFacts> workers(ProcessFacts driver) {
    return isEmbedded() ? List.of(driver) : facts.values();
  }
}
