package dev.hone.cli;

import dev.hone.chain.Chain;
import dev.hone.config.RunConfig;
import dev.hone.mine.SweepTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Mines hard negatives, or shows what each margin would keep of the candidates. */
@Command(mixinStandardHelpOptions = true)
final class MineCommand implements Callable<Integer> {
  static final String NAME = "mine";

  @Mixin private RunOptions options;

  @Option(
      names = "--sweep",
      description =
          "prints what each margin keeps of the run's candidates, with examples, and suggests one;"
              + " searches only where the candidates are not published yet, and chooses no negatives")
  private boolean sweep;

  @Override
  public Integer call() {
    RunConfig config = options.load();
    RecordedTry.of(
        NAME,
        config,
        options,
        chain -> {
          if (sweep) {
            System.out.print(SweepTable.render(chain.sweep()));
          } else {
            StageCommand.run(chain, config, Chain.Until.MINE);
          }
        });
    return 0;
  }
}
