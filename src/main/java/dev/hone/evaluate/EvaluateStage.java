package dev.hone.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.hone.config.DatasetConfig;
import dev.hone.config.DatasetType;
import dev.hone.config.EvaluateConfig;
import dev.hone.config.StoredPrecision;
import dev.hone.encode.VectorTable;
import dev.hone.metric.Gain;
import dev.hone.metric.MetricOptions;
import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.search.spark.Bm25Search;
import dev.hone.store.Commit;
import dev.hone.table.ParentDocuments;
import dev.hone.table.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The evaluate step of one model. */
public final class EvaluateStage {
  /** Raised when results change. */
  public static final int REVISION = 4;

  private static final Set<DatasetType> RANKED =
      Arrays.stream(DatasetType.values())
          .filter(DatasetType::isRanked)
          .collect(Collectors.toUnmodifiableSet());
  private static final Set<DatasetType> COMPARED =
      Collections.unmodifiableSet(
          EnumSet.of(DatasetType.TRIPLETS, DatasetType.HARD_NEGATIVES, DatasetType.NLI));

  private final StageContext context;
  private final Commit normalForm;
  private final EvaluateConfig options;
  private final List<DatasetConfig> datasets;
  private final long seed;
  private final int threads;

  /**
   * A stage over all data sets.
   *
   * @param seed of the bootstrap
   * @param threads libtorch's threads
   */
  public EvaluateStage(
      StageContext context,
      Commit normalForm,
      EvaluateConfig options,
      List<DatasetConfig> datasets,
      long seed,
      int threads) {
    this.context = context;
    this.normalForm = normalForm;
    this.options = options;
    this.datasets = datasets;
    this.seed = seed;
    this.threads = threads;
  }

  /**
   * Measures BM25 where its result is not published yet.
   *
   * @param search over the indexes of all data sets
   */
  public Commit run(Bm25Search search) {
    return run(new Ranker.ByTerms(search));
  }

  /** Measures a model by its vectors where its result is not published yet. */
  public Commit run(MeasuredModel model) {
    return run(new Ranker.ByVectors(model));
  }

  private Commit run(Ranker ranker) {
    Map<String, String> inputs = new TreeMap<>(ranker.inputs());
    inputs.put("normalize", normalForm.digest());
    StepSpec spec =
        StepSpec.of("evaluate", ranker.name(), REVISION, keys(ranker), inputs, Map.of());
    return context.run(spec, attempt -> write(attempt, ranker));
  }

  /** All that changes a result; not what else is measured beside it. */
  private Map<String, Object> keys(Ranker ranker) {
    Map<String, Object> keys = new TreeMap<>();
    keys.put("model", ranker.name());
    keys.put("datasets", datasets.stream().map(one -> one.name() + " " + one.type()).toList());
    keys.put("macro", macroDatasets(datasets));
    keys.put("split", split());
    keys.put("k", options.k());
    keys.put("gain", options.gain());
    keys.put("min-relevant-grade", options.minRelevantGrade());
    keys.put("confidence-draws", options.confidenceDraws());
    keys.put("seed", seed);
    ranker
        .compared()
        .ifPresent(
            model -> {
              keys.put("dims", model.dims());
              keys.put("precisions", options.precisions());
            });
    return keys;
  }

  private String split() {
    return options.split().name().toLowerCase(Locale.ROOT);
  }

  private Object[] names(Set<DatasetType> types) {
    return datasets.stream()
        .filter(dataset -> types.contains(dataset.type()))
        .map(DatasetConfig::name)
        .toArray();
  }

