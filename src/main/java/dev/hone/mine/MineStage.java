package dev.hone.mine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.hone.config.Border;
import dev.hone.config.DatasetConfig;
import dev.hone.config.MineConfig;
import dev.hone.config.StrategyConfig;
import dev.hone.config.StrategyKind;
import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The candidates and negatives steps of a mining round. */
public final class MineStage {
  private static final Logger LOG = LoggerFactory.getLogger(MineStage.class);

  /** Raised when results change. */
  public static final int CANDIDATES_REVISION = 4;

  /** Raised when results change. */
  public static final int NEGATIVES_REVISION = 6;

  private final StageContext context;
  private final Commit normalForm;
  private final MinerVectors vectors;
  private final FilterScorer scorer;
  private final MineConfig options;
  private final List<String> datasets;
  private final Optional<TermSearch> terms;
  private final int threads;
  private final long seed;

  /**
   * A stage over the data sets that are trained on.
   *
   * @param vectors of all documents and training queries, by the models as they are in the round
   * @param scorer what margins compare
   * @param terms where a strategy looks at words
   * @param threads libtorch's threads
   * @param seed of everything random
   */
  public MineStage(
      StageContext context,
      Commit normalForm,
      MinerVectors vectors,
      FilterScorer scorer,
      MineConfig options,
      List<DatasetConfig> datasets,
      Optional<TermSearch> terms,
      int threads,
      long seed) {
    this.context = context;
    this.normalForm = normalForm;
    this.vectors = vectors;
    this.scorer = scorer;
    this.options = options;
    this.datasets =
        datasets.stream().filter(DatasetConfig::trainOn).map(DatasetConfig::name).toList();
    this.terms = terms;
    this.threads = threads;
    this.seed = seed;
  }

  /** What mining published. */
  public record Result(Commit candidates, Commit negatives) {}

  /** Runs the steps of round 0 whose results are not published yet. */
  public Result run() {
    return run(Round.FIRST);
  }

  /** Runs the steps of a round whose results are not published yet. */
  public Result run(Round round) {
    Commit candidates = candidates(round);
    Map<String, String> keys = new TreeMap<>();
    keys.put("mine", options.toString());
    keys.put("datasets", String.join(",", datasets));
    if (Rules.of(options, seed).isRandom()) {
      keys.put("seed", String.valueOf(seed));
    }
    Commit negatives =
        context.run(
            StepSpec.of(
                "negatives",
                round.part(),
                NEGATIVES_REVISION,
                keys,
                Map.of("normalize", normalForm.digest(), "candidates", candidates.digest()),
                Map.of()),
            attempt -> select(attempt, candidates));
    return new Result(candidates, negatives);
  }

  /** What each margin would keep of the candidates, which are searched for if nobody did. */
  public Sweep.Result sweep() {
    return sweep(candidates(Round.FIRST));
  }

  private Sweep.Result sweep(Commit candidates) {
    return new Sweep(context, normalForm, Rules.of(options, seed))
        .of(context.read(candidates, Tables.CANDIDATES));
  }

  /** Its digest covers what is searched for, and nothing of how a choice is made. */
  private Commit candidates(Round round) {
    Map<String, String> searched = new TreeMap<>();
    searched.put("datasets", String.join(",", datasets));
    if (round.number() > 0) {
      searched.put("round", String.valueOf(round.number()));
    }
    Map<String, String> inputs = new TreeMap<>();
    inputs.put("normalize", normalForm.digest());
    if (scorer instanceof FilterScorer.OfVectors encoder) {
      inputs.put("vectors", encoder.vectors().digest());
    } else if (scorer instanceof FilterScorer.OfPairs cross) {
      inputs.put("filter-scorer", cross.scorer().digest());
      searched.put("filter-scorer", cross.scorer().settings());
    }
    terms.ifPresent(search -> inputs.put("bm25", search.bm25().digest()));
    for (StrategyConfig strategy : strategies()) {
      searched.put("miner " + strategy.label(), options.searchOf(strategy));
      if (strategy instanceof StrategyConfig.WithModel dense) {
        inputs.put(vectorsInput(strategy), vectors.of(dense).digest());
      }
      if (isDrawn(strategy)) {
        searched.put("seed", String.valueOf(seed));
      }
    }
    return context.run(
        StepSpec.of("candidates", round.part(), CANDIDATES_REVISION, searched, inputs, Map.of()),
        attempt -> search(attempt, round));
  }

