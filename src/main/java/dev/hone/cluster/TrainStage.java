package dev.hone.cluster;

import static org.apache.spark.sql.functions.expr;

import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The train step: a barrier stage of one rank that follows the batch plan. */
public final class TrainStage {
  /** Raised when results change. */
  public static final int REVISION = 3;

  /** Name of the artifact that holds the tuned model's folder. */
  public static final String MODEL = "model";

  private final StageContext context;
  private final Commit normalForm;
  private final Commit plan;
  private final TrainingSpec spec;

  /** A stage that trains the spec's model on the plan. */
  public TrainStage(StageContext context, Commit normalForm, Commit plan, TrainingSpec spec) {
    this.context = context;
    this.normalForm = normalForm;
    this.plan = plan;
    this.spec = spec;
  }

  /** Runs the step where its result is not published yet. */
  public Commit run() {
    StepSpec step =
        StepSpec.of(
            "train",
            "all",
            REVISION,
            Map.of(
                "seed", spec.seed(),
                "scale", spec.scale(),
                "mask-false-negatives", spec.maskFalseNegatives(),
                "learning-rate", spec.learningRate(),
                "warmup-ratio", spec.warmupRatio(),
                "schedule", spec.decay(),
                "weight-decay", spec.weightDecay(),
                "max-gradient-norm", spec.maxGradientNorm(),
                "prompts", spec.queryPrompt() + "|" + spec.documentPrompt()),
            Map.of("plan", plan.digest(), "model", spec.model().digest()),
            Map.of(
                "precision", spec.precision().label(),
                "dropout", spec.dropout(),
                "attention-dropout", spec.attentionDropout(),
                "max-length", spec.maxLength(),
                "torch-threads", spec.threads()));
    return context.run(step, this::write);
  }

  private void write(Attempt attempt) {
    Dataset<Row> planned = context.read(plan, Tables.BATCH_PLAN);
    int updates = planned.agg(expr("max(step)")).first().getInt(0) + 1;
    RankTask rank =
        new RankTask(
            spec,
            updates,
            context.workspace().uri(),
            attempt.artifactFolder(MODEL),
            context.spark().sparkContext().hadoopConfiguration());
    List<Row> log = Barrier.run(new PlannedRows(context, normalForm).of(planned), rank);
    attempt.table(
        Tables.TRAINING_LOG,
        context.spark().createDataFrame(log, Tables.TRAINING_LOG.schema()).coalesce(1));
    attempt.written(MODEL);
  }
}
