package dev.hone.bench;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The benchmarks there are. */
public enum Benchmark {
  /** The normalize step on a ranking data set. */
  NORMALIZE,
  /** Texts to vectors, beside other software. */
  ENCODE,
  /** Search as mining does it, and building its index, beside libtorch and Lucene. */
  MINE,
  /** Metrics of a run, beside trec_eval. */
  EVALUATE,
  /** Models trained with and without hard negatives, on public data sets: hours. */
  NEGATIVES;

  private static final int MOST_TO_ENCODE = 1_000_000;
  private static final int MOST_TO_SEARCH = 100_000_000;
  private static final int QUERIES_TO_SCORE = 100_000;

  private List<Long> sizes() {
    return switch (this) {
      case NORMALIZE -> List.of(20_000L, 200_000L);
      case ENCODE -> List.of(1_500L);
      case MINE -> List.of(100_000L);
      case EVALUATE, NEGATIVES -> List.of();
    };
  }

  private long most() {
    return switch (this) {
      case NORMALIZE, EVALUATE, NEGATIVES -> Long.MAX_VALUE;
      case ENCODE -> MOST_TO_ENCODE;
      case MINE -> MOST_TO_SEARCH;
    };
  }

  /** Those that take minutes. */
  public static List<Benchmark> ofMinutes() {
    return List.of(NORMALIZE, ENCODE, MINE, EVALUATE);
  }

  /**
   * Runs the benchmark at each size, in this order, and returns what it found as a table.
   *
   * @param documents the sizes; none for the benchmark's own
   * @throws HoneException if a size is below 1, or more than the benchmark takes
   */
  public String run(BenchSettings settings, List<Long> documents) {
    if (this == NEGATIVES && !documents.isEmpty()) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot choose the documents of bench negatives: it takes public data sets. Leave out --documents.");
    }
    List<Long> asked = documents.isEmpty() ? sizes() : documents;
    long most = most();
    if (asked.stream().anyMatch(size -> size < 1 || size > most)) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot make corpora of these sizes: %s. Give numbers from 1 to %,d."
              .formatted(asked, most));
    }
    return switch (this) {
      case NORMALIZE -> Measurement.table(new NormalizeBenchmark(settings).run(asked));
      case ENCODE ->
          asked.stream()
              .map(size -> new EncodeBenchmark(settings).run(Math.toIntExact(size)))
              .collect(Collectors.joining("\n"));
      case MINE ->
          asked.stream()
              .map(size -> new MineBenchmark(settings).run(Math.toIntExact(size)))
              .collect(Collectors.joining("\n"));
      case EVALUATE ->
          new EvaluateBenchmark(settings).run(settings.queries().orElse(QUERIES_TO_SCORE));
      case NEGATIVES -> new NegativesBenchmark(settings).run(System.getenv("HONE_DATA"));
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
