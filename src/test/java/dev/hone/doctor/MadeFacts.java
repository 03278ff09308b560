package dev.hone.doctor;

import java.util.List;

/** Facts of a healthy machine of 8 processors, to be changed in one point. */
final class MadeFacts {
  static final Outcome FINE = new Outcome(true, "fine");

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
        new Place(id, host), machine, FINE, 0, FINE, List.of(), FINE, FINE, 10 * Sizes.GIB, FINE);
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
        new Place("1", "h1"), withDevices, FINE, seen, FINE, given, work, FINE, 0, FINE);
  }
}
