package dev.hone.train;

import dev.hone.loss.BatchRows;
import dev.hone.loss.MatryoshkaOptions;
import dev.hone.loss.RankingOptions;
import dev.hone.loss.RankingRow;
import dev.hone.loss.RankingRow.Candidate;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelSource;
import dev.hone.model.Precision;
import dev.hone.model.Tensor;
import dev.hone.store.LocalCache;
import dev.hone.text.Prompts;
import dev.hone.text.TextRole;
import dev.hone.torch.Encoder;
import dev.hone.torch.EncoderOptions;
import dev.hone.torch.TorchRuntime;
import dev.hone.torch.WordNetTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.hadoop.conf.Configuration;

/**
 * Encodes and trains in a loop and prints this process's resident memory, to see whether it grows;
 * each round on another thread, as tasks do, since malloc keeps what a thread freed for its arena.
 * Argument: minutes. The exit code is 1 where the largest of the last quarter of the time is more
 * than 100 MB above that of the second quarter.
 */
public final class MemoryLoop {
  private static final int ALLOWED_MEGABYTES = 100;
  private static final int TEXTS = 256;
  private static final int UPDATES = 4;
  private static final int BATCH = 32;
  private static final int THREADS = 16;

  private final ModelFolder model;
  private final LocalCache cache;
  private final List<String> texts = WordNetTexts.ofAllLengths(2000);
  private final Random random = new Random(7);

  private MemoryLoop(ModelFolder model, LocalCache cache) {
    this.model = model;
    this.cache = cache;
  }

  /** Runs for the minutes of the first argument. */
  public static void main(String[] arguments) throws Exception {
    LocalCache cache = LocalCache.ofUser();
    ModelFolder model =
        ModelSource.resolve("builtin:all-MiniLM-L6-v2", cache, new Configuration(false));
    Duration length = Duration.ofMinutes(Long.parseLong(arguments[0]));
    System.exit(new MemoryLoop(model, cache).grows(length) ? 1 : 0);
  }

  private boolean grows(Duration length) throws Exception {
    Instant start = Instant.now();
    long[] largest = new long[4];
    int rounds = 0;
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (Encoder kept = encoder(Precision.FP32)) {
      for (int quarter = 0; quarter < 4; rounds++) {
        int round = rounds;
        threads.submit(() -> round(kept, round)).get();
        long resident = residentMegabytes();
        largest[quarter] = Math.max(largest[quarter], resident);
        Duration passed = Duration.between(start, Instant.now());
        System.out.printf("%d s, round %d: %d MB%n", passed.toSeconds(), rounds, resident);
        quarter = (int) (4 * passed.toMillis() / length.toMillis());
      }
    }
    threads.shutdown();
    long growth = largest[3] - largest[1];
    System.out.printf(
        "%d rounds; largest resident MB of each quarter: %d, %d, %d, %d; last above second: %d%n",
        rounds, largest[0], largest[1], largest[2], largest[3], growth);
    return growth > ALLOWED_MEGABYTES;
  }

  private void round(Encoder kept, int round) {
    kept.encode(some(TEXTS), TextRole.DOCUMENT);
    try (Encoder opened = encoder(round % 2 == 0 ? Precision.BF16 : Precision.FP32)) {
      opened.encode(some(TEXTS), TextRole.QUERY);
    }
    train(
        round % 3 == 0 ? Precision.BF16 : Precision.FP32,
        round % 2 == 0
            ? new OneGraph(GradientMethod.CHUNK_TOKENS)
            : new GradientCache(1024, 16, 200_000_000));
  }

  private Encoder encoder(Precision precision) {
    return Encoder.open(
        model,
        Prompts.NONE,
        EncoderOptions.inference(TorchRuntime.processors(), 256, precision, cache));
  }

  private void train(Precision precision, GradientMethod gradients) {
    TrainingOptions options =
        new TrainingOptions(
            Map.of(
                "made",
                new DatasetTraining(
                    new TrainingLoss(RankingOptions.plain(20), MatryoshkaOptions.NONE, true),
                    gradients,
                    Prompts.NONE,
                    256)),
            new LearningRateSchedule(2e-5, 0.1, UPDATES, LearningRateSchedule.Decay.LINEAR),
            0.01,
            1,
            precision,
            0.1,
            0,
            256,
            Prompts.NONE,
            TorchRuntime.processors(),
            3,
            7,
            cache,
            ParameterRates.ALL_ALIKE,
            BATCH);
    SortedMap<String, Tensor> tuned =
        Training.run(
            TrainingStart.at(model),
            new Batches(),
            options,
            (update, all) -> {},
            BetweenUpdates.NOTHING,
            training -> training.state().weights().get());
    if (tuned.isEmpty()) {
      throw new IllegalStateException("no weights");
    }
  }

  private List<String> some(int count) {
    List<String> some = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      some.add(texts.get(random.nextInt(texts.size())));
    }
    return some;
  }

  /** Rows of random texts. */
  private final class Batches implements BatchSource {
    private final Iterator<Integer> steps = List.of(0, 1, 2, 3).iterator();

    @Override
    public int first() {
      return 0;
    }

    @Override
    public int updates() {
      return UPDATES;
    }

    @Override
    public boolean hasNext() {
      return steps.hasNext();
    }

    @Override
    public TrainingBatch next() {
      steps.next();
      List<RankingRow> rows = new ArrayList<>();
      for (String query : some(BATCH)) {
        String positive = some(1).get(0);
        rows.add(
            new RankingRow(
                query,
                query,
                new Candidate(positive, Set.of(positive)),
                List.of(),
                Set.of(positive)));
      }
      return new TrainingBatch(0, "made", new BatchRows.Ranking(rows));
    }
  }

  private static long residentMegabytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new IOException("/proc/self/status has no VmRSS");
  }
}
