package dev.hone.tune;

import dev.hone.chain.Chain;
import dev.hone.chain.Reporting;
import dev.hone.config.Auto;
import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import dev.hone.tune.Outcome.Status;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/**
 * Trains trials as runs of their own, in one workspace: what two of them share, up to the mined
 * negatives, is done once, and a trial that is published is not trained again.
 */
final class TrialTraining implements Tuning.Trainer {
  private static final Set<ErrorCode> OWN = EnumSet.of(ErrorCode.DIVERGED, ErrorCode.CLUSTER);

  private final Chain chain;
  private final Auto<Integer> budget;
  private final Function<List<String>, RunConfig> configure;

  /**
   * Training beside a run.
   *
   * @param chain of the run whose settings are varied
   * @param budget updates of a whole training
   * @param configure the run's configuration with some keys set
   */
  TrialTraining(Chain chain, Auto<Integer> budget, Function<List<String>, RunConfig> configure) {
    this.chain = chain;
    this.budget = budget;
    this.configure = configure;
  }

  @Override
  public boolean isOwn(HoneException failure) {
    return OWN.contains(failure.code());
  }

  /**
   * What a rung sets for a trial: its parameters, a run id of its own, how far it goes, and that it
   * is validated at the end, where the run is not validated on the way.
   */
  List<String> sets(Trial trial, int updates, boolean whole) {
    List<String> sets = new ArrayList<>(trial.sets());
    sets.add("run-id=auto");
    int every = configure.apply(trial.sets()).train().validation().every();
    if (every == 0 || every > updates) {
      sets.add("train.evaluate-every=" + updates);
    }
    if (!whole || !budget.isAuto()) {
      sets.add("train.max-steps=" + updates);
    }
    return sets;
  }

  @Override
  public Outcome train(Trial trial, int rung, Rungs rungs) {
    try {
      return trained(trial, rung, rungs);
    } catch (RuntimeException e) {
      throw known(e);
    }
  }

  /** Spark wraps what a rank throws. */
  private static RuntimeException known(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof HoneException known) {
        return known;
      }
    }
    return failure;
  }

  private Outcome trained(Trial trial, int rung, Rungs rungs) {
    int whole = budget.orElse(0);
    if (budget.isAuto()) {
      whole = chain(configure.apply(trial.sets())).updates();
    }
    int updates = rungs.updates(rung, whole);
    RunConfig config = configure.apply(sets(trial, updates, rung == rungs.count() - 1));
    Chain own = chain(config);
    Chain.Result result = own.run(Chain.Until.TRAIN);
    Commit trained = result.trained();
    List<Row> best =
        own.context()
            .read(trained, Tables.VALIDATION_LOG)
            .filter("best")
            .orderBy("dataset")
            .select("metric", "k", "value", "criterion")
            .collectAsList();
    Row first = best.get(0);
    boolean single = best.size() == 1;
    return new Outcome(
        trial,
        rung,
        updates,
        single ? label(first) : "mean relative change",
        single ? first.getDouble(2) : first.getDouble(3),
        first.getDouble(3),
        new Reporting(own, config).trainingSeconds(result),
        Status.FINISHED,
        own.runId(),
        trained.digest());
  }

  private static String label(Row metric) {
    return metric.isNullAt(1) ? metric.getString(0) : metric.getString(0) + "@" + metric.getInt(1);
  }

  private Chain chain(RunConfig config) {
    return Chain.of(
        config,
        chain.context().spark(),
        chain.context().workspace(),
        chain.context().cache(),
        chain.context().codeVersion());
  }
}
