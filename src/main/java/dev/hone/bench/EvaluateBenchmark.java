package dev.hone.bench;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores a made run with Hone on Spark and with trec_eval in one process of Python, which take
 * turns: one works while the other rests.
 */
final class EvaluateBenchmark {
  private static final Logger LOG = LoggerFactory.getLogger(EvaluateBenchmark.class);
  private static final int ROUNDS = 3;
  private static final double MILLION = 1e6;
  private static final double TOLERANCE = 1e-9;
  private static final String HEAP = "1g";

  private final BenchSettings settings;

  EvaluateBenchmark(BenchSettings settings) {
    this.settings = settings;
  }

  /** The table of one number of queries. */
  String run(int queries) {
    Path folder = settings.folder().resolve("evaluate-" + queries);
    try (Scratch scratch = Scratch.at(folder)) {
      return run(
          new EvaluateTask(scratch.folder(), queries, settings.depth(), settings.config().seed()));
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.STORAGE,
          "Cannot measure in %s: %s. Choose a folder with room by --workspace."
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  private static String run(EvaluateTask task) throws IOException {
    List<String> command = new ArrayList<>(Commands.python("metrics", "metrics/score_speed.py"));
    command.addAll(task.arguments());
    Path log = task.folder();
    try (Contestant hone =
            new Contestant(
                "Hone",
                Commands.java(HEAP, EvaluateWorker.class, task.arguments().toArray(String[]::new)),
                Map.of(),
                log.resolve("hone.log"));
        Contestant python =
            new Contestant("trec_eval", command, Map.of(), log.resolve("python.log"))) {
      check(task, hone, python);
      SpeedTable table = new SpeedTable(title(task), "million rows/s", List.of());
      SpeedRow theirs = row(python.description() + ", one process", python, Answers.ROUND, task);
      List<SpeedRow> ours =
          List.of(
              row("Hone, metrics", hone, Answers.ROUND, task),
              row("Hone, metrics and rankings", hone, EvaluateTask.RANKED, task));
      measure(ours, theirs);
      for (SpeedRow row : ours) {
        table.add(row, cost(row) + ", " + beside(row, theirs));
      }
      table.add(theirs, cost(theirs));
      return table + "\n";
    }
  }

  private static SpeedRow row(String name, Contestant contestant, String work, EvaluateTask task) {
    return new SpeedRow(name, List.of(contestant), work, task.rows() / MILLION);
  }

  private static void measure(List<SpeedRow> ours, SpeedRow theirs) throws IOException {
    List<SpeedRow> all = new ArrayList<>(ours);
    all.add(theirs);
    for (int round = 1; round <= ROUNDS; round++) {
      for (SpeedRow row : all) {
        row.measure();
        LOG.info("round {} of {}: {}", round, ROUNDS, row);
      }
    }
  }

  private static String beside(SpeedRow row, SpeedRow other) {
    return String.format(
        Locale.ROOT,
        "%.2f x trec_eval (%.2f x by processor time)",
        row.timesInTurn(other),
        row.processorTimesInTurn(other));
  }

  private static String cost(SpeedRow row) throws IOException {
    return String.format(
        Locale.ROOT, "%.1f s, resident at most %,d MiB", row.medianSeconds(), row.mostResident());
  }

  private static String title(EvaluateTask task) {
    return "evaluate: %,d queries x %,d results, Hone by %d threads and a heap of %s; the same means found; median of %d rounds in turn"
        .formatted(task.queries(), task.depth(), EvaluateTask.THREADS, HEAP, ROUNDS);
  }

  /**
   * Warms both up with some of the queries, and compares what they found.
   *
   * @throws HoneException if it is not the same
   */
  private static void check(EvaluateTask task, Contestant hone, Contestant python)
      throws IOException {
    for (Contestant contestant : List.of(hone, python)) {
      contestant.ask(EvaluateTask.CHECK);
      contestant.seconds();
    }
    SortedMap<String, Double> ours = means(task.means("hone"));
    SortedMap<String, Double> theirs = means(task.means("trec_eval"));
    boolean same =
        ours.keySet().equals(theirs.keySet())
            && ours.keySet().stream()
                .allMatch(metric -> Math.abs(ours.get(metric) - theirs.get(metric)) <= TOLERANCE);
    if (!same) {
      throw new HoneException(
          ErrorCode.BUG,
          "Cannot compare speeds: Hone found the means %s, trec_eval %s".formatted(ours, theirs));
    }
  }

  private static SortedMap<String, Double> means(Path file) throws IOException {
    SortedMap<String, Double> means = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] cells = line.split("\t", -1);
      means.put(cells[0] + "@" + cells[1], Double.parseDouble(cells[2]));
    }
    return means;
  }
}
