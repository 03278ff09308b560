package dev.hone.chain;

import dev.hone.cluster.GuideVectors;
import dev.hone.cluster.TeacherScores;
import dev.hone.config.Auto;
import dev.hone.config.GuideConfig;
import dev.hone.config.RunConfig;
import dev.hone.config.StrategyConfig;
import dev.hone.encode.EncodedRows;
import dev.hone.encode.EncoderSpec;
import dev.hone.encode.PairScorerSpec;
import dev.hone.encode.VectorTable;
import dev.hone.encode.VectorsStage;
import dev.hone.mine.FilterScorer;
import dev.hone.mine.MineStage;
import dev.hone.mine.MinerVectors;
import dev.hone.mine.TermSearch;
import dev.hone.model.ModelFolder;
import dev.hone.model.Precision;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How a run mines: which model's vectors each strategy and the filter scorer compare. */
final class Mining {
  private final StageContext context;
  private final RunConfig config;
  private final Commit normalForm;
  private final Miners miners;
  private final Optional<TermSearch> terms;
  private final Precision precision;
  private final int threads;

  /**
   * Mining in a normal form.
   *
   * @param miners the models beside the one that the run tunes
   * @param terms where a strategy looks at words
   * @param precision of encoding
   * @param threads libtorch's threads
   */
  Mining(
      StageContext context,
      RunConfig config,
      Commit normalForm,
      Miners miners,
      Optional<TermSearch> terms,
      Precision precision,
      int threads) {
    this.context = context;
    this.config = config;
    this.normalForm = normalForm;
    this.miners = miners;
    this.terms = terms;
    this.precision = precision;
    this.threads = threads;
  }

  /**
   * The stage of a round.
   *
   * @param tuned the vectors of the model that the run tunes, as it is in that round; not asked for
   *     where other models stand for it everywhere
   */
  MineStage stage(Supplier<Commit> tuned) {
    Map<String, Commit> byModel = new TreeMap<>();
    Map<String, Commit> byStrategy = new TreeMap<>();
    for (StrategyConfig strategy : config.mine().strategies()) {
      if (strategy instanceof StrategyConfig.WithModel dense) {
        byStrategy.put(
            dense.label(),
            byModel.computeIfAbsent(name(dense.model()), name -> vectors(name, tuned)));
      }
    }
    return new MineStage(
        context,
        normalForm,
        MinerVectors.of(byStrategy),
        filterScorer(name -> byModel.computeIfAbsent(name, one -> vectors(one, tuned))),
        config.mine(),
        config.datasets(),
        terms,
        threads,
        config.seed());
  }

  /**
   * The vectors of the model that says which documents of a batch are false negatives.
   *
   * @param base those of the run's base
   */
  Optional<GuideVectors> guide(Supplier<Commit> base) {
    GuideConfig guide = config.train().loss().guide();
    if (!guide.isOn()) {
      return Optional.empty();
    }
    Commit commit = vectors(guide.model(), base);
    VectorTable table = new VectorTable(context, commit);
    return Optional.of(
        new GuideVectors(
            commit.digest(),
            table.queries(context.read(normalForm, Tables.QUERIES)),
            table.documents(context.read(normalForm, Tables.DOCUMENTS))));
  }

  /**
   * The filter scorer's scores of what a round mined and of its positives, where they are learned.
   */
  Optional<TeacherScores> teacher(MineStage.Result mined) {
    if (!config.train().loss().distillation().isOn()) {
      return Optional.empty();
    }
    Dataset<Row> negatives =
        context
            .read(mined.negatives(), Tables.NEGATIVES)
            .selectExpr("dataset", "query_id", "doc_id", "filter_score as score");
    Dataset<Row> positives =
        context
            .read(mined.candidates(), Tables.POSITIVE_SCORES)
            .selectExpr("dataset", "query_id", "doc_id", "filter_score as score");
    return Optional.of(
        new TeacherScores(
            mined.negatives().digest(), negatives.union(positives).filter("score is not null")));
  }

  private FilterScorer filterScorer(Function<String, Commit> vectors) {
    String name = name(config.mine().filterScorer());
    return miners
        .crossEncoder()
        .<FilterScorer>map(
            folder ->
                new FilterScorer.OfPairs(
                    PairScorerSpec.of(
                        name,
                        folder,
                        context.cache(),
                        precision,
                        config.train().torchThreads().orElse(EncoderSpec.ALL_THREADS))))
        .orElseGet(() -> new FilterScorer.OfVectors(vectors.apply(name)));
  }

  /** Whether a strategy or the filter scorer asks the model that the run tunes. */
  boolean asksTuned() {
    return isTuned(name(config.mine().filterScorer()))
        || config.mine().strategies().stream()
            .anyMatch(
                strategy ->
                    strategy instanceof StrategyConfig.WithModel dense
                        && isTuned(name(dense.model())));
  }

  private boolean isTuned(String name) {
    return name.equals(config.model());
  }

  private String name(Auto<String> model) {
    return model.orElse(config.model());
  }

  /** The tuned model's vectors, or those of another model with its own prompts and length. */
  private Commit vectors(String name, Supplier<Commit> tuned) {
    if (isTuned(name)) {
      return tuned.get();
    }
    ModelFolder folder = miners.encoders().get(name);
    EncoderSpec encoder = Chain.encoder(config, name, folder, context.cache(), precision);
    return new VectorsStage(context, normalForm, encoder)
        .run("miner-" + folder.digest().substring(0, 12), minedRows(config));
  }

  /** What mining compares: nothing that is evaluated. */
  static EncodedRows minedRows(RunConfig config) {
    List<String> trained = Chain.trained(config);
    return new EncodedRows(trained, trained, "");
  }
}
