package dev.hone.mine;

import static dev.hone.pipeline.SmallWorkspace.row;

import dev.hone.config.Bm25Config;
import dev.hone.config.MineConfig;
import dev.hone.config.RunConfig;
import dev.hone.config.StrategyConfig;
import dev.hone.encode.EncodedRows;
import dev.hone.encode.EncoderSpec;
import dev.hone.encode.PairScorerSpec;
import dev.hone.encode.VectorsStage;
import dev.hone.model.CrossEncoderFolder;
import dev.hone.model.MadeCrossEncoder;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelReference;
import dev.hone.model.ModelSource;
import dev.hone.model.Precision;
import dev.hone.normalize.Normalization;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.pipeline.StageContext;
import dev.hone.search.spark.Bm25Search;
import dev.hone.search.spark.IndexStage;
import dev.hone.store.Commit;
import dev.hone.store.LocalCache;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import dev.hone.text.Prompts;
import dev.hone.text.TextPair;
import dev.hone.torch.PairScorer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A normal form of real texts in a workspace, mined as a chain does, with the built-in models. */
final class MiningGround {
  static final String BASE = "builtin:all-MiniLM-L6-v2";

  private final SmallWorkspace workspace;
  private final LocalCache models;
  private final List<Object[]> documents = new ArrayList<>();
  private final List<Object[]> queries = new ArrayList<>();
  private final List<Object[]> judgements = new ArrayList<>();
  private final List<String> read = new ArrayList<>();
  private Commit normalForm;
  private int runs;
  private int maxLength = 64;

  /**
   * An empty ground.
   *
   * @param folder of the workspace
   * @param models folder of a cache of models, which several grounds may share
   */
  MiningGround(Path folder, Path models) {
    this.workspace = SmallWorkspace.in(folder);
    this.models = SmallWorkspace.in(models).context().cache();
  }

  /** Cuts texts for encoding after fewer tokens: what is checked does not depend on the scores. */
  MiningGround withMaxLength(int tokens) {
    maxLength = tokens;
    return this;
  }

  MiningGround document(String dataset, String id, String text) {
    return document(dataset, id, text, null, null);
  }

  MiningGround document(String dataset, String id, String text, String domain, String group) {
    return document(dataset, id, text, domain, group, null);
  }

  MiningGround document(
      String dataset, String id, String text, String domain, String group, String source) {
    documents.add(row(dataset, id, id, 0, null, text, domain, null, group, null, null, source));
    return this;
  }

  MiningGround query(String dataset, String id, String text) {
    return query(dataset, id, text, "train", null);
  }

  MiningGround query(String dataset, String id, String text, String split, String domain) {
    queries.add(row(dataset, id, text, split, domain));
    return this;
  }

  MiningGround judgement(String dataset, String query, String document, Integer grade) {
    String origin = grade != null && grade == 0 ? "triplet" : "pair";
    return judgement(dataset, query, document, grade, origin);
  }

  MiningGround judgement(
      String dataset, String query, String document, Integer grade, String origin) {
    judgements.add(row(dataset, query, document, grade, origin));
    return this;
  }

  StageContext context() {
    return workspace.context();
  }

  Commit normalForm() {
    if (normalForm == null) {
      normalForm =
          workspace
              .step("normalize")
              .table(Tables.DOCUMENTS, documents.toArray(Object[][]::new))
              .table(Tables.QUERIES, queries.toArray(Object[][]::new))
              .table(Tables.JUDGEMENTS, judgements.toArray(Object[][]::new))
              .table(Tables.SCORED_PAIRS)
              .publish();
    }
    return normalForm;
  }

  /** The stage of a configuration, {@code key=value} each, with seed 42, in a run of its own. */
  MineStage stage(String... keys) {
    return stage(42, keys);
  }

  MineStage stage(long seed, String... keys) {
    RunConfig config = config(keys);
    MineConfig mine = config.mine();
    Map<String, Commit> byStrategy = new TreeMap<>();
    for (StrategyConfig strategy : mine.strategies()) {
      if (strategy instanceof StrategyConfig.WithModel dense) {
        byStrategy.put(dense.label(), vectors(dense.model().orElse(BASE)));
      }
    }
    StageContext run = workspace.run("run-" + ++runs).context();
    return new MineStage(
        run,
        normalForm(),
        MinerVectors.of(byStrategy),
        filterScorer(mine.filterScorer().orElse(BASE)),
        mine,
        config.datasets(),
        Optional.of(terms(run, config.bm25())),
        1,
        seed);
  }

