package dev.hone.mine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.hone.config.DatasetConfig;
import dev.hone.config.MineConfig;
import dev.hone.config.StrategyConfig;
import dev.hone.config.StrategyKind;
import dev.hone.encode.VectorTable;
import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.search.SearchUnit;
import dev.hone.search.spark.Bm25Search;
import dev.hone.search.spark.VectorSearch;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The candidates and negatives steps of mining round 0. */
public final class MineStage {
  /** Raised when results change. */
  public static final int CANDIDATES_REVISION = 2;

  /** Raised when results change. */
  public static final int NEGATIVES_REVISION = 4;

  private static final String PART = "round-0";

  private final StageContext context;
  private final Commit normalForm;
  private final Commit vectors;
  private final MineConfig options;
  private final List<String> datasets;
  private final Optional<Bm25Search> bm25;
  private final int threads;

  /**
   * A stage over the data sets that are trained on.
   *
   * @param vectors the filter scorer's vectors of all documents and training queries
   * @param bm25 over the indexes of all data sets, where a strategy wants it
   * @param threads libtorch's threads
   */
  public MineStage(
      StageContext context,
      Commit normalForm,
      Commit vectors,
      MineConfig options,
      List<DatasetConfig> datasets,
      Optional<Bm25Search> bm25,
      int threads) {
    this.context = context;
    this.normalForm = normalForm;
    this.vectors = vectors;
    this.options = options;
    this.datasets =
        datasets.stream().filter(DatasetConfig::trainOn).map(DatasetConfig::name).toList();
    this.bm25 = bm25;
    this.threads = threads;
  }

  /** What mining published. */
  public record Result(Commit candidates, Commit negatives) {}

  /** Runs the steps whose results are not published yet. */
  public Result run() {
    Map<String, String> searched = new HashMap<>();
    searched.put("datasets", String.join(",", datasets));
    for (StrategyConfig strategy : options.strategies()) {
      searched.put("miner " + name(strategy), String.valueOf(options.depthOf(strategy)));
    }
    Map<String, String> inputs = new HashMap<>();
    inputs.put("normalize", normalForm.digest());
    inputs.put("vectors", vectors.digest());
    bm25.ifPresent(search -> inputs.put("bm25", search.digest()));
    Commit candidates =
        context.run(
            StepSpec.of("candidates", PART, CANDIDATES_REVISION, searched, inputs, Map.of()),
            this::search);
    Commit negatives =
        context.run(
            StepSpec.of(
                "negatives",
                PART,
                NEGATIVES_REVISION,
                Map.of("mine", options.toString(), "datasets", String.join(",", datasets)),
                Map.of("normalize", normalForm.digest(), "candidates", candidates.digest()),
                Map.of()),
            attempt -> select(attempt, candidates));
    return new Result(candidates, negatives);
  }

  private static String name(StrategyConfig strategy) {
    return strategy.kind().name().toLowerCase(Locale.ROOT);
  }

  private void search(Attempt attempt) {
    Dataset<Row> found = null;
    for (StrategyConfig strategy : options.strategies()) {
      Dataset<Row> hits =
          search(strategy)
              .withColumn("miner", lit(name(strategy)))
              .withColumn("miner_digest", lit(digestOf(strategy)));
      found = found == null ? hits : found.unionByName(hits);
    }
    if (found == null) {
      found =
          context
              .spark()
              .createDataFrame(List.of(), Tables.CANDIDATES.schema())
              .drop("round", "filter_score", "filter_positive_score", "filter_digest");
    }
    attempt.table(Tables.CANDIDATES, new FilterScores(context, normalForm, vectors).of(found));
  }

  private String digestOf(StrategyConfig strategy) {
    return strategy.kind() == StrategyKind.BM25 ? bm25.orElseThrow().digest() : vectors.digest();
  }

  private Dataset<Row> search(StrategyConfig strategy) {
    int depth = options.depthOf(strategy);
    Dataset<Row> documents =
        context.read(normalForm, Tables.DOCUMENTS).filter(col("dataset").isin(datasets.toArray()));
    Dataset<Row> queries =
        context
            .read(normalForm, Tables.QUERIES)
            .filter(col("dataset").isin(datasets.toArray()))
            .filter(col("split").equalTo("train"));
    if (strategy.kind() == StrategyKind.BM25) {
      return bm25.orElseThrow().search(queries, SearchUnit.CHUNK, depth);
    }
    VectorTable table = new VectorTable(context, vectors);
    return new VectorSearch(context.spark(), threads)
        .search(table.documents(documents), table.queries(queries), SearchUnit.CHUNK, depth);
  }

  private void select(Attempt attempt, Commit candidates) {
    Selection selection =
        new Selection(
            context, normalForm, options, datasets, context.read(candidates, Tables.CANDIDATES));
    attempt.table(Tables.NEGATIVES, selection.negatives());
    attempt.table(Tables.FILTER_COUNTS, selection.counts());
  }
}
