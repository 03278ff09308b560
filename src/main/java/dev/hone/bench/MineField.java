package dev.hone.bench;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everybody who searches the same vectors and texts, started and warm. */
final class MineField implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MineField.class);
  private static final double MILLION = 1e6;

  /** Scores of dense search are sums in fp32 in some order. */
  private static final float TOLERANCE = 1e-5f;

  /**
   * Who does one part of the benchmark.
   *
   * @param executors Hone on two executors
   * @param reference what they are to be seen beside
   * @param processes Hone in two processes; none where the part has no such row
   */
  record Rows(SpeedRow executors, SpeedRow reference, Optional<SpeedRow> processes) {
    List<SpeedRow> all() {
      List<SpeedRow> all = new ArrayList<>(List.of(executors, reference));
      processes.ifPresent(all::add);
      return all;
    }
  }

  private final MineTask task;
  private final List<Contestant> started = new ArrayList<>();
  private final Contestant executors;
  private final List<Contestant> processes = new ArrayList<>();

  /** Makes what is searched, and starts the contestants that all parts share. */
  MineField(MineTask task) throws IOException {
    this.task = task;
    if (task.has(MinePart.DENSE)) {
      task.documentFile().write(task.documentVectors(), task.documents());
      task.queryFile().write(task.queryVectors(), task.queries());
    }
    if (task.hasTexts()) {
      new MadeCorpus(Glosses.ofNouns(), task.seed())
          .writeTexts(task.folder(), task.documents(), task.queries());
    }
    this.executors = start("Hone on two executors", "1g", MineWorker.class, List.of());
    if (task.has(MinePart.DENSE) || task.has(MinePart.BM25)) {
      for (int share = 0; share < 2; share++) {
        processes.add(
            start("Hone, one thread", "1g", SearchWorker.class, List.of(String.valueOf(share))));
      }
    }
  }

  private Contestant start(String name, String heap, Class<?> main, List<String> first)
      throws IOException {
    LOG.info("starting {}", name);
    List<String> arguments = new ArrayList<>(first);
    arguments.addAll(task.arguments());
    Contestant contestant =
        new Contestant(
            name,
            Commands.java(heap, main, arguments.toArray(String[]::new)),
            Map.of(),
            task.folder().resolve("stderr-" + started.size() + ".log"));
    started.add(contestant);
    return contestant;
  }

  /** The rows of each part that is measured. */
  Map<MinePart, Rows> rows() throws IOException {
    Map<MinePart, Rows> rows = new java.util.EnumMap<>(MinePart.class);
    if (task.has(MinePart.DENSE)) {
      Contestant torch = start("libtorch", "1g", TorchWorker.class, List.of());
      check(MinePart.DENSE, torch, "libtorch", TOLERANCE);
      rows.put(
          MinePart.DENSE,
          rows(
              MinePart.DENSE,
              (double) task.documents() * task.queries() / MILLION,
              torch,
              "libtorch, %d threads, %s".formatted(MineTask.THREADS, torch.description())));
    }
    if (task.hasTexts()) {
      Contestant lucene = start("Lucene", "4g", LuceneWorker.class, List.of());
      String name = "Lucene, %d threads".formatted(MineTask.THREADS);
      if (task.has(MinePart.BM25)) {
        check(MinePart.BM25, lucene, "lucene", 0);
        rows.put(MinePart.BM25, rows(MinePart.BM25, task.queries(), lucene, name));
      }
      if (task.has(MinePart.INDEX)) {
        rows.put(MinePart.INDEX, rows(MinePart.INDEX, task.documents(), lucene, name));
      }
    }
    return rows;
  }

  private Rows rows(MinePart part, double amount, Contestant reference, String name) {
    Optional<SpeedRow> two =
        part == MinePart.INDEX
            ? Optional.empty()
            : Optional.of(
                new SpeedRow(
                    "Hone, 2 processes of one thread", processes, part.toString(), amount));
    return new Rows(
        new SpeedRow("Hone, 2 executors of one core", List.of(executors), part.toString(), amount),
        new SpeedRow(name, List.of(reference), part.toString(), amount),
        two);
  }

  /**
   * Warms everybody up with some of the queries, and compares what they found.
   *
   * @throws HoneException if it is not the same
   */
  private void check(MinePart part, Contestant reference, String who, float tolerance)
      throws IOException {
    List<Contestant> everybody = new ArrayList<>(List.of(executors, reference));
    everybody.addAll(processes);
    for (Contestant contestant : everybody) {
      contestant.ask(part.check());
      contestant.seconds();
    }
    Optional<String> difference =
        SearchResults.read(task.results(part, "hone"))
            .difference(SearchResults.read(task.results(part, who)), tolerance);
    if (difference.isPresent()) {
      throw new HoneException(
          ErrorCode.BUG,
          "Cannot compare speeds: Hone and %s found different documents for %s"
              .formatted(who, difference.get()));
    }
  }

  @Override
  public void close() {
    started.forEach(Contestant::close);
  }
}
