package dev.hone.doctor;

import java.util.List;
import java.util.Optional;

/** Judges what was found out in one process: Java, native libraries, processor, cache. */
final class ProcessChecks {
  private static final int OLDEST_JAVA = 17;
  private static final long LEAST_FREE = 2 * Sizes.GIB;

  private ProcessChecks() {}

  static Finding java(ProcessFacts facts, ProcessFacts driver) {
    Machine machine = facts.machine();
    List<Place> place = List.of(facts.place());
    if (machine.javaFeature() < OLDEST_JAVA) {
      return Finding.fault(
          "java",
          place,
          machine.java(),
          "Hone needs Java %d or newer: set JAVA_HOME there.".formatted(OLDEST_JAVA));
    }
    return machine.javaFeature() == driver.machine().javaFeature()
        ? Finding.ok("java", place, machine.java())
        : Finding.warning(
            "java",
            place,
            "%s, but the driver has Java %d"
                .formatted(machine.java(), driver.machine().javaFeature()),
            "Use one Java on all hosts: set JAVA_HOME, or spark.executorEnv.JAVA_HOME.");
  }

  static Finding torch(ProcessFacts facts) {
    return Finding.of(
        "libtorch",
        facts.place(),
        facts.torch(),
        "libtorch needs Linux on x86-64 or aarch64 with glibc 2.28 or newer, the jars of lib/ built"
            + " on that platform, and room in ENGINE_CACHE_DIR (~/.djl.ai). Where an image has a"
            + " libtorch, PYTORCH_LIBRARY_PATH, PYTORCH_VERSION and PYTORCH_FLAVOR name it.");
  }

  static Finding tokenizers(ProcessFacts facts) {
    return Finding.of(
        "tokenizers",
        facts.place(),
        facts.tokenizers(),
        "The library comes with lib/tokenizers-*.jar for Linux on x86-64 and aarch64; set"
            + " RUST_FLAVOR=cpu and DJL_OFFLINE=true, so that no other one is looked for.");
  }

  /** Whether the processor has what matrix products are fast with. */
  static Finding processor(ProcessFacts facts) {
    Machine machine = facts.machine();
    List<String> instructions = machine.instructions();
    boolean bf16 = instructions.stream().anyMatch(name -> name.endsWith("bf16"));
    String found =
        "%d x %s, %s; %s"
            .formatted(
                machine.processors(),
                machine.model().isEmpty() ? "unknown" : machine.model(),
                instructions.isEmpty() ? "no vector instructions" : String.join(" ", instructions),
                bf16 ? "bf16 in hardware" : "no bf16 in hardware");
    return machine.isX86() && !machine.model().isEmpty() && !instructions.contains("avx2")
        ? Finding.warning(
            "processor",
            List.of(facts.place()),
            found,
            "Without AVX2 encoding and training take several times as long: choose another type of"
                + " machine, or have the virtual machine pass the host's processor on.")
        : Finding.ok("processor", List.of(facts.place()), found);
  }

  /** What auto stands for: it is measured on the driver, and holds on all executors. */
  static Optional<Finding> precision(ProcessFacts facts, ProcessFacts driver) {
    if (!facts.torch().works() || !facts.cache().works()) {
      return Optional.empty(); // which is told already
    }
    List<Place> place = List.of(facts.place());
    if (!facts.measured().works()) {
      return Optional.of(
          Finding.warning(
              "precision",
              place,
              "cannot be measured: " + facts.measured().text(),
              "Set encode.precision and train.precision to fp32."));
    }
    String best = facts.speed().best().label();
    String chosen = driver.speed().best().label();
    if (facts.place().isDriver()) {
      return Optional.of(
          Finding.ok(
              "precision",
              place,
              "auto is %s: %.0f billion products a second and thread in fp32, %.0f in bf16"
                  .formatted(best, facts.speed().fp32(), facts.speed().bf16())));
    }
    return Optional.of(
        best.equals(chosen)
            ? Finding.ok("precision", place, "%s is the faster one here too".formatted(chosen))
            : Finding.warning(
                "precision",
                place,
                "auto is %s as on the driver, but %s is faster here".formatted(chosen, best),
                "Set encode.precision and train.precision to %s, or drive from such a machine."
                    .formatted(best)));
  }

  static Finding cache(ProcessFacts facts) {
    if (facts.cache().works() && facts.cacheFree() < LEAST_FREE) {
      return Finding.warning(
          "cache",
          List.of(facts.place()),
          "%s are free in %s".formatted(Sizes.gib(facts.cacheFree()), facts.cache().text()),
          "Unpacked models take a GiB or two: free space there, or set HONE_CACHE.");
    }
    return Finding.of(
        "cache",
        facts.place(),
        facts.cache(),
        "HONE_CACHE names a folder that only its user may write; executors use that of the driver's"
            + " name.");
  }

  static Finding storage(ProcessFacts facts) {
    return Finding.of(
        "storage",
        facts.place(),
        facts.storage(),
        "All hosts must reach one workspace, hdfs:// or s3a://, with the same rights and"
            + " spark.hadoop.* settings.");
  }
}
