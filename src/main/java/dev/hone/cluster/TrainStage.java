package dev.hone.cluster;

import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.store.Commit;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import dev.hone.text.Prompts;
import dev.hone.train.Advice;
import dev.hone.train.ValidationPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The train step: a barrier stage of one rank that follows the batch plan. Where negatives are
 * mined anew in between, the step {@code segment} stands before it once per round but the last: it
 * publishes the model and the optimizer as they are then, and the next one goes on from there.
 *
 * <p>A try that is killed leaves checkpoints under the step's digest, from which the next one goes
 * on.
 */
public final class TrainStage {
  private static final Logger LOG = LoggerFactory.getLogger(TrainStage.class);

  /** Raised when results change. */
  public static final int REVISION = 4;

  /** Name of the artifact that holds the tuned model's folder. */
  public static final String MODEL = "model";

  private static final String LAST = "train";
  private static final String SEGMENT = "segment";

  private final StageContext context;
  private final Commit normalForm;
  private final TrainingSpec spec;
  private final ValidationRows validation;
  private final AdvisedRows advised;
  private final Optional<GuideVectors> guide;

  /**
   * A stage that trains the spec's model, and validates it where that is on.
   *
   * @param advised what the advisor is told of the rows
   * @param guide where a loss asks one
   */
  public TrainStage(
      StageContext context,
      Commit normalForm,
      TrainingSpec spec,
      ValidationRows validation,
      AdvisedRows advised,
      Optional<GuideVectors> guide) {
    this.context = context;
    this.normalForm = normalForm;
    this.spec = spec;
    this.validation = validation;
    this.advised = advised;
    this.guide = guide;
  }

  /**
   * Runs the step of a segment where its result is not published yet.
   *
   * @param plan the segment's part of the plan
   * @param teacher where a loss learns from one
   * @param before the commits of all segments before it, in their order
   */
  public Commit run(
      Segment segment, Commit plan, Optional<TeacherScores> teacher, List<Commit> before) {
    Map<String, String> inputs = new TreeMap<>();
    teacher.ifPresent(scores -> inputs.put("teacher", scores.digest()));
    inputs.put("plan", plan.digest());
    inputs.put("model", spec.model().digest());
    guide.ifPresent(vectors -> inputs.put("guide", vectors.digest()));
    if (!before.isEmpty()) {
      inputs.put(SEGMENT, before.get(before.size() - 1).digest());
    }
    StepSpec step =
        StepSpec.of(
            segment.isLast() ? LAST : SEGMENT,
            segment.isLast() ? "all" : segment.part(),
            REVISION,
            keys(segment),
            inputs,
            Map.of(
                "precision", spec.precision().label(),
                "dropout", spec.dropout(),
                "attention-dropout", spec.attentionDropout(),
                "max-length", spec.maxLength(),
                "torch-threads", spec.threads()));
    return context.run(
        step, attempt -> write(step.digest(), attempt, segment, plan, teacher, before));
  }

  /** Settings that all data sets share by their names, others with the data set before them. */
  private Map<String, Object> losses() {
    Map<String, Object> keys = new TreeMap<>();
    spec.datasets()
        .forEach(
            (dataset, training) ->
                training
                    .settings()
                    .forEach(
                        (name, value) ->
                            keys.put(isShared(name, value) ? name : of(dataset, name), value)));
    spec.datasets()
        .forEach(
            (dataset, training) -> {
              if (!training.prompts().equals(spec.prompts())) {
                keys.put(of(dataset, "prompts"), text(training.prompts()));
              }
              if (training.maxLength() != spec.maxLength()) {
                keys.put(of(dataset, "max-length"), training.maxLength());
              }
            });
    return keys;
  }

  private static String of(String dataset, String name) {
    return dataset + ": " + name;
  }

  private static String text(Prompts prompts) {
    return prompts.query() + "|" + prompts.document();
  }

