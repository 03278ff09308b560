package dev.hone.cluster;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.posexplode_outer;
import static org.apache.spark.sql.functions.struct;

import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.Tables;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The train step: a barrier stage of one rank that follows the batch plan. */
public final class TrainStage {
  /** Raised when results change. */
  public static final int REVISION = 1;

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
            Map.of("plan", plan.digest(), "model", spec.digest()),
            Map.of(
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
    List<Row> log = Barrier.run(rows(planned), rank);
    attempt.table(
        Tables.TRAINING_LOG,
        context.spark().createDataFrame(log, Tables.TRAINING_LOG.schema()).coalesce(1));
    attempt.written(MODEL);
  }

  /** The plan with its texts, in the order of steps and slots, in one partition per rank. */
  private Dataset<Row> rows(Dataset<Row> planned) {
    Dataset<Row> documents =
        context
            .read(normalForm, Tables.DOCUMENTS)
            .select(
                col("dataset"),
                col("doc_id"),
                struct(col("text"), col("content_hash")).as("document"));
    Dataset<Row> queries =
        context
            .read(normalForm, Tables.QUERIES)
            .select("dataset", "query_id", "text", "content_hash");
    Dataset<Row> negatives =
        planned
            .select(
                col("step"),
                col("slot"),
                col("dataset"),
                posexplode_outer(col("negatives")).as(new String[] {"place", "doc_id"}))
            .join(documents, Columns.names("dataset", "doc_id"))
            .groupBy("step", "slot")
            .agg(
                expr("transform(array_sort(collect_list(struct(place, document))), x -> x.document)")
                    .as("negative_documents"));
    return planned
        .join(queries, Columns.names("dataset", "query_id"))
        .join(documents, Columns.names("dataset", "doc_id"))
        .join(negatives, Columns.names("step", "slot"), "left")
        .join(knownPositives(), Columns.names("content_hash"))
        .select(
            col("step"),
            col("slot"),
            col("epoch"),
            col("dataset"),
            col("content_hash"),
            col("text"),
            col("document"),
            expr("coalesce(negative_documents, array())").as("negatives"),
            col("known"))
        .repartition(1)
        .sortWithinPartitions("step", "slot");
  }

  /** For each query text, the content of everything that answers it in any data set. */
  private Dataset<Row> knownPositives() {
    return context
        .read(normalForm, Tables.JUDGEMENTS)
        .filter("grade > 0")
        .join(
            context
                .read(normalForm, Tables.DOCUMENTS)
                .select(col("dataset"), col("doc_id"), col("content_hash").as("document_hash")),
            Columns.names("dataset", "doc_id"))
        .join(
            context.read(normalForm, Tables.QUERIES).select("dataset", "query_id", "content_hash"),
            Columns.names("dataset", "query_id"))
        .groupBy("content_hash")
        .agg(collect_set("document_hash").as("known"));
  }
}
