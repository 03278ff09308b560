package dev.hone.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.hone.config.DatasetConfig;
import dev.hone.config.DatasetType;
import dev.hone.config.EvaluateConfig;
import dev.hone.config.StoredPrecision;
import dev.hone.encode.VectorTable;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
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
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The evaluate step of one model. */
public final class EvaluateStage {
  /** Raised when results change. */
  public static final int REVISION = 5;

  /** Name of the artifact with the rankings as TREC run files. */
  public static final String RUNS = "runs";

  private static final String ANSWERED = "answered";

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

  /**
   * Measures BM25 and a model, fused by their ranks, where that is not published yet.
   *
   * @param search over the indexes of all data sets
   */
  public Commit run(Bm25Search search, MeasuredModel model) {
    return run(new Ranker.Fused(search, model));
  }

  /**
   * Measures another system's rankings where its result is not published yet.
   *
   * @throws HoneException if a line of its files is none of a run, or no query is answered
   */
  public Commit run(TrecRun run) {
    try {
      return run(new Ranker.ByRun(run));
    } catch (Exception e) { // Spark's own is checked, but Java cannot know it
      throw explained(run, e);
    }
  }

  /** What the files say of a failure; where they cannot be read to say so, the failure stands. */
  private RuntimeException explained(TrecRun run, Exception e) {
    try {
      Optional<HoneException> fault = run.fault(context.spark());
      if (fault.isPresent()) {
        return fault.get();
      }
    } catch (RuntimeException further) {
      e.addSuppressed(further);
    }
    return e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
  }

  private Commit run(Ranker ranker) {
    Map<String, String> inputs = new TreeMap<>(ranker.inputs());
    inputs.put("normalize", normalForm.digest());
    StepSpec spec =
        StepSpec.of("evaluate", ranker.name(), REVISION, keys(ranker), inputs, Map.of());
    return context.run(spec, attempt -> write(attempt, ranker));
  }

  /** What the values of metrics mean, as a commit's keys: compare reads them there. */
  static Map<String, String> meanings(EvaluateConfig options) {
    return Map.of(
        "gain",
        options.gain().name(),
        "min-relevant-grade",
        String.valueOf(options.minRelevantGrade()),
        "exclude-identical",
        String.valueOf(options.excludeIdentical()),
        EvaluatedModel.PRIMARY,
        options.primary().label());
  }

  /** All that changes a result; not what else is measured beside it. */
  private Map<String, Object> keys(Ranker ranker) {
    Map<String, Object> keys = new TreeMap<>();
    keys.put("model", ranker.name());
    keys.put("datasets", datasets.stream().map(one -> one.name() + " " + one.type()).toList());
    keys.put("macro", macroDatasets(datasets));
    keys.put("split", split());
    keys.put("k", options.k());
    keys.putAll(meanings(options));
    keys.put("confidence-draws", options.confidenceDraws());
    keys.put("seed", seed);
    if (options.writeRuns()) {
      keys.put("write-runs", true);
    }
    if (!ranker.among(ranked()).equals(ranked())) {
      keys.put(ANSWERED, String.join(" ", ranker.among(ranked())));
    }
    ranker
        .compared()
        .ifPresent(
            model -> {
              keys.put("dims", model.dims());
              keys.put("precisions", options.precisions());
            });
    return keys;
  }

  /** The data sets that an evaluation has rankings for; empty where it has them for all. */
  static Optional<List<String>> answered(Commit evaluation) {
    return Optional.ofNullable(evaluation.keys().get(ANSWERED))
        .map(names -> List.of(names.split(" ")));
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
    if (options.writeRuns()) {
      RunFiles.checkIds(rankedIds());
    }
    JudgedQueries judged;
    try (Rankings rankings = rankings()) {
      judged =
          QueryMetrics.of(
                  rankings.of(ranker, forms),
                  judgedParents(ranker),
                  metricOptions(),
                  options.k(),
                  forms)
              .kept();
    }
    Dataset<Row> found = named(judged.rankings(), ranker);
    if (ranker instanceof Ranker.ByRun read && found.isEmpty()) {
      throw unanswered(read.run());
    }
    Dataset<Row> written = attempt.table(Tables.RANKINGS, found);
    if (options.writeRuns() && !ranked().isEmpty()) {
      RunFiles.publish(attempt, ranker.name(), ranker.among(ranked()), written);
    }
    Dataset<Row> metrics = named(judged.metrics(), ranker);
    attempt.table(Tables.QUERY_METRICS, metrics);
    List<Row> means = new ArrayList<>();
    for (VectorForm form : forms) {
      means.addAll(rows(ranker, form).ranking(metrics, macroDatasets(ranker)));
    }
    ranker.compared().ifPresent(model -> addSimilarities(ranker, model, means));
    attempt.table(
        Tables.RUN_METRICS,
        context.spark().createDataFrame(means, Tables.RUN_METRICS.schema()).coalesce(1));
  }

  private Dataset<Row> named(Dataset<Row> rows, Ranker ranker) {
    return rows.withColumn("model", lit(ranker.name())).withColumn("split", lit(split()));
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

  private HoneException unanswered(TrecRun run) {
    return new HoneException(
        ErrorCode.INPUT,
        "Cannot evaluate the run %s: it has no line for a judged query of %s, split %s. Name its data sets by datasets = [name] in evaluate.runs, or the split that it answers by evaluate.split."
            .formatted(run.name(), run.datasets(), split()));
  }

  /** Ids as rankings have them: dataset, id. */
  private Dataset<Row> rankedIds() {
    return context
        .read(normalForm, Tables.DOCUMENTS)
        .filter(col("dataset").isin(names(RANKED)))
        .select(col("dataset"), col("parent_id").as("id"))
        .union(queries(RANKED).select(col("dataset"), col("query_id").as("id")));
  }

  private List<String> ranked() {
    return Arrays.stream(names(RANKED)).map(String.class::cast).toList();
  }

  /** None where a ranker answers for some of them alone: its mean would be one of other queries. */
  private List<String> macroDatasets(Ranker ranker) {
    List<String> all = macroDatasets(datasets);
    return ranker.among(ranked()).containsAll(all) ? all : List.of();
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
  private Dataset<Row> judgedParents(Ranker ranker) {
    return ParentDocuments.judgements(
        judgements(RANKED).filter(col("dataset").isin(ranker.among(ranked()).toArray())),
        context.read(normalForm, Tables.DOCUMENTS));
  }

  private Rankings rankings() {
    int depth = options.k().stream().mapToInt(Integer::intValue).max().orElseThrow();
    Dataset<Row> documents =
        context.read(normalForm, Tables.DOCUMENTS).filter(col("dataset").isin(names(RANKED)));
    Rankings rankings = new Rankings(context, documents, queries(RANKED), depth, threads);
    return options.excludeIdentical() ? rankings.withoutIdentical() : rankings;
  }
}
