package dev.hone.cli;

import dev.hone.config.RunConfig;
import dev.hone.tune.BestConfiguration;
import dev.hone.tune.TuneStage;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tries settings of a run and writes the best ones as a configuration that run takes. */
@Command(mixinStandardHelpOptions = true)
final class TuneCommand implements Callable<Integer> {
  static final String NAME = "tune";

  @Mixin private RunOptions options;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "the best configuration, which run takes (default: ${DEFAULT-VALUE})")
  private Path output = Path.of("best.conf");

  @Override
  public Integer call() {
    RunConfig config = options.load();
    Path file = options.file();
    BestConfiguration best = new BestConfiguration(output);
    RecordedTry.of(
        NAME,
        config,
        options,
        chain -> {
          TuneStage.Result result = new TuneStage(chain, config, options::load).run();
          best.write(result.description(), file, options.with(result.best()));
          System.out.print(result.table());
          System.out.println("Best:   " + result.description());
          System.out.println("Run it: ./submit.sh run --config " + output);
        });
    return 0;
  }
}
