package dev.hone.cluster;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.dense_rank;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sha2;

import dev.hone.config.DatasetConfig;
import dev.hone.config.TrainConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.Tables;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * The plan step: which (query, positive) row goes to which place of which batch, a function of the
 * seed and the content alone.
 */
public final class PlanStage {
  /** Raised when results change. */
  public static final int REVISION = 2;

  private final StageContext context;
  private final Commit normalForm;
  private final Commit negatives;
  private final TrainConfig options;
  private final Resolved resolved;
  private final List<String> datasets;
  private final long seed;

  /**
   * What {@code auto} became before the plan was made.
   *
   * @param batchSize rows of a batch
   * @param epochs passes over the data
   */
  public record Resolved(int batchSize, int epochs) {}

  /** A stage over the data sets that are trained on. */
  public PlanStage(
      StageContext context,
      Commit normalForm,
      Commit negatives,
      TrainConfig options,
      Resolved resolved,
      List<DatasetConfig> datasets,
      long seed) {
    this.context = context;
    this.normalForm = normalForm;
    this.negatives = negatives;
    this.options = options;
    this.resolved = resolved;
    this.datasets =
        datasets.stream().filter(DatasetConfig::trainOn).map(DatasetConfig::name).toList();
    this.seed = seed;
  }

  /** Runs the step where its result is not published yet. */
  public Commit run() {
    StepSpec spec =
        StepSpec.of(
            "plan",
            "all",
            REVISION,
            Map.of(
                "seed", seed,
                "max-rows", options.maxRows(),
                "max-steps", options.maxSteps(),
                "negatives-per-query", options.negativesPerQuery(),
                "min-positive-grade", options.minPositiveGrade(),
                "datasets", String.join(",", datasets)),
            Map.of("normalize", normalForm.digest(), "negatives", negatives.digest()),
            Map.of("batch-size", resolved.batchSize(), "epochs", resolved.epochs()));
    return context.run(spec, this::write);
  }

  /** How many training rows there are before {@code max-rows}. */
  public static long rows(
      StageContext context, Commit normalForm, TrainConfig options, List<DatasetConfig> datasets) {
    List<String> names =
        datasets.stream().filter(DatasetConfig::trainOn).map(DatasetConfig::name).toList();
    return positives(context, normalForm, options, names).count();
  }

  private static Dataset<Row> positives(
      StageContext context, Commit normalForm, TrainConfig options, List<String> datasets) {
    Dataset<Row> queries =
        context
            .read(normalForm, Tables.QUERIES)
            .filter(col("dataset").isin(datasets.toArray()))
            .filter(col("split").equalTo("train"))
            .select("dataset", "query_id");
    return context
        .read(normalForm, Tables.JUDGEMENTS)
        .filter(col("grade").geq(options.minPositiveGrade()))
        .join(queries, Columns.names("dataset", "query_id"))
        .select("dataset", "query_id", "doc_id");
  }

  private void write(Attempt attempt) {
    Dataset<Row> rows = positives(context, normalForm, options, datasets);
    if (options.maxRows() > 0) {
      rows =
          rows.orderBy(hash("rows"), col("dataset"), col("query_id"), col("doc_id"))
              .limit(options.maxRows());
    }
    rows = rows.localCheckpoint();
    if (rows.isEmpty()) {
      throw new HoneException(
          ErrorCode.INPUT,
          "Cannot train: no query of the data sets %s has a positive in split train. Check split and train-on."
              .formatted(datasets));
    }
    Dataset<Row> planned = null;
    for (int epoch = 0; epoch < resolved.epochs(); epoch++) {
      Dataset<Row> one = epoch(rows, epoch);
      planned = planned == null ? one : planned.unionByName(one);
    }
    attempt.table(Tables.BATCH_PLAN, withNegatives(steps(planned)));
  }

  private Column hash(String purpose) {
    return sha2(
        concat_ws(
                "\u0001", lit(seed + " " + purpose), col("dataset"), col("query_id"), col("doc_id"))
            .cast("binary"),
        256);
  }

  /** Rows in shuffled order cut into batches of one data set each; the rest is the tail. */
  private Dataset<Row> epoch(Dataset<Row> rows, int epoch) {
    Column place =
        row_number()
            .over(
                Window.partitionBy("dataset")
                    .orderBy(hash("epoch " + epoch), col("query_id"), col("doc_id")))
            .minus(1);
    Column size = least(col("rows"), lit(resolved.batchSize()));
    return rows.withColumn("rows", count(lit(1)).over(Window.partitionBy("dataset")))
        .withColumn("place", place)
        .withColumn("size", size)
        .withColumn("batches", floor(col("rows").divide(col("size"))))
        .withColumn("batch", floor(col("place").divide(col("size"))))
        .filter(col("batch").lt(col("batches")))
        .withColumn("slot", col("place").minus(col("batch").multiply(col("size"))))
        .withColumn("epoch", lit(epoch))
        .withColumn("turn", col("batch").plus(0.5).divide(greatest(col("batches"), lit(1L))));
  }

  /** Batches of the data sets in proportional turns; steps count over the whole run. */
  private Dataset<Row> steps(Dataset<Row> planned) {
    Column step = dense_rank().over(Window.orderBy("epoch", "turn", "dataset")).minus(1);
    Dataset<Row> steps = planned.withColumn("step", step);
    return options.maxSteps() > 0 ? steps.filter(col("step").lt(options.maxSteps())) : steps;
  }

  /** The first negatives of each query: those that the data brings before those mined. */
  private Dataset<Row> withNegatives(Dataset<Row> planned) {
    Column order =
        row_number()
            .over(
                Window.partitionBy("dataset", "query_id")
                    .orderBy(
                        col("strategy").notEqual("given"),
                        col("strategy"),
                        col("rank"),
                        col("doc_id")));
    Dataset<Row> chosen =
        context
            .read(negatives, Tables.NEGATIVES)
            .withColumn("order", order)
            .filter(col("order").leq(options.negativesPerQuery()))
            .groupBy("dataset", "query_id")
            .agg(
                org.apache
                    .spark
                    .sql
                    .functions
                    .expr(
                        "transform(array_sort(collect_list(struct(`order`, doc_id))), x -> x.doc_id)")
                    .as("negatives"));
    return planned
        .join(chosen, Columns.names("dataset", "query_id"), "left")
        .withColumn(
            "negatives", org.apache.spark.sql.functions.expr("coalesce(negatives, array())"));
  }
}
