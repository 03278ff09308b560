package dev.hone.doctor;

import dev.hone.config.Auto;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares libtorch's threads with the processors of each host: more threads than processors wait
 * for each other, and cost far more time than they bring.
 */
final class ThreadsCheck {
  private ThreadsCheck() {}

  /**
   * A finding for each host.
   *
   * @param torchThreads {@code train.torch-threads}; auto: the host's processors, divided by the
   *     executors there
   */
  static List<Finding> of(Auto<Integer> torchThreads, Collection<ProcessFacts> workers) {
    Map<String, List<ProcessFacts>> hosts = new TreeMap<>();
    workers.forEach(
        worker ->
            hosts.computeIfAbsent(worker.place().host(), host -> new ArrayList<>()).add(worker));
    return hosts.values().stream().map(host -> ofHost(torchThreads, host)).toList();
  }

  private static Finding ofHost(Auto<Integer> torchThreads, List<ProcessFacts> host) {
    List<Place> places = host.stream().map(ProcessFacts::place).toList();
    int executors = host.size();
    int processors = host.stream().mapToInt(one -> one.machine().processors()).max().orElse(1);
    int fitting = Math.max(1, processors / executors);
    int threads = torchThreads.orElse(fitting);
    String found =
        "%d %s x %d %s of libtorch (train.torch-threads = %s) on %d %s"
            .formatted(
                executors,
                plural("process", "es", executors),
                threads,
                plural("thread", "s", threads),
                torchThreads,
                processors,
                plural("processor", "s", processors));
    if (executors * threads <= processors) {
      return Finding.ok("threads", places, found);
    }
    String fewer =
        "Start fewer executors on a host: spark.executor.cores = %d gives one."
            .formatted(processors);
    String mend =
        executors > processors
            ? fewer
            : "Set train.torch-threads to auto, or to %d at most. %s"
                .formatted(fitting, executors == 1 ? "" : fewer);
    return Finding.warning("threads", places, found, mend.strip());
  }

  private static String plural(String word, String ending, int count) {
    return count == 1 ? word : word + ending;
  }
}
