package dev.hone.bench;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Searches made vectors and texts with Hone on executors and with what it is made of, libtorch and
 * Lucene, which take turns: one works while the others rest.
 */
final class MineBenchmark {
  private static final Logger LOG = LoggerFactory.getLogger(MineBenchmark.class);
  private static final int ROUNDS = 3;
  private static final int QUERIES = 1_000;

  private final BenchSettings settings;

  MineBenchmark(BenchSettings settings) {
    this.settings = settings;
  }

  /** The tables of one size. */
  String run(int documents) {
    Path folder = settings.folder().resolve("mine-" + documents);
    try (Scratch scratch = Scratch.at(folder)) {
      if (System.getenv("SPARK_HOME") == null) {
        throw new IOException("SPARK_HOME is not set: run it by ./submit.sh");
      }
      return run(
          new MineTask(
              scratch.folder(),
              documents,
              settings.queries().orElse(QUERIES),
              settings.config().seed(),
              settings.heap(),
              settings.parts()));
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.STORAGE,
          "Cannot measure in %s: %s. Choose a folder with room by --workspace."
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  private static String run(MineTask task) throws IOException {
    try (MineField field = new MineField(task)) {
      Map<MinePart, MineField.Rows> rows = field.rows();
      for (Map.Entry<MinePart, MineField.Rows> part : rows.entrySet()) {
        for (SpeedRow row : part.getValue().all()) {
          row.warmUp();
        }
        for (int round = 1; round <= ROUNDS; round++) {
          for (SpeedRow row : part.getValue().all()) {
            row.measure();
            LOG.info("{}, round {} of {}: {}", part.getKey(), round, ROUNDS, row);
          }
        }
      }
      StringBuilder tables = new StringBuilder();
      for (Map.Entry<MinePart, MineField.Rows> part : rows.entrySet()) {
        tables.append(table(task, part.getKey(), part.getValue())).append('\n');
      }
      return tables.toString();
    }
  }

  private static SpeedTable table(MineTask task, MinePart part, MineField.Rows rows)
      throws IOException {
    SpeedTable table = new SpeedTable(title(task, part), part.unit(), List.of());
    String beside = beside(rows.executors(), rows.reference(), who(part));
    if (rows.processes().isPresent()) {
      beside += ", " + beside(rows.executors(), rows.processes().get(), "2 processes");
    }
    beside +=
        ", an executor's resident memory at most %,d MiB, with a heap of %,d"
            .formatted(rows.executors().mostResident(), task.heap());
    table.add(rows.executors(), beside);
    table.add(rows.reference(), "");
    rows.processes().ifPresent(row -> table.add(row, ""));
    return table;
  }

  private static String beside(SpeedRow row, SpeedRow other, String who) {
    return String.format(
        Locale.ROOT,
        "%.2f x %s (%.2f x by processor time)",
        row.timesInTurn(other),
        who,
        row.processorTimesInTurn(other));
  }

  private static String who(MinePart part) {
    return part == MinePart.DENSE ? "libtorch" : "Lucene";
  }

  private static String title(MineTask task, MinePart part) {
    String what =
        switch (part) {
          case DENSE ->
              "%,d documents x %,d queries of %d dimensions, k = %d; the same documents found"
                  .formatted(task.documents(), task.queries(), MineTask.DIMENSION, MineTask.K);
          case BM25 ->
              "%,d queries to %,d documents, k = %d; the same documents and scores found"
                  .formatted(task.queries(), task.documents(), MineTask.K);
          case INDEX -> "%,d documents".formatted(task.documents());
        };
    return "mine, %s: %s; median of %d rounds in turn".formatted(part, what, ROUNDS);
  }
}