  private boolean isShared(String name, Object value) {
    return spec.datasets().values().stream()
        .allMatch(training -> value.equals(training.settings().get(name)));
  }

  private Map<String, Object> keys(Segment segment) {
    Map<String, Object> keys = losses();
    keys.put("seed", spec.seed());
    keys.put("learning-rate", spec.learningRate());
    keys.put("warmup-ratio", spec.warmupRatio());
    keys.put("schedule", spec.decay());
    keys.put("weight-decay", spec.weightDecay());
    keys.put("max-gradient-norm", spec.maxGradientNorm());
    keys.put("prompts", text(spec.prompts()));
    if (!segment.isWhole()) {
      keys.put("refresh-every", segment.every());
    }
    if (spec.rates().layerDecay() < 1) {
      keys.put("layer-decay", spec.rates().layerDecay());
    }
    if (!spec.rates().rates().isEmpty()) {
      keys.put("learning-rates", spec.rates().rates());
    }
    if (!spec.rates().frozen().isEmpty()) {
      keys.put("freeze", spec.rates().frozen());
    }
    if (segment.isLast() && spec.interpolate() < 1) {
      keys.put("interpolate", spec.interpolate());
    }
    keys.putAll(validation.keys());
    return keys;
  }

  private void write(
      String digest,
      Attempt attempt,
      Segment segment,
      Commit plan,
      Optional<TeacherScores> teacher,
      List<Commit> before) {
    RankTask rank =
        new RankTask(
            spec,
            segment,
            before.isEmpty() ? null : Handover.of(context, before.get(before.size() - 1)),
            context.workspace().uri(),
            new RankTask.Targets(
                digest,
                attempt.artifactFolder(MODEL),
                attempt.artifactFolder(Handover.OPTIMIZER),
                attempt.artifactFolder(Handover.BEST)),
            validation.isOn() ? shared(validation.plan(context, normalForm)) : null,
            Counsel.of(context, advised.run(context, normalForm, spec, segment), before),
            context.spark().sparkContext().hadoopConfiguration());
    Dataset<Row> planned = context.read(plan, Tables.BATCH_PLAN);
    List<Row> returned =
        Barrier.run(new PlannedRows(context, normalForm, guide, teacher).of(planned), rank);
    TableDefinition table = segment.isLast() ? Tables.TRAINING_LOG : Tables.SEGMENT_LOG;
    Dataset<Row> rows = rows(returned, Tables.TRAINING_LOG);
    if (segment.isLast()) {
      for (Commit earlier : before) {
        rows = rows.union(context.read(earlier, Tables.SEGMENT_LOG));
      }
    } else {
      attempt.written(Handover.OPTIMIZER);
      if (validation.isOn()) {
        attempt.written(Handover.BEST);
      }
    }
    attempt.table(table, rows.coalesce(1));
    if (validation.isOn() && segment.isLast()) {
      attempt.table(Tables.VALIDATION_LOG, rows(returned, Tables.VALIDATION_LOG).coalesce(1));
    }
    if (segment.isLast()) {
      writeAdvice(attempt, returned);
    }
    attempt.written(MODEL);
  }

  /** Writes the advice, for which nothing is refused, and says it. */
  private void writeAdvice(Attempt attempt, List<Row> returned) {
    attempt.table(Tables.ADVICE, rows(returned, Tables.ADVICE).coalesce(1));
    RankRows.of(Tables.ADVICE, returned)
        .forEach(
            row ->
                LOG.warn(
                    "advice: {}",
                    Advice.describe(
                        row.getInt(0),
                        row.getInt(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5))));
  }

  private Dataset<Row> rows(List<Row> returned, TableDefinition table) {
    return context.spark().createDataFrame(RankRows.of(table, returned), table.schema());
  }

  private Broadcast<ValidationPlan> shared(ValidationPlan plan) {
    return JavaSparkContext.fromSparkContext(context.spark().sparkContext()).broadcast(plan);
  }
}
