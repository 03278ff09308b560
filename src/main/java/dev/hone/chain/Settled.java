package dev.hone.chain;

import dev.hone.cluster.PlanStage;
import dev.hone.cluster.TrainingRows;
import dev.hone.config.RunConfig;
import dev.hone.config.TrainConfig;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the rows of a run settle before it trains.
 *
 * @param rows that are trained on
 * @param losses one for each data set
 * @param batches how large they are, and how often each row has its turn
 */
record Settled(TrainingRows rows, ChosenLosses losses, PlanStage.Resolved batches) {
  private static final Logger LOG = LoggerFactory.getLogger(Settled.class);

  private static final int ROWS_FOR_A_SECOND_EPOCH = 10_000;

  /** By the table of the guide: the batch by the losses, epochs by size. */
  static Settled of(StageContext context, RunConfig config, Commit normalForm) {
    TrainConfig options = config.train();
    TrainingRows rows =
        new TrainingRows(context, normalForm, options, config.datasets(), config.seed());
    long available = rows.available();
    int most = options.maxRows();
    long used = most > 0 ? Math.min(available, most) : available;
    ChosenLosses losses = ChosenLosses.of(config, used);
    int epochs = options.epochs().orElse(used < ROWS_FOR_A_SECOND_EPOCH ? 1 : 2);
    int accumulation = options.update().accumulation();
    int batch =
        options.batchSize().isAuto()
            ? losses.batch(used / accumulation, epochs)
            : options.batchSize().orElse(0);
    LOG.info(
        "training on {} of {} rows, batches of {}, {} per update, {} epoch(s)",
        used,
        available,
        batch,
        accumulation,
        epochs);
    return new Settled(rows, losses, new PlanStage.Resolved(batch, epochs, accumulation));
  }

  /** How many updates the rows fill. */
  int updates() {
    return rows.updates(batches);
  }
}
