package dev.hone.tune;

import dev.hone.chain.Chain;
import dev.hone.config.RunConfig;
import dev.hone.config.TuneConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import dev.hone.tune.Outcome.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * The tune step: tries settings of a run's configuration, publishes what became of each as the
 * table {@code trials}, and names the best.
 */
public final class TuneStage {
  private static final int REVISION = 1;

  private final StageContext context;
  private final TuneConfig options;
  private final long seed;
  private final Function<List<String>, RunConfig> configure;
  private final TrialTraining training;

  /**
   * A stage beside a run.
   *
   * @param config the run's configuration
   * @param configure the same with some keys set, as {@code --set} takes them
   */
  public TuneStage(Chain chain, RunConfig config, Function<List<String>, RunConfig> configure) {
    this.context = chain.context();
    this.options = config.tune();
    this.seed = config.seed();
    this.configure = configure;
    this.training = new TrialTraining(chain, options.budget(), configure);
  }

  /**
   * What was found.
   *
   * @param best the keys that make the best configuration, as {@code --set} takes them
   * @param description of the best trial, in one line
   * @param table all outcomes, for people
   */
  public record Result(Commit commit, List<String> best, String description, String table) {}

  /**
   * Runs the search; trainings that are published are not done again.
   *
   * @throws HoneException if a trial is no configuration, or all of them fail
   */
  public Result run() {
    Tuning tuning = new Tuning(options, seed, training);
    tuning.trials().forEach(this::check);
    List<Outcome> outcomes = tuning.run();
    Outcome best =
        outcomes.stream()
            .filter(outcome -> outcome.status() == Status.BEST)
            .findFirst()
            .orElseThrow();
    return new Result(
        publish(outcomes),
        training.sets(best.trial(), best.updates(), true),
        "%s: %s %.4f on the validation split"
            .formatted(best.trial().describe(), best.metric(), best.value()),
        TrialsTable.render(outcomes));
  }

  /** A value that its key does not take is an error before anything is trained. */
  private void check(Trial trial) {
    try {
      Objects.requireNonNull(configure.apply(trial.sets()));
    } catch (HoneException e) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot try %s. Mend hone.tune.space: %s".formatted(trial.describe(), e.getMessage()),
          e);
    }
  }

  private Commit publish(List<Outcome> outcomes) {
    Map<String, String> inputs = new TreeMap<>();
    List<Row> rows = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      inputs.put(
          "rung-%d-trial-%d".formatted(outcome.rung(), outcome.trial().number()),
          outcome.failed() ? "failed" : outcome.digest());
      rows.add(row(outcome));
    }
    StepSpec spec =
        StepSpec.of(
            "tune",
            "all",
            REVISION,
            Map.of(
                "space", options.space(),
                "trials", options.trials(),
                "halving", options.halving(),
                "budget", options.budget(),
                "seed", seed),
            inputs,
            Map.of());
    return context.run(
        spec,
        attempt ->
            attempt.table(
                Tables.TRIALS,
                context.spark().createDataFrame(rows, Tables.TRIALS.schema()).coalesce(1)));
  }

  private static Row row(Outcome outcome) {
    return RowFactory.create(
        outcome.trial().number(),
        outcome.trial().describe(),
        outcome.rung(),
        outcome.metric(),
        outcome.value(),
        outcome.seconds(),
        outcome.status().name().toLowerCase(Locale.ROOT),
        outcome.updates(),
        outcome.runId());
  }
}
