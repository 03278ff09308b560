package dev.hone.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.hone.config.DatasetConfig;
import dev.hone.config.DatasetType;
import dev.hone.config.EvaluateConfig;
import dev.hone.encode.VectorTable;
import dev.hone.metric.Gain;
import dev.hone.metric.MetricOptions;
import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.search.SearchUnit;
import dev.hone.search.spark.Bm25Search;
import dev.hone.search.spark.VectorSearch;
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
    return run("bm25", new Ranker.ByTerms(search));
  }

  /** Measures a model by its vectors where its result is not published yet. */
  public Commit run(String model, Commit vectors) {
    return run(model, new Ranker.ByVectors(vectors));
  }

  private Commit run(String model, Ranker ranker) {
    StepSpec spec =
        StepSpec.of(
            "evaluate",
            model,
            REVISION,
            Map.of("evaluate", options, "model", model, "seed", seed),
            Map.of("normalize", normalForm.digest(), ranker.input(), ranker.digest()),
            Map.of());
    return context.run(spec, attempt -> write(attempt, model, ranker));
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

  private void write(Attempt attempt, String model, Ranker ranker) {
    Optional<Commit> vectors = ranker.vectors();
    Dataset<Row> judged =
        QueryMetrics.of(search(ranker), judgedParents(), metricOptions(), options.k())
            .withColumn("model", lit(model))
            .withColumn("split", lit(split()))
            .localCheckpoint();
    attempt.table(Tables.RANKINGS, judged.filter("doc_id is not null"));
    Dataset<Row> metrics =
        judged
            .filter("metric is not null")
            .withColumn("dim", vectors.isEmpty() ? lit(null) : lit(dimension(vectors.get())))
            .withColumn("precision", vectors.isEmpty() ? lit(null) : lit("fp32"));
    attempt.table(Tables.QUERY_METRICS, metrics);
    RunMetricRows rows =
        new RunMetricRows(model, split(), vectors.map(this::dimension), options, seed);
    List<Row> means = new ArrayList<>(rows.ranking(metrics, macroDatasets(datasets)));
    if (vectors.isPresent()) {
      Similarities similarities = new Similarities(new VectorTable(context, vectors.get()), rows);
      means.addAll(
          similarities.triplets(
              judgements(COMPARED), queries(COMPARED), context.read(normalForm, Tables.DOCUMENTS)));
      means.addAll(
          similarities.scored(
              context.read(normalForm, Tables.SCORED_PAIRS).filter(col("split").equalTo(split()))));
    }
    attempt.table(
        Tables.RUN_METRICS,
        context.spark().createDataFrame(means, Tables.RUN_METRICS.schema()).coalesce(1));
  }

  /** The data sets of the macro-average: those trained on, or all where none is. */
  static List<String> macroDatasets(List<DatasetConfig> datasets) {
    List<DatasetConfig> ranked =
        datasets.stream().filter(dataset -> RANKED.contains(dataset.type())).toList();
    List<String> trained =
        ranked.stream().filter(DatasetConfig::trainOn).map(DatasetConfig::name).toList();
    return trained.isEmpty() ? ranked.stream().map(DatasetConfig::name).toList() : trained;
  }

  private int dimension(Commit vectors) {
    Row first = context.read(vectors, Tables.VECTORS).select("vector").first();
    return first.getList(0).size();
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

  /** A document counts by its best chunk. */
  private Dataset<Row> search(Ranker ranker) {
    int depth = options.k().stream().mapToInt(Integer::intValue).max().orElseThrow();
    Dataset<Row> queries = queries(RANKED);
    if (ranker instanceof Ranker.ByTerms terms) {
      return terms.search().search(queries, SearchUnit.PARENT, depth);
    }
    VectorTable table = new VectorTable(context, ranker.vectors().orElseThrow());
    Dataset<Row> parents =
        context
            .read(normalForm, Tables.DOCUMENTS)
            .filter(col("dataset").isin(names(RANKED)))
            .withColumn("doc_id", col("parent_id"));
    return new VectorSearch(context.spark(), threads)
        .search(table.documents(parents), table.queries(queries), SearchUnit.PARENT, depth);
  }
}
