package dev.hone.cli;

import dev.hone.bench.BenchSettings;
import dev.hone.bench.Benchmark;
import dev.hone.bench.MinePart;
import dev.hone.bench.Scratch;
import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs benchmarks and prints what they cost, as a table. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "the benchmarks of this repository, as a table")
final class BenchCommand implements Callable<Integer> {
  /**
   * MiB. Executors of Spark want 450 free for objects, which a heap of 450 has not, and would start
   * for ever.
   */
  private static final int LEAST_HEAP = 512;

  @Mixin private RunOptions options;

  @Parameters(
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES} (default: those of minutes)")
  private List<Benchmark> names = Benchmark.ofMinutes();

  @Option(
      names = "--documents",
      split = ",",
      paramLabel = "N",
      description = "sizes, one after the other (default: each benchmark's own)")
  private List<Long> documents = List.of();

  @Option(
      names = "--queries",
      paramLabel = "N",
      description =
          "queries that mine searches with (default: 1,000) or evaluate scores (default: 100,000)")
  private Integer queries;

  @Option(
      names = "--depth",
      paramLabel = "N",
      description = "results of a query that evaluate scores (default: ${DEFAULT-VALUE})")
  private int depth = 100;

  @Option(
      names = "--heap",
      paramLabel = "MIB",
      description = "heap of each executor that mines (default: ${DEFAULT-VALUE})")
  private int heap = 4096;

  @Option(
      names = "--parts",
      split = ",",
      paramLabel = "PART",
      description = "what of mine is measured: ${COMPLETION-CANDIDATES} (default: all)")
  private List<MinePart> parts = List.of(MinePart.values());

  @Override
  public Integer call() throws IOException {
    requireAtLeast("--queries", 1, queries == null ? 1 : queries);
    requireAtLeast("--depth", 1, depth);
    requireAtLeast("--heap", LEAST_HEAP, heap);
    RunConfig config = options.load();
    try (Session session = Session.open(config);
        Scratch scratch = Scratch.in(session.workspace())) {
      BenchSettings settings =
          new BenchSettings(
              session.spark(),
              session.cache(),
              config,
              options.sets(),
              session.workspace(),
              scratch.folder(),
              Session.version(),
              Optional.ofNullable(queries),
              depth,
              heap,
              EnumSet.copyOf(parts));
      for (Benchmark name : names) {
        System.out.print(name.run(settings, documents));
      }
    }
    return 0;
  }

  private static void requireAtLeast(String option, int least, int number) {
    if (number < least) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot measure with %s %d. Give a number from %d.".formatted(option, number, least));
    }
  }
}
