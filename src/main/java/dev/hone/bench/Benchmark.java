package dev.hone.bench;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.util.List;
import java.util.Locale;

/** The benchmarks there are. */
public enum Benchmark {
  /** The normalize step on a ranking data set. */
  NORMALIZE;

  /**
   * Runs the benchmark at each size, in this order.
   *
   * @throws HoneException if a size is below 1
   */
  public List<Measurement> run(BenchSettings settings, List<Long> documents) {
    if (documents.stream().anyMatch(size -> size < 1)) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot make corpora of these sizes: %s. Give numbers from 1.".formatted(documents));
    }
    return switch (this) {
      case NORMALIZE -> new NormalizeBenchmark(settings).run(documents);
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
