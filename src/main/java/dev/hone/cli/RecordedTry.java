package dev.hone.cli;

import dev.hone.chain.Chain;
import dev.hone.config.RunConfig;
import dev.hone.store.Tries;
import java.util.function.Consumer;

/** One try of a command on a run, recorded with its outcome. */
final class RecordedTry {
  /** Models are computed on the processor alone, also where Spark gives a GPU. */
  private static final String DEVICE = "cpu";

  private RecordedTry() {}

  /** Does some work with the chain of a configuration, in a session of its own. */
  static void of(String command, RunConfig config, RunOptions options, Consumer<Chain> work) {
    try (Session session = Session.open(config)) {
      Chain chain = session.chain(config);
      try (Tries attempt =
          Tries.start(
              session.workspace(),
              chain.runId(),
              command,
              options.ifRunning(),
              config.effective(),
              Session.version(),
              DEVICE)) {
        try {
          work.accept(chain);
          attempt.succeeded();
        } catch (RuntimeException e) {
          attempt.failed(Failures.exitCode(e));
          throw e;
        }
      }
    }
  }
}
