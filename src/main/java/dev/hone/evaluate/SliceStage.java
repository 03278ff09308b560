package dev.hone.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;

import dev.hone.config.DatasetConfig;
import dev.hone.config.EvaluateConfig;
import dev.hone.config.SliceConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.Headline;
import dev.hone.table.ParentDocuments;
import dev.hone.table.Tables;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * The slices step of one model: the metrics of parts of its queries. It reads an evaluation, so
 * that another slice searches nothing again.
 */
public final class SliceStage {
  /** Raised when results change. */
  public static final int REVISION = 1;

  private static final double CONFIDENCE = 0.95;

  /** SQL states of what goes wrong with values. */
  private static final String DATA_EXCEPTION = "22";

  private final StageContext context;
  private final Commit normalForm;
  private final List<SliceConfig> slices;
  private final EvaluateConfig options;
  private final List<String> macro;
  private final long seed;

  /**
   * A stage over all data sets.
   *
   * @param seed of the bootstrap
   */
  public SliceStage(
      StageContext context,
      Commit normalForm,
      List<SliceConfig> slices,
      EvaluateConfig options,
      List<DatasetConfig> datasets,
      long seed) {
    this.context = context;
    this.normalForm = normalForm;
    this.slices = List.copyOf(slices);
    this.options = options;
    this.macro = EvaluateStage.macroDatasets(datasets);
    this.seed = seed;
  }

  /**
   * Measures the slices of an evaluation where their result is not published yet.
   *
   * @return empty where the configuration has no slice, or no query was measured
   */
  public Optional<Commit> run(String model, Commit evaluation) {
    if (slices.isEmpty() || evaluation.table(Tables.QUERY_METRICS.name()).rows() == 0) {
      return Optional.empty();
    }
    StepSpec spec =
        StepSpec.of(
            "slices",
            model,
            REVISION,
            Map.of(
                "slices",
                slices,
                "averaged",
                averaged(evaluation),
                "min-relevant-grade",
                options.minRelevantGrade(),
                "confidence-draws",
                options.confidenceDraws(),
                "seed",
                seed),
            Map.of("normalize", normalForm.digest(), "evaluate", evaluation.digest()),
            Map.of());
    return Optional.of(context.run(spec, attempt -> write(attempt, evaluation)));
  }

  private void write(Attempt attempt, Commit evaluation) {
    try {
      attempt.table(
          Tables.SLICE_METRICS,
          means(Headline.of(context.read(evaluation, Tables.QUERY_METRICS)), averaged(evaluation)));
    } catch (Exception e) { // what a task throws is checked, but Java cannot know it
      throw ofData(e);
    }
  }

  /** None where the evaluation has no mean over data sets, since it answers for some alone. */
  private List<String> averaged(Commit evaluation) {
    return EvaluateStage.answered(evaluation).map(some -> some.containsAll(macro)).orElse(true)
        ? macro
        : List.of();
  }

  private Dataset<Row> means(Dataset<Row> metrics, List<String> averaged) {
    return metrics
        .join(values(metrics), Columns.names("dataset", "query_id"))
        .groupBy("model", "split", "dim", "precision", "slice", "slice_value", "metric", "k")
        .agg(sort_array(collect_list(struct("dataset", "query_id", "value"))).as("queries"))
        .flatMap(
            new SliceMeans(averaged, options.confidenceDraws(), CONFIDENCE, seed),
            Encoders.row(Tables.SLICE_METRICS.schema()));
  }

  /** dataset, query_id, slice, slice_value of the queries that were measured. */
  private Dataset<Row> values(Dataset<Row> metrics) {
    Dataset<Row> queries =
        context
            .read(normalForm, Tables.QUERIES)
            .join(
                metrics
                    .groupBy("dataset", "query_id")
                    .agg(max("relevant_count").as("relevant_count")),
                Columns.names("dataset", "query_id"));
    Dataset<Row> documents = context.read(normalForm, Tables.DOCUMENTS);
    Dataset<Row> relevant =
        ParentDocuments.judgements(
                context
                    .read(normalForm, Tables.JUDGEMENTS)
                    .select("dataset", "query_id", "doc_id", "grade"),
                documents)
            .filter(col("grade").geq(options.minRelevantGrade()))
            .select(col("dataset"), col("query_id").as("for_query"), col("doc_id"));
    return new Slices(slices)
        .of(
            queries,
            ParentDocuments.documents(documents)
                .join(relevant, Columns.names("dataset", "doc_id")));
  }

  /** What an expression cannot do with a value is for the user to mend; the rest is passed on. */
  private static RuntimeException ofData(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable reason
          && String.valueOf(reason.getSqlState()).startsWith(DATA_EXCEPTION)) {
        return new HoneException(
            ErrorCode.CONFIGURATION,
            "Cannot use evaluate.slices: an expression fails on a query or document: %s. Make it give null there, such as by try_cast or nullif."
                .formatted(String.valueOf(cause.getMessage()).lines().findFirst().orElse("")),
            failure);
      }
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(failure);
  }
}