  /** What the input is called that holds the vectors of a strategy's own. */
  private static String vectorsInput(StrategyConfig strategy) {
    return "vectors " + strategy.label();
  }

  private static boolean isDrawn(StrategyConfig strategy) {
    return strategy.kind() == StrategyKind.RANDOM
        || (strategy instanceof StrategyConfig.DomainConfusion confusion
            && confusion.border() == Border.CLUSTER);
  }

  /** What the data gives is a candidate too, whatever its quota. */
  private List<StrategyConfig> strategies() {
    List<StrategyConfig> all = new ArrayList<>();
    all.add(options.given());
    options.strategies().stream()
        .filter(strategy -> strategy.kind() != StrategyKind.GIVEN)
        .forEach(all::add);
    return all;
  }

  private void search(Attempt attempt, Round round) {
    try (MinerSearch search = new MinerSearch(context, normalForm, datasets, terms, threads)) {
      Strategies found = new Strategies(context, normalForm, vectors, options, search, seed);
      Dataset<Row> candidates =
          strategies().stream()
              .map(strategy -> earlier(strategy, round).orElseGet(() -> named(strategy, found)))
              .reduce(Dataset::unionByName)
              .orElseThrow()
              .withColumn("round", lit(round.number()))
              .persist(StorageLevel.MEMORY_AND_DISK());
      try (FilterScores scores = new FilterScores(context, normalForm, scorer)) {
        attempt.table(Tables.CANDIDATES, scores.of(candidates));
        attempt.table(Tables.POSITIVE_SCORES, scores.ofPositives(candidates));
      } finally {
        candidates.unpersist();
      }
    }
  }

  private static Dataset<Row> named(StrategyConfig strategy, Strategies search) {
    Found found = strategy.match(search);
    return found
        .rows()
        .withColumn("miner", lit(strategy.label()))
        .withColumn("miner_digest", lit(found.digest()));
  }

  /** What an earlier round found, where the strategy asks no model that has changed since. */
  private Optional<Dataset<Row>> earlier(StrategyConfig strategy, Round round) {
    return round
        .earlier()
        .filter(
            commit ->
                !(strategy instanceof StrategyConfig.WithModel dense)
                    || vectors.of(dense).digest().equals(commit.inputs().get(vectorsInput(dense))))
        .map(
            commit ->
                context
                    .read(commit, Tables.CANDIDATES)
                    .filter(col("miner").equalTo(strategy.label()))
                    .select(
                        "dataset", "query_id", "doc_id", "rank", "score", "miner", "miner_digest"));
  }

  private void select(Attempt attempt, Commit candidates) {
    try (Selection selection =
        new Selection(
            context,
            normalForm,
            Rules.of(options, seed),
            context.read(candidates, Tables.CANDIDATES))) {
      Dataset<Row> negatives = attempt.table(Tables.NEGATIVES, selection.negatives());
      attempt.table(Tables.FILTER_COUNTS, selection.counts());
      warnOfFew(negatives, candidates);
    }
  }

  private void warnOfFew(Dataset<Row> negatives, Commit candidates) {
    if (options.strategies().isEmpty()) {
      return;
    }
    long queries;
    try (MinerSearch search = new MinerSearch(context, normalForm, datasets, terms, threads)) {
      queries = search.queries().count();
    }
    long kept = negatives.select("dataset", "query_id").distinct().count();
    if (2 * kept < queries) {
      LOG.warn(
          "Only {} of {} training queries keep a negative with {} and {}. {} (mine --sweep shows what each margin keeps.)",
          kept,
          queries,
          Margin.relative(options.relativeMargin()).setting(),
          Margin.absolute(options.absoluteMargin()).setting(),
          sweep(candidates).advice());
    }
  }
}