  private FilterScorer filterScorer(String model) {
    Configuration hadoop = new Configuration(false);
    return ModelSource.isCrossEncoder(model, models, hadoop)
        ? new FilterScorer.OfPairs(
            PairScorerSpec.of(
                model,
                ModelSource.crossEncoder(model, models, hadoop),
                models,
                Precision.FP32,
                EncoderSpec.ALL_THREADS))
        : new FilterScorer.OfVectors(vectors(model));
  }

  private TermSearch terms(StageContext run, Bm25Config bm25) {
    Dataset<Row> documents = run.read(normalForm(), Tables.DOCUMENTS);
    return new TermSearch(
        new Bm25Search(run, bm25, new IndexStage(run, bm25).run(documents)), bm25.analysis());
  }

  private RunConfig config(String... keys) {
    List<String> sets = new ArrayList<>(List.of(keys));
    sets.add(
        names().stream()
            .map(name -> "{name=" + name + ",type=pairs,source{format=json,path=none}}")
            .toList()
            .toString()
            .transform(list -> "datasets=" + list));
    return RunConfig.load(null, sets);
  }

  /** The data sets of a configuration, read from their files, instead of rows written down. */
  MiningGround read(RunConfig config) {
    config.datasets().forEach(dataset -> read.add(dataset.name()));
    normalForm = Normalization.run(context(), config);
    return this;
  }

  private List<String> names() {
    TreeSet<String> names = new TreeSet<>(read);
    documents.forEach(document -> names.add((String) document[0]));
    return List.copyOf(names);
  }

  /** The vectors of a model; published once. */
  Commit vectors(String model) {
    ModelFolder folder = ModelSource.resolve(model, models, new Configuration(false));
    EncoderSpec encoder =
        EncoderSpec.of(
            ModelReference.to(model, folder),
            folder,
            models,
            maxLength,
            new Prompts(folder.queryPrompt(), folder.documentPrompt()),
            Precision.FP32,
            EncoderSpec.ALL_THREADS);
    return new VectorsStage(context(), normalForm(), encoder)
        .run("model-" + folder.digest().substring(0, 12), new EncodedRows(names(), names(), ""));
  }

  /** A cross-encoder of the base model with a head of random weights. */
  CrossEncoderFolder crossEncoder(Path folder, String activation) throws IOException {
    ModelFolder base = ModelSource.resolve(BASE, models, new Configuration(false));
    return CrossEncoderFolder.open(
        MadeCrossEncoder.write(folder, base, 64, 7, MadeCrossEncoder.activation(activation)));
  }

  /** Scores of a cross-encoder, one pair after the other. */
  List<Double> scores(CrossEncoderFolder model, List<TextPair> pairs) {
    List<Double> scores = new ArrayList<>();
    try (PairScorer scorer = PairScorer.open(model, 1, Precision.FP32, models)) {
      pairs.forEach(pair -> scores.add((double) scorer.score(List.of(pair)).scores()[0]));
    }
    return scores;
  }

  /** Digest of a model's weights. */
  String digest(String model) {
    return ModelSource.resolve(model, models, new Configuration(false)).digest();
  }

  Dataset<Row> candidates(MineStage.Result mined) {
    return context().read(mined.candidates(), Tables.CANDIDATES);
  }

  Dataset<Row> negatives(MineStage.Result mined) {
    return context().read(mined.negatives(), Tables.NEGATIVES);
  }

  Dataset<Row> counts(MineStage.Result mined) {
    return context().read(mined.negatives(), Tables.FILTER_COUNTS);
  }

  /** A table's rows as texts, sorted. */
  List<String> rows(Commit commit, TableDefinition table) {
    return context().read(commit, table).collectAsList().stream()
        .map(row -> row.mkString(" | "))
        .sorted()
        .toList();
  }

  /** The documents that a strategy proposes for a query, by rank. */
  List<String> found(MineStage.Result mined, String strategy, String query) {
    return candidates(mined)
        .filter("miner = '%s' and query_id = '%s'".formatted(strategy, query))
        .orderBy("rank")
        .collectAsList()
        .stream()
        .map(row -> row.<String>getAs("doc_id"))
        .toList();
  }
}
