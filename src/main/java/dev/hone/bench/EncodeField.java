package dev.hone.bench;

import dev.hone.error.HoneException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everybody who encodes the same texts, started and warm. Who cannot be started is left out, and
 * named with the reason.
 */
final class EncodeField implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EncodeField.class);
  private static final String BUILTIN = "builtin:";

  /**
   * What everybody encodes, and how.
   *
   * @param texts the documents
   * @param model the model as the configuration names it
   * @param modelFolder the model's folder
   * @param cache Hone's cache
   * @param maxLength most tokens of a text
   * @param threads threads of everybody who works alone
   * @param folder a folder to work in
   */
  record Task(
      BenchTexts texts,
      String model,
      Path modelFolder,
      Path cache,
      int maxLength,
      int threads,
      Path folder) {
    int documents() {
      return texts.texts().size();
    }
  }

  private final Task task;
  private final Path textsFile;
  private final List<Contestant> started = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();

  EncodeField(Task task) throws IOException {
    this.task = task;
    this.textsFile = task.folder().resolve("texts.jsonl");
    BenchTexts.write(textsFile, task.texts().texts());
  }

  /** Whom the field lacks, and how to get them. */
  List<String> leftOut() {
    return leftOut;
  }

  /** Starts one process; a caller that cannot do without leaves out its row. */
  private interface Starter {
    SpeedRow start() throws IOException;
  }

  private List<SpeedRow> startAll(String what, List<Starter> starters) {
    List<SpeedRow> rows = new ArrayList<>();
    for (Starter starter : starters) {
      try {
        rows.add(starter.start());
      } catch (IOException | HoneException e) {
        leftOut.add("Left out, %s: %s".formatted(what, e.getMessage()));
        return rows; // the others lack the same
      }
    }
    return rows;
  }

  private Contestant start(String name, List<String> command, int threads) throws IOException {
    LOG.info("starting {}", name);
    String count = String.valueOf(threads);
    Contestant contestant =
        new Contestant(
            name,
            command,
            Map.of("OMP_NUM_THREADS", count, "RAYON_NUM_THREADS", count, "HF_HUB_OFFLINE", "1"),
            task.folder().resolve("stderr-" + started.size() + ".log"));
    started.add(contestant);
    return contestant;
  }

  /** Hone in a process with all threads, in fp32 and in what {@code auto} stands for here. */
  List<SpeedRow> hone() {
    return startAll("Hone", List.of(() -> hone(EncodeWorker.FP32), () -> hone(EncodeWorker.AUTO)));
  }

  private SpeedRow hone(String precision) throws IOException {
    Contestant contestant =
        start("Hone, " + precision, worker(textsFile, task.threads(), precision), task.threads());
    String resolved = contestant.description();
    return row(
        "Hone, "
            + (precision.equals(resolved) ? precision : "%s (%s)".formatted(precision, resolved)),
        List.of(contestant));
  }

  private List<String> worker(Path texts, int threads, String precision) {
    return Commands.java(
        EncodeWorker.class,
        texts.toString(),
        task.modelFolder().toString(),
        task.cache().toString(),
        String.valueOf(task.maxLength()),
        String.valueOf(threads),
        precision);
  }

  private SpeedRow row(String name, List<Contestant> contestants) {
    return new SpeedRow(name, contestants, Answers.ROUND, task.documents());
  }

  /** sentence-transformers in a precision, with batches of the sizes given. */
  List<SpeedRow> sentenceTransformers(String precision, int... batchSizes) {
    List<Starter> starters = new ArrayList<>();
    for (int size : batchSizes) {
      starters.add(
          () -> python("sentence-transformers-6", "sentence-transformers", precision, size));
    }
    return startAll("sentence-transformers in " + precision, starters);
  }

  /** ONNX Runtime in a precision, on the graph that a builtin model comes with. */
  List<SpeedRow> onnxRuntime(String precision, int batchSize) {
    return startAll(
        "ONNX Runtime in " + precision,
        List.of(
            () ->
                python(
                    "onnxruntime",
                    "onnxruntime",
                    precision,
                    batchSize,
                    "--graph",
                    graph().toString(),
                    "--folder",
                    task.folder().toString())));
  }

  private SpeedRow python(
      String environment, String engine, String precision, int batchSize, String... more)
      throws IOException {
    List<String> command = new ArrayList<>(Commands.python(environment, "encode_speed/encode.py"));
    command.addAll(List.of("--engine", engine, "--precision", precision));
    command.addAll(List.of("--batch-size", String.valueOf(batchSize)));
    command.addAll(List.of("--max-length", String.valueOf(task.maxLength())));
    command.addAll(List.of("--model", task.modelFolder().toString()));
    command.addAll(List.of("--texts", textsFile.toString()));
    command.addAll(List.of(more));
    String name = "%s, %s, batches of %d".formatted(engine, precision, batchSize);
    Contestant contestant = start(name, command, task.threads());
    return row(
        "%s, %s, batches of %d".formatted(contestant.description(), precision, batchSize),
        List.of(contestant));
  }

  private Path graph() throws IOException {
    Path file = task.folder().resolve("model.onnx");
    if (!task.model().startsWith(BUILTIN)) {
      throw new IOException("only builtin models come with a graph, not " + task.model());
    }
    String resource = task.model().substring(BUILTIN.length()).toLowerCase(Locale.ROOT) + ".onnx";
    try (InputStream graph = EncodeField.class.getClassLoader().getResourceAsStream(resource)) {
      if (graph == null) {
        throw new FileNotFoundException(resource + " is not on the class path");
      }
      if (!Files.exists(file)) {
        Files.copy(graph, file);
      }
    }
    return file;
  }

  /** Two processes of Hone's, each with one thread and half of the texts. */
  List<SpeedRow> twoProcesses() {
    return startAll("Hone in two processes", List.of(this::startTwo));
  }

  private SpeedRow startTwo() throws IOException {
    List<Contestant> two = new ArrayList<>();
    for (int half = 0; half < 2; half++) {
      Path texts = task.folder().resolve("half-%d.jsonl".formatted(half));
      BenchTexts.write(texts, BenchTexts.share(task.texts().texts(), half, 2));
      two.add(start("Hone, one thread", worker(texts, 1, EncodeWorker.FP32), 1));
    }
    return row("Hone, fp32, 2 processes of one thread", two);
  }

  /** The vectors step on two executors of one core: a round, then the same texts again. */
  List<SpeedRow> twoExecutors() {
    List<SpeedRow> rows = new ArrayList<>();
    startAll(
        "Hone on two executors",
        List.of(
            () -> {
              Contestant contestant = start("Hone on two executors", executors(), 1);
              rows.add(row("Hone, fp32, 2 executors of one core", List.of(contestant)));
              rows.add(
                  new SpeedRow(
                      "Hone, the same texts again",
                      List.of(contestant),
                      ExecutorsWorker.AGAIN,
                      task.documents()));
              return rows.get(0);
            }));
    return rows;
  }

  private List<String> executors() throws IOException {
    if (System.getenv("SPARK_HOME") == null) {
      throw new IOException("SPARK_HOME is not set: run it by ./submit.sh");
    }
    return Commands.java(
        ExecutorsWorker.class,
        textsFile.toString(),
        task.model(),
        task.cache().toString(),
        String.valueOf(task.maxLength()),
        Files.createDirectories(task.folder().resolve("executors")).toString());
  }

  @Override
  public void close() {
    started.forEach(Contestant::close);
  }
}
