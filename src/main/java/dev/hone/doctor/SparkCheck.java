package dev.hone.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;

/** Looks at Spark's version and settings, and at whether the executors came and can work. */
final class SparkCheck {
  private static final String BUILT_FOR = "4.1.";

  private SparkCheck() {}

  static List<Finding> ofSession(String version, Cluster cluster) {
    List<Finding> findings = new ArrayList<>();
    String found = "%s, master %s".formatted(version, cluster.master());
    findings.add(
        version.startsWith(BUILT_FOR)
            ? Finding.ok("spark", List.of(), found)
            : Finding.warning(
                "spark",
                List.of(),
                found,
                "Hone is built for Spark %sx: set SPARK_HOME to one.".formatted(BUILT_FOR)));
    if (cluster.conf().getBoolean("spark.dynamicAllocation.enabled", false)) {
      findings.add(
          Finding.warning(
              "spark",
              List.of(),
              "spark.dynamicAllocation.enabled is true",
              "Training is a barrier stage, which Spark refuses then: set it to false."));
    }
    return findings;
  }

  static List<Finding> ofExecutors(Cluster cluster, long waitedSeconds) {
    List<Finding> findings = new ArrayList<>();
    int came = cluster.registered().size();
    int expected = cluster.expected().executors();
    if (came < expected) {
      findings.add(
          Finding.fault(
              "executors",
              List.of(),
              "%d of %d came within %d s".formatted(came, expected, waitedSeconds),
              tooFew(cluster)));
    }
    for (Executor executor : cluster.registered()) {
      findings.add(ofExecutor(cluster, executor));
    }
    cluster
        .lost()
        .forEach(
            lost ->
                findings.add(
                    Finding.warning(
                        "executors",
                        List.of(lost.place()),
                        "gone: " + lost.reason(),
                        "See the executor's own log.")));
    return findings;
  }

  private static String tooFew(Cluster cluster) {
    String gpus =
        GpuCheck.wanted(cluster.conf()) > 0
            ? " Executors whose GPU discovery script fails end at their start; only their own log"
                + " says so."
            : "";
    return ("Look at the cluster manager's page: free or add cores and memory, or ask for less with"
            + " spark.executor.instances, spark.executor.cores and spark.executor.memory; --wait"
            + " gives them longer.")
        + gpus;
  }

  private static Finding ofExecutor(Cluster cluster, Executor executor) {
    String id = executor.place().id();
    ProcessFacts facts = cluster.facts().get(id);
    if (facts != null) {
      return Finding.ok(
          "executors",
          List.of(executor.place()),
          "%d cores, heap of %s"
              .formatted(executor.cores(), Sizes.gib(facts.machine().heapBytes())));
    }
    return Finding.fault(
        "executors",
        List.of(executor.place()),
        cluster.failures().getOrDefault(id, "its task ran on other executors: it is busy"),
        "Executors need hone.jar and lib/, by --jars or spark.executor.extraClassPath, as submit.sh"
            + " passes them. See the executor's own log.");
  }

  /** What the settings of a session, which Spark completes itself, say to workspaces on S3. */
  static Optional<Finding> ofCommitter(String workspace, SparkConf conf) {
    String committer = conf.get("spark.sql.sources.commitProtocolClass", "");
    if (!workspace.startsWith("s3a:") || committer.endsWith("PathOutputCommitProtocol")) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.warning(
            "committer",
            List.of(),
            "files are renamed, which on S3 copies them and may leave them half",
            "Pass --spark-conf conf/spark/s3a.conf."));
  }
}
