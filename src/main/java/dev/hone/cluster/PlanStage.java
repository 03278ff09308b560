package dev.hone.cluster;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.dense_rank;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plan step: which row, a query with a positive or a scored pair, goes to which place of which
 * batch, a function of the seed and the content alone.
 */
public final class PlanStage {
  /** Raised when results change. */
  public static final int REVISION = 4;

  private static final Logger LOG = LoggerFactory.getLogger(PlanStage.class);

  private final StageContext context;
  private final Commit normalForm;
  private final Commit negatives;
  private final List<String> strategies;
  private final TrainConfig options;
  private final Resolved resolved;
  private final TrainingRows rows;
  private final long seed;

  /**
   * What {@code auto} became before the plan was made, and what goes with it.
   *
   * @param batchSize rows of a batch
   * @param epochs passes over the data
   * @param accumulation batches of an update
   */
  public record Resolved(int batchSize, int epochs, int accumulation) {
    /** Rows of an update, whose batches all come from one data set. */
    public int updateRows() {
      return Math.multiplyExact(batchSize, accumulation);
    }
  }

  /**
   * A stage over the data sets that are trained on.
   *
   * @param strategies names of those that gave the negatives, in the order in which they chose
   */
  public PlanStage(
      StageContext context,
      Commit normalForm,
      Commit negatives,
      List<String> strategies,
      TrainConfig options,
      Resolved resolved,
      List<DatasetConfig> datasets,
      long seed) {
    this.context = context;
    this.normalForm = normalForm;
    this.negatives = negatives;
    this.strategies = List.copyOf(strategies);
    this.options = options;
    this.resolved = resolved;
    this.rows = new TrainingRows(context, normalForm, options, datasets, seed);
    this.seed = seed;
  }

  /** Runs the step for a whole run where its result is not published yet. */
  public Commit run() {
    return run(new Segment(0, 0, rows.updates(resolved)));
  }

  /**
   * Runs the step for a segment where its result is not published yet: the plan's rows of the
   * segment's steps, the same rows in the same places whatever the segments are.
   */
  public Commit run(Segment segment) {
    Map<String, Object> keys = new TreeMap<>();
    keys.put("seed", seed);
    keys.put("max-rows", options.maxRows());
    keys.put("max-steps", options.maxSteps());
    keys.put("negatives-per-query", rows.negatives().toString());
    keys.put("min-positive-grade", options.minPositiveGrade());
    keys.put("datasets", String.join(",", rows.datasets()));
    keys.put(
        "smaller-batches", rows.datasets().stream().filter(rows::takesSmallerBatches).toList());
    keys.put("sampling", options.sampling().name());
    Curriculum curriculum = Curriculum.of(options.curriculum());
    if (!curriculum.isNone()) {
      keys.put("curriculum", curriculum.setting());
    }
    if (resolved.accumulation() > 1) {
      keys.put("accumulation", resolved.accumulation());
    }
    if (!segment.isWhole()) {
      keys.put("refresh-every", segment.every());
      keys.put("round", segment.round());
    }
    StepSpec spec =
        StepSpec.of(
            "plan",
            segment.part(),
            REVISION,
            keys,
            Map.of("normalize", normalForm.digest(), "negatives", negatives.digest()),
            Map.of("batch-size", resolved.batchSize(), "epochs", resolved.epochs()));
    return context.run(spec, attempt -> write(attempt, segment, curriculum));
  }

  private void write(Attempt attempt, Segment segment, Curriculum curriculum) {
    Dataset<Row> used = rows.used().localCheckpoint();
    if (used.isEmpty()) {
      throw new HoneException(
          ErrorCode.INPUT,
          "Cannot train: no query of the data sets %s has a positive in split train, and none has a scored pair there. Check split and train-on."
              .formatted(rows.datasets()));
    }
    List<EpochShare> shares = rows.shares(used, resolved);
    Dataset<Row> planned = null;
    for (int epoch = 0; epoch < resolved.epochs(); epoch++) {
      Dataset<Row> one = epoch(used, shares, epoch);
      planned = planned == null ? one : planned.unionByName(one);
    }
    Dataset<Row> steps =
        steps(planned).filter(col("step").geq(segment.from()).and(col("step").lt(segment.to())));
    PlannedNegatives found =
        new PlannedNegatives(
            context.read(negatives, Tables.NEGATIVES), strategies, rows.negatives());
    attempt.table(
        Tables.BATCH_PLAN,
        curriculum.isNone()
            ? found.of(steps)
            : found.of(steps, curriculum.ceilings(context.spark(), segment.updates())));
    List<Row> counted = segment.round() == 0 ? counts(shares) : List.of();
    attempt.table(
        Tables.PLAN_COUNTS,
        context.spark().createDataFrame(counted, Tables.PLAN_COUNTS.schema()).coalesce(1));
  }

  /** Rows of {@code plan_counts}; says what is left out. */
  private List<Row> counts(List<EpochShare> shares) {
    List<Row> counts = new ArrayList<>();
    for (EpochShare share : shares) {
      for (int epoch = 0; epoch < resolved.epochs(); epoch++) {
        counts.add(
            RowFactory.create(
                epoch,
                share.dataset(),
                share.updates(),
                share.rows(),
                share.planned(),
                share.tail(),
                share.rest()));
      }
      LOG.info(
          "  {}: {} update(s) per epoch of {} rows; {} left out because they fill no batch, {} because another data set ends",
          share.dataset(),
          share.updates(),
          share.rows(),
          share.tail(),
          share.rest());
      if (share.rows() < resolved.updateRows()) {
        LOG.warn(
            "Data set {} has {} rows, fewer than the {} of an update: its updates are smaller.",
            share.dataset(),
            share.rows(),
            resolved.updateRows());
      }
    }
    return counts;
  }

  /** Rows in shuffled order cut into updates of one data set each; the rest is left out. */
  private Dataset<Row> epoch(Dataset<Row> rows, List<EpochShare> shares, int epoch) {
    Column place =
        row_number()
            .over(
                Window.partitionBy("dataset")
                    .orderBy(this.rows.hash("epoch " + epoch), col("query_id"), col("doc_id")))
            .minus(1)
            .cast("long");
    return rows.join(broadcast(table(shares)), Columns.names("dataset"))
        .withColumn("place", place)
        .filter("place < cut")
        .withColumn("part", expr("((place + 1) * parts - 1) div cut"))
        .filter("part < updates")
        .withColumn("slot", expr("cast(place - cut * part div parts as int)"))
        .withColumn("epoch", lit(epoch))
        .withColumn("turn", turn());
  }

  /** dataset, cut, parts, updates. */
  private Dataset<Row> table(List<EpochShare> shares) {
    List<Row> table =
        shares.stream()
            .map(one -> RowFactory.create(one.dataset(), one.cut(), one.parts(), one.updates()))
            .toList();
    return context
        .spark()
        .createDataFrame(
            table, StructType.fromDDL("dataset STRING, cut LONG, parts LONG, updates LONG"));
  }

  /** When a part has its turn among those of all data sets. */
  private Column turn() {
    return switch (options.sampling()) {
      case PROPORTIONAL -> col("part").plus(0.5).divide(col("parts"));
      case ROUND_ROBIN -> col("part").cast("double");
    };
  }

  /** Updates of the data sets by their turns; steps count over the whole run. */
  private Dataset<Row> steps(Dataset<Row> planned) {
    Column step = dense_rank().over(Window.orderBy("epoch", "turn", "dataset")).minus(1);
    return planned.withColumn("step", step);
  }
}
