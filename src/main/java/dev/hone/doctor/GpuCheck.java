package dev.hone.doctor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;

/** Compares the GPUs that Spark gives to tasks with those that libtorch can use. */
final class GpuCheck {
  private static final String AMOUNT = "spark.executor.resource.gpu.amount";
  private static final String SCRIPT = "spark.executor.resource.gpu.discoveryScript";
  private static final String CUDA =
      "The processor's build of libtorch is loaded. Set PYTORCH_LIBRARY_PATH, PYTORCH_VERSION=2.7.1"
          + " and PYTORCH_FLAVOR=cu128 for executors, as conf/spark/gpu.conf does; the folder must"
          + " hold CUDA's libraries too, and nvidia-smi must work there.";

  private GpuCheck() {}

  /** How many GPUs an executor is to have. */
  static int wanted(SparkConf conf) {
    return conf.getInt(AMOUNT, 0);
  }

  static Finding of(ProcessFacts worker) {
    List<Place> place = List.of(worker.place());
    List<String> given = worker.gpuAddresses();
    int seen = worker.torchGpus();
    int present = worker.machine().nvidiaDevices();
    String found =
        "given by Spark: %s; seen by libtorch: %d; in the machine: %d"
            .formatted(given.isEmpty() ? "none" : String.join(", ", given), seen, present);
    if (!given.isEmpty() && seen == 0) {
      return Finding.fault("gpu", place, found, CUDA);
    }
    if (given.stream().anyMatch(address -> !address.matches("\\d+") || index(address) >= seen)) {
      return Finding.fault(
          "gpu",
          place,
          found,
          "Spark gives an address that libtorch does not know: the discovery script must print"
              + " indices as nvidia-smi does, and CUDA_VISIBLE_DEVICES must not hide them.");
    }
    if (!worker.gpuWork().works()) {
      return Finding.fault(
          "gpu", place, worker.gpuWork().text(), "See nvidia-smi there: who uses the GPU?");
    }
    if (given.isEmpty() && seen > 0) {
      return Finding.warning(
          "gpu",
          place,
          found,
          "GPUs lie idle: pass --spark-conf conf/spark/gpu.conf, so that Spark gives one to each"
              + " executor.");
    }
    return present > 0 && seen == 0
        ? Finding.warning("gpu", place, found, CUDA)
        : Finding.ok("gpu", place, found);
  }

  /** Addresses of more digits than an int has are none. */
  private static long index(String address) {
    return address.length() > 9 ? Long.MAX_VALUE : Long.parseLong(address);
  }

  /** What Spark's settings say, before any executor starts. */
  static Optional<Finding> ofSettings(Cluster cluster) {
    SparkConf conf = cluster.conf();
    String script = conf.get(SCRIPT, "");
    if (wanted(conf) == 0 || !cluster.hasContainers()) {
      return Optional.empty(); // a standalone worker finds its GPUs itself
    }
    if (script.isEmpty()) {
      return Optional.of(
          Finding.fault(
              "gpu",
              List.of(),
              "%s is %d without %s".formatted(AMOUNT, wanted(conf), SCRIPT),
              "Pass --spark-conf conf/spark/gpu.conf and -- --files conf/getGpus.sh."));
    }
    boolean shipped =
        Stream.of("spark.files", "spark.yarn.dist.files")
            .flatMap(key -> Arrays.stream(conf.get(key, "").split(",")))
            .anyMatch(file -> file.endsWith("/" + script.replaceFirst("^\\./", "")));
    return script.startsWith("./") && !shipped && cluster.master().startsWith("yarn")
        ? Optional.of(
            Finding.warning(
                "gpu",
                List.of(),
                "%s is %s, but no such file is shipped".formatted(SCRIPT, script),
                "Pass -- --files conf/getGpus.sh: executors run it in their own folder."))
        : Optional.empty();
  }
}
