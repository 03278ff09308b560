package dev.hone.bench;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes documents with Hone and with other software, which take turns: one works while the others
 * rest, and a slow minute of the machine slows everybody.
 */
final class EncodeBenchmark {
  private static final Logger LOG = LoggerFactory.getLogger(EncodeBenchmark.class);
  private static final String REFERENCE = "sentence-transformers in fp32";
  private static final int ROUNDS = 3;
  private static final int DEFAULT_BATCH = 32;
  private static final int LARGE_BATCH = 128;

  private final BenchSettings settings;

  EncodeBenchmark(BenchSettings settings) {
    this.settings = settings;
  }

  /** The table of one size. */
  String run(int documents) {
    Path folder = settings.folder().resolve("encode-" + documents);
    try (Scratch scratch = Scratch.at(folder)) {
      return run(task(scratch.folder(), documents));
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.STORAGE,
          "Cannot measure in %s: %s. Choose a folder with room by --workspace."
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  private EncodeField.Task task(Path folder, int documents) throws IOException {
    ModelFolder model =
        ModelSource.resolve(
            settings.config().model(),
            settings.cache(),
            settings.spark().sparkContext().hadoopConfiguration());
    return new EncodeField.Task(
        texts(documents),
        settings.config().model(),
        model.path(),
        settings.cache().root(),
        settings.config().train().maxLength().orElse(model.maxLength()),
        Runtime.getRuntime().availableProcessors(),
        folder);
  }

  private BenchTexts texts(int documents) throws IOException {
    String data = System.getenv("HONE_DATA");
    return data != null && Files.isRegularFile(BenchTexts.corpus(Path.of(data)))
        ? BenchTexts.ofSciFact(Path.of(data), documents)
        : BenchTexts.made(Glosses.ofNouns(), settings.config().seed(), documents);
  }

  private static String run(EncodeField.Task task) throws IOException {
    try (EncodeField field = new EncodeField(task)) {
      List<SpeedRow> hone = field.hone();
      List<SpeedRow> others =
          new ArrayList<>(field.sentenceTransformers("fp32", DEFAULT_BATCH, LARGE_BATCH));
      int inFp32 = others.size();
      others.addAll(field.sentenceTransformers("bf16", DEFAULT_BATCH, LARGE_BATCH));
      others.addAll(field.onnxRuntime("fp32", DEFAULT_BATCH));
      others.addAll(field.onnxRuntime("int8", DEFAULT_BATCH));
      List<SpeedRow> processes = field.twoProcesses();
      List<SpeedRow> executors = field.twoExecutors();
      List<SpeedRow> all = new ArrayList<>(hone);
      all.addAll(others);
      all.addAll(processes);
      all.addAll(executors);
      measure(all);
      Optional<SpeedRow> reference =
          others.subList(0, inFp32).stream().max(Comparator.comparingDouble(SpeedRow::perSecond));
      SpeedTable table = new SpeedTable(title(task), "documents/s", field.leftOut());
      for (SpeedRow row : all) {
        table.add(row, beside(row, reference, processes, executors));
      }
      return table.toString();
    }
  }

  private static void measure(List<SpeedRow> rows) throws IOException {
    for (int round = 1; round <= ROUNDS; round++) {
      for (SpeedRow row : rows) {
        row.measure();
        LOG.info("round {} of {}: {}", round, ROUNDS, row);
      }
    }
  }

  private static String title(EncodeField.Task task) {
    return "encode: %,d documents (%s), %s, at most %d tokens, %d threads; median of %d rounds in turn"
        .formatted(
            task.documents(),
            task.texts().name(),
            task.model(),
            task.maxLength(),
            task.threads(),
            ROUNDS);
  }

  /**
   * Executors beside processes, the second time beside the first, all else beside the reference.
   */
  private static String beside(
      SpeedRow row,
      Optional<SpeedRow> reference,
      List<SpeedRow> processes,
      List<SpeedRow> executors) {
    if (executors.indexOf(row) == 1) {
      return SpeedTable.share(row, executors.get(0), "the first");
    }
    if (executors.contains(row)) {
      return processes.stream()
          .map(other -> SpeedTable.times(row, other, "2 processes"))
          .findFirst()
          .orElse("");
    }
    return reference.map(other -> SpeedTable.times(row, other, REFERENCE)).orElse("");
  }
}