  private void write(Attempt attempt, Ranker ranker) {
    List<VectorForm> forms =
        ranker
            .compared()
            .map(model -> VectorForm.of(model.dims(), options.precisions()))
            .orElse(List.of(VectorForm.NONE));
    Dataset<Row> judged;
    try (Rankings rankings = rankings()) {
      judged =
          QueryMetrics.of(
                  rankings.of(ranker, forms), judgedParents(), metricOptions(), options.k(), forms)
              .withColumn("model", lit(ranker.name()))
              .withColumn("split", lit(split()))
              .localCheckpoint();
    }
    attempt.table(Tables.RANKINGS, judged.filter("doc_id is not null"));
    Dataset<Row> metrics = judged.filter("metric is not null");
    attempt.table(Tables.QUERY_METRICS, metrics);
    List<Row> means = new ArrayList<>();
    for (VectorForm form : forms) {
      means.addAll(rows(ranker, form).ranking(metrics, macroDatasets(datasets)));
    }
    ranker.compared().ifPresent(model -> addSimilarities(ranker, model, means));
    attempt.table(
        Tables.RUN_METRICS,
        context.spark().createDataFrame(means, Tables.RUN_METRICS.schema()).coalesce(1));
  }

  private RunMetricRows rows(Ranker ranker, VectorForm form) {
    return new RunMetricRows(ranker.name(), split(), form, options, seed);
  }

  /** Of pairs, which no search compares: in fp32 alone. */
  private void addSimilarities(Ranker ranker, MeasuredModel model, List<Row> means) {
    VectorTable vectors = new VectorTable(context, model.vectors());
    for (int dim : model.dims()) {
      Similarities similarities =
          new Similarities(
              vectors.shortened(dim), rows(ranker, new VectorForm(dim, StoredPrecision.FP32)));
      if (names(COMPARED).length > 0) {
        means.addAll(
            similarities.triplets(
                judgements(COMPARED),
                queries(COMPARED),
                context.read(normalForm, Tables.DOCUMENTS)));
      }
      if (names(Set.of(DatasetType.SCORED)).length > 0) {
        means.addAll(
            similarities.scored(
                context
                    .read(normalForm, Tables.SCORED_PAIRS)
                    .filter(col("split").equalTo(split()))));
      }
    }
  }

  /** The data sets of the macro-average: those trained on, or all where none is. */
  static List<String> macroDatasets(List<DatasetConfig> datasets) {
    List<DatasetConfig> ranked =
        datasets.stream().filter(dataset -> RANKED.contains(dataset.type())).toList();
    List<String> trained =
        ranked.stream().filter(DatasetConfig::trainOn).map(DatasetConfig::name).toList();
    return trained.isEmpty() ? ranked.stream().map(DatasetConfig::name).toList() : trained;
  }

  private MetricOptions metricOptions() {
    return new MetricOptions(options.minRelevantGrade(), Gain.valueOf(options.gain().name()));
  }

  private Dataset<Row> queries(Set<DatasetType> types) {
    return context
        .read(normalForm, Tables.QUERIES)
        .filter(col("dataset").isin(names(types)))
        .filter(col("split").equalTo(split()));
  }

  private Dataset<Row> judgements(Set<DatasetType> types) {
    return context
        .read(normalForm, Tables.JUDGEMENTS)
        .join(
            queries(types).select(col("dataset").as("d"), col("query_id").as("q")),
            col("dataset").equalTo(col("d")).and(col("query_id").equalTo(col("q"))))
        .select("dataset", "query_id", "doc_id", "grade");
  }

  /** Judgements of whole documents, of which chunks have copies. */
  private Dataset<Row> judgedParents() {
    return ParentDocuments.judgements(
        judgements(RANKED), context.read(normalForm, Tables.DOCUMENTS));
  }

  private Rankings rankings() {
    int depth = options.k().stream().mapToInt(Integer::intValue).max().orElseThrow();
    Dataset<Row> parents =
        context
            .read(normalForm, Tables.DOCUMENTS)
            .filter(col("dataset").isin(names(RANKED)))
            .withColumn("doc_id", col("parent_id"));
    return new Rankings(context, parents, queries(RANKED), depth, threads);
  }
}
