package dev.hone.cli;

import dev.hone.bench.BenchSettings;
import dev.hone.bench.Benchmark;
import dev.hone.bench.Scratch;
import dev.hone.config.RunConfig;
import java.io.IOException;
import java.util.List;
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

  @Override
  public Integer call() throws IOException {
    RunConfig config = options.load();
    try (Session session = Session.open(config);
        Scratch scratch = Scratch.in(session.workspace())) {
      BenchSettings settings =
          new BenchSettings(
              session.spark(),
              session.cache(),
              config,
              session.workspace(),
              scratch.folder(),
              Session.version());
      for (Benchmark name : names) {
        System.out.print(name.run(settings, documents));
      }
    }
    return 0;
  }
}
