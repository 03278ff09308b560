package dev.hone.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * What everybody scores; it travels as the arguments of a process.
 *
 * @param folder where everything lies
 * @param queries how many queries
 * @param depth how many results each of them has
 * @param seed of judgements and results
 */
record EvaluateTask(Path folder, int queries, int depth, long seed) {
  static final List<Integer> CUTOFFS = List.of(1, 3, 5, 10, 100);

  /** Threads of Hone. */
  static final int THREADS = 2;

  /** The work of scoring some queries, which warms up and leaves means to be compared. */
  static final String CHECK = "check";

  /** The work of scoring all queries and listing their results by rank. */
  static final String RANKED = "ranked";

  private static final int MOST_CHECKED = 10_000;

  static EvaluateTask of(String... arguments) {
    return new EvaluateTask(
        Path.of(arguments[0]),
        Integer.parseInt(arguments[1]),
        Integer.parseInt(arguments[2]),
        Long.parseLong(arguments[3]));
  }

  List<String> arguments() {
    return List.of(
        folder.toString(), String.valueOf(queries), String.valueOf(depth), String.valueOf(seed));
  }

  int checked() {
    return Math.min(queries, MOST_CHECKED);
  }

  /** Rows of the run. */
  long rows() {
    return (long) queries * depth;
  }

  MadeRun all() {
    return new MadeRun(folder.resolve("all"), queries, depth, seed);
  }

  MadeRun some() {
    return new MadeRun(folder.resolve("checked"), checked(), depth, seed);
  }

  /** Where a contestant leaves the means of the queries that are checked: metric, k, mean. */
  Path means(String who) {
    return folder.resolve("means-%s.tsv".formatted(who));
  }
}
