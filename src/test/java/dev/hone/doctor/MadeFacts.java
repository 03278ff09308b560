package dev.hone.doctor;

import dev.hone.torch.Processor;
import java.util.List;

/** Facts of a healthy machine of 8 processors, to be changed in one point. */
final class MadeFacts {
  static final Outcome FINE = new Outcome(true, "fine");

  static final Processor.Speed FP32_MACHINE = new Processor.Speed(100, 20);

  private MadeFacts() {}

  static Machine machine(int processors, String model, String... instructions) {
    return new Machine(
        "17.0.15 (Debian), Linux amd64",
        17,
        processors,
        model,
        List.of(instructions),
        32 * Sizes.GIB,
        4 * Sizes.GIB,
        0);
  }

  static ProcessFacts executor(String id, String host) {
    return executor(id, host, machine(8, "AMD EPYC", "avx2"));
  }

  static ProcessFacts executor(String id, String host, Machine machine) {
    return new ProcessFacts(
        new Place(id, host),
        machine,
        FINE,
        0,
        FINE,
        FINE,
        FP32_MACHINE,
        List.of(),
        FINE,
        FINE,
        10 * Sizes.GIB,
        FINE);
  }

  static ProcessFacts withGpus(List<String> given, int seen, int present, Outcome work) {
    Machine machine = machine(8, "AMD EPYC", "avx2");
    Machine withDevices =
        new Machine(
            machine.java(),
            machine.javaFeature(),
            machine.processors(),
            machine.model(),
            machine.instructions(),
            machine.memoryBytes(),
            machine.heapBytes(),
            present);
    return new ProcessFacts(
        new Place("1", "h1"),
        withDevices,
        FINE,
        seen,
        FINE,
        FINE,
        FP32_MACHINE,
        given,
        work,
        FINE,
        0,
        FINE);
  }

  static ProcessFacts withSpeed(String id, double fp32, double bf16) {
    return new ProcessFacts(
        new Place(id, "h1"),
        machine(8, "AMD EPYC", "avx2"),
        FINE,
        0,
        FINE,
        FINE,
        new Processor.Speed(fp32, bf16),
        List.of(),
        FINE,
        FINE,
        0,
        FINE);
  }
}
