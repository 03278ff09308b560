package dev.hone.doctor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkConf;

/** Compares the memory outside the heap with what libtorch takes there. */
final class MemoryCheck {
  /**
   * libtorch itself takes half a GiB; a small model with gradients, moments and the activations of
   * a batch the rest. Models of 12 layers in large batches take up to 6 GiB.
   */
  static final long NEEDED = 2 * Sizes.GIB;

  private static final double SHARE = 0.1;
  private static final long LEAST_MIB = 384;
  private static final long MIB = 1L << 20;

  private MemoryCheck() {}

  static List<Finding> of(Cluster cluster, Collection<ProcessFacts> workers) {
    return cluster.hasContainers()
        ? workers.stream().map(worker -> ofContainer(cluster.conf(), worker)).toList()
        : ofHosts(workers);
  }

  /** YARN and Kubernetes kill what outgrows heap and overhead. */
  private static Finding ofContainer(SparkConf conf, ProcessFacts worker) {
    long overhead = overheadMib(conf) * MIB;
    String found =
        "heap of %s, %s beside it (spark.executor.memoryOverhead)"
            .formatted(Sizes.gib(worker.machine().heapBytes()), Sizes.gib(overhead));
    return overhead >= NEEDED
        ? Finding.ok("memory", List.of(worker.place()), found)
        : Finding.warning(
            "memory",
            List.of(worker.place()),
            found,
            "Tensors live outside the heap, and the cluster manager kills what outgrows the"
                + " overhead: set spark.executor.memoryOverhead to %s at least, 6g to train models of 12 layers."
                    .formatted(NEEDED / Sizes.GIB + "g"));
  }

  private static long overheadMib(SparkConf conf) {
    double share = conf.getDouble("spark.executor.memoryOverheadFactor", SHARE);
    long heap = conf.getSizeAsMb("spark.executor.memory", "1g");
    long byDefault = Math.max((long) (heap * share), LEAST_MIB);
    return conf.getSizeAsMb("spark.executor.memoryOverhead", byDefault + "m");
  }

  private static List<Finding> ofHosts(Collection<ProcessFacts> workers) {
    Map<String, List<ProcessFacts>> hosts = new TreeMap<>();
    workers.forEach(
        worker ->
            hosts.computeIfAbsent(worker.place().host(), host -> new ArrayList<>()).add(worker));
    return hosts.values().stream().map(MemoryCheck::ofHost).toList();
  }

  private static Finding ofHost(List<ProcessFacts> host) {
    List<Place> places = host.stream().map(ProcessFacts::place).toList();
    long heaps = host.stream().mapToLong(one -> one.machine().heapBytes()).sum();
    long memory = host.stream().mapToLong(one -> one.machine().memoryBytes()).max().orElse(0);
    long beside = memory - heaps;
    String found =
        "heaps of %s together, %s beside them on the host"
            .formatted(Sizes.gib(heaps), Sizes.gib(Math.max(0, beside)));
    return beside >= host.size() * NEEDED
        ? Finding.ok("memory", places, found)
        : Finding.warning(
            "memory",
            places,
            found,
            "Tensors live outside the heap, %s a process at least: lower %s, or start fewer"
                    .formatted(
                        Sizes.gib(NEEDED),
                        places.get(0).isDriver() ? "spark.driver.memory" : "spark.executor.memory")
                + " executors on a host.");
  }
}
