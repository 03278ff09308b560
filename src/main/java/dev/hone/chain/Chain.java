package dev.hone.chain;

import static org.apache.spark.sql.functions.col;

import dev.hone.cluster.Curriculum;
import dev.hone.cluster.PlanStage;
import dev.hone.cluster.TrainStage;
import dev.hone.cluster.TrainedModel;
import dev.hone.config.Auto;
import dev.hone.config.Baseline;
import dev.hone.config.DatasetConfig;
import dev.hone.config.OtherModel;
import dev.hone.config.RunConfig;
import dev.hone.config.StrategyKind;
import dev.hone.encode.EncodedRows;
import dev.hone.encode.EncoderSpec;
import dev.hone.encode.VectorsStage;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.evaluate.EvaluateStage;
import dev.hone.evaluate.ForgettingStage;
import dev.hone.evaluate.MeasuredModel;
import dev.hone.evaluate.ProbeStage;
import dev.hone.evaluate.SliceStage;
import dev.hone.evaluate.Slices;
import dev.hone.mine.MineStage;
import dev.hone.mine.Sweep;
import dev.hone.mine.TermSearch;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelReference;
import dev.hone.model.ModelSource;
import dev.hone.model.Precision;
import dev.hone.normalize.NormalizeStage;
import dev.hone.pipeline.ExecutorHosts;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.search.spark.Bm25Search;
import dev.hone.search.spark.IndexStage;
import dev.hone.store.Commit;
import dev.hone.store.Digests;
import dev.hone.store.LocalCache;
import dev.hone.store.Workspace;
import dev.hone.table.Tables;
import dev.hone.text.Prompts;
import dev.hone.text.TokenizerSpec;
import dev.hone.torch.Processor;
import dev.hone.torch.TorchRuntime;
import dev.hone.train.ParameterRates;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run: runs the stages of a configuration up to the one asked for. Steps that are published are
 * not done again.
 */
public final class Chain {
  private static final Logger LOG = LoggerFactory.getLogger(Chain.class);

  /** Part of a run's default id: another version of Hone may not find its steps under the old. */
  private static final List<Integer> REVISIONS =
      List.of(
          VectorsStage.REVISION,
          IndexStage.REVISION,
          MineStage.CANDIDATES_REVISION,
          MineStage.NEGATIVES_REVISION,
          PlanStage.REVISION,
          TrainStage.REVISION,
          EvaluateStage.REVISION,
          ForgettingStage.REVISION,
          SliceStage.REVISION,
          ProbeStage.REVISION);

  private final RunConfig config;
  private final StepSpec normalForm;
  private final StageContext context;
  private final ModelFolder base;
  private final Miners miners;
  private final Others others;
  private final EvaluatedDims dims;
  private final Map<String, Commit> evaluations = new TreeMap<>();
  private Precision encodingPrecision;
  private Bm25Search bm25;
  private final Map<String, Commit> vectors = new TreeMap<>();
  private final Map<String, EncoderSpec> encoders = new TreeMap<>();
  private final Map<String, Commit> probes = new TreeMap<>();

  private Chain(
      RunConfig config,
      StepSpec normalForm,
      StageContext context,
      ModelFolder base,
      Miners miners,
      Others others,
      EvaluatedDims dims) {
    this.config = config;
    this.normalForm = normalForm;
    this.context = context;
    this.base = base;
    this.miners = miners;
    this.others = others;
    this.dims = dims;
  }

  /** The stages of a run, in their order. */
  public enum Until {
    NORMALIZE,
    MINE,
    TRAIN,
    EVALUATE,
    REPORT
  }

  /**
   * Prepares a run; nothing is written yet.
   *
   * @throws HoneException if the model cannot be found or read, or the curriculum or a slice is no
   *     expression
   */
  public static Chain of(
      RunConfig config,
      SparkSession spark,
      Workspace workspace,
      LocalCache cache,
      String codeVersion) {
    if (config.datasets().isEmpty()) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "The configuration names no data set. Add hone.datasets, or run ./submit.sh demo.");
    }
    Curriculum.of(config.train().curriculum()).check(spark);
    new Slices(config.detail().slices()).check(spark);
    ModelFolder base =
        ModelSource.resolve(config.model(), cache, spark.sparkContext().hadoopConfiguration());
    ChosenLoss.checkDims(config.train().loss(), base);
    ChosenLosses.checkLengths(config, base);
    EvaluatedDims dims = EvaluatedDims.of(config, base);
    requireKnownParameters(config, base);
    StepSpec normalForm =
        NormalizeStage.spec(
            config.datasets(),
            config.normalize(),
            tokenizer(config, base),
            spark.sparkContext().hadoopConfiguration());
    Miners miners = Miners.of(config, cache, spark.sparkContext().hadoopConfiguration());
    Others others = Others.of(config, cache, spark.sparkContext().hadoopConfiguration());
    String runId = config.runId().orElse(defaultRunId(config, normalForm, base, miners, others));
    return new Chain(
        config,
        normalForm,
        new StageContext(spark, workspace, runId, cache, codeVersion),
        base,
        miners,
        others,
        dims);
  }

  /** A name that the model does not have is an error before anything is mined. */
  private static void requireKnownParameters(RunConfig config, ModelFolder base) {
    ParameterRates rates = Rounds.rates(config.train().update());
    if (!rates.equals(ParameterRates.ALL_ALIKE)) {
      rates.factors(base.weights().keySet(), config.train().learningRate());
    }
  }

  /** A digest of everything that changes the run's results. */
  private static String defaultRunId(
      RunConfig config, StepSpec normalForm, ModelFolder base, Miners miners, Others others) {
    String text =
        normalForm.digest()
            + base.digest()
            + miners.digests()
            + config.seed()
            + config.mine()
            + config.bm25()
            + config.encode()
            + config.train()
            + config.datasets().stream().map(dataset -> dataset.name() + dataset.own()).toList()
            + config.evaluate().ofOwnModels()
            + others.digests()
            + config.forgetting()
            + config.detail()
            + config.queryPrompt()
            + config.documentPrompt()
            + REVISIONS;
    return "run-" + Digests.ofText(text).substring(0, 12);
  }

  /** The run's id. */
  public String runId() {
    return context.runId();
  }

  /** What all stages share. */
  public StageContext context() {
    return context;
  }

  /** The base model's folder. */
  public ModelFolder base() {
    return base;
  }

  /**
   * What the run published: commits that were not asked for are null.
   *
   * @param mined what each mining round found, the first one first
   * @param plans one, or one per mining round
   * @param trained what holds the tuned model
   * @param forgetting what training cost; empty where nothing says so
   * @param probes one per model whose vectors were evaluated; none where the configuration has none
   */
  public record Result(
      Commit normalForm,
      List<MineStage.Result> mined,
      List<Commit> plans,
      Commit trained,
      Map<String, Commit> evaluations,
      Optional<Commit> forgetting,
      Map<String, Commit> vectors,
      Map<String, Commit> probes,
      Map<String, String> resolved) {}

  /** Runs the stages up to the one given. */
  public Result run(Until until) {
    Commit normalForm = normalized();
    Map<String, String> resolved = new TreeMap<>();
    if (until == Until.NORMALIZE) {
      return new Result(
          normalForm,
          List.of(),
          List.of(),
          null,
          evaluations,
          Optional.empty(),
          vectors,
          probes,
          resolved);
    }
    int threads = resolvedThreads(resolved);
    Precision encoding = encodingPrecision(resolved);
    Rounds.Result rounds = Rounds.Result.NONE;
    if (!trained().isEmpty()) {
      Mining mining = mining(normalForm, encoding, threads);
      MineStage.Result first =
          mining.stage(() -> baseVectors(normalForm, trained(), encoding)).run();
      rounds =
          until == Until.MINE
              ? Rounds.Result.ofMiningAlone(first)
              : new Rounds(
                      context,
                      config,
                      normalForm,
                      base,
                      () -> baseVectors(normalForm, trained(), encoding),
                      mining,
                      encoding,
                      threads)
                  .run(first, resolved);
    }
    Optional<Commit> forgetting = Optional.empty();
    if (until.compareTo(Until.EVALUATE) >= 0) {
      evaluate(normalForm, rounds.trained(), encoding, threads);
      forgetting = forgetting(rounds.trained());
      lookCloser(normalForm);
    }
    return new Result(
        normalForm,
        rounds.mined(),
        rounds.plans(),
        rounds.trained(),
        evaluations,
        forgetting,
        vectors,
        probes,
        resolved);
  }

  /** How many updates the run's training has, by its rows; normalizes where that is not done. */
  public int updates() {
    return Settled.of(context, config, normalized()).updates();
  }

  /**
   * What each margin would keep of the run's candidates. Steps before them that are not published
   * are run; negatives are not chosen.
   *
   * @throws HoneException if no data set is trained on
   */
  public Sweep.Result sweep() {
    if (trained().isEmpty()) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot sweep: nothing is mined, because no data set has train-on = true.");
    }
    Map<String, String> resolved = new TreeMap<>();
    Commit normalForm = normalized();
    Precision encoding = encodingPrecision(resolved);
    return mining(normalForm, encoding, resolvedThreads(resolved))
        .stage(() -> baseVectors(normalForm, trained(), encoding))
        .sweep();
  }

  private Commit normalized() {
    return new NormalizeStage(
            context,
            config.datasets(),
            config.normalize(),
            tokenizer(config, base),
            new DataPage(config.datasets()))
        .run(normalForm);
  }

  private Mining mining(Commit normalForm, Precision precision, int threads) {
    return new Mining(
        context,
        config,
        normalForm,
        miners,
        minesByTerms()
            ? Optional.of(new TermSearch(bm25(normalForm), config.bm25().analysis()))
            : Optional.empty(),
        precision,
        threads);
  }

  private List<String> trained() {
    return trained(config);
  }

  /** Names of the data sets that are trained on. */
  static List<String> trained(RunConfig config) {
    return config.datasets().stream()
        .filter(DatasetConfig::trainOn)
        .map(DatasetConfig::name)
        .toList();
  }

  /** Data sets whose documents are searched: to measure rankings, or to mine. */
  private List<String> searched() {
    return config.datasets().stream()
        .filter(dataset -> dataset.trainOn() || dataset.type().isRanked())
        .map(DatasetConfig::name)
        .toList();
  }

  private boolean minesByTerms() {
    return config.mine().strategies().stream()
        .anyMatch(
            strategy ->
                strategy.kind() == StrategyKind.BM25
                    || strategy.kind() == StrategyKind.PARTIAL_MATCH);
  }

  /** Search in the indexes of all documents that are searched, built where they are missing. */
  private Bm25Search bm25(Commit normalForm) {
    if (bm25 == null) {
      Dataset<Row> documents =
          context
              .read(normalForm, Tables.DOCUMENTS)
              .filter(col("dataset").isin(searched().toArray()));
      bm25 =
          new Bm25Search(
              context, config.bm25(), new IndexStage(context, config.bm25()).run(documents));
    }
    return bm25;
  }

  private String split() {
    return config.evaluate().split().name().toLowerCase(Locale.ROOT);
  }

  private int resolvedThreads(Map<String, String> resolved) {
    Auto<Integer> set = config.train().torchThreads();
    int threads = set.isAuto() ? chosenThreads() : set.orElse(1);
    resolved.put("train.torch-threads", String.valueOf(threads));
    return threads;
  }

  private int chosenThreads() {
    return Integer.parseInt(
        context.chosen(
            "train.torch-threads",
            () -> {
              int executors = ExecutorHosts.onFullestHost(context.spark());
              return String.valueOf(Math.max(1, TorchRuntime.processors() / executors));
            }));
  }

  private Precision encodingPrecision(Map<String, String> resolved) {
    if (encodingPrecision == null) {
      encodingPrecision =
          config.encode().precision() == dev.hone.config.Precision.AUTO
              ? Precision.valueOf(
                  context.chosen(
                      "encode.precision", () -> encodingPrecision(config, context.cache()).name()))
              : encodingPrecision(config, context.cache());
    }
    resolved.put("encode.precision", encodingPrecision.label());
    return encodingPrecision;
  }

  /** What {@code encode.precision} stands for on this machine; auto is measured. */
  public static Precision encodingPrecision(RunConfig config, LocalCache cache) {
    return switch (config.encode().precision()) {
      case FP32 -> Precision.FP32;
      case BF16 -> Precision.BF16;
      case AUTO -> {
        int threads = config.train().torchThreads().orElse(TorchRuntime.processors());
        Processor.Speed speed = Processor.measure(threads, cache);
        LOG.info(
            "encode.precision = auto is {}: {} billion products a second in fp32, {} in bf16",
            speed.best().label(),
            Math.round(speed.fp32()),
            Math.round(speed.bf16()));
        yield speed.best();
      }
    };
  }

  private static TokenizerSpec tokenizer(RunConfig config, ModelFolder base) {
    return TokenizerSpec.of(base.tokenizerJson(), maxLength(config, base), prompts(config, base));
  }

  /** What stands before the texts of a data set's batches. */
  static Prompts prompts(RunConfig config, DatasetConfig dataset, ModelFolder base) {
    Prompts ofRun = prompts(config, base);
    return new Prompts(
        dataset.own().queryPrompt().orElse(ofRun.query()),
        dataset.own().documentPrompt().orElse(ofRun.document()));
  }

  static Prompts prompts(RunConfig config, ModelFolder base) {
    return new Prompts(
        config.queryPrompt().orElse(base.queryPrompt()),
        config.documentPrompt().orElse(base.documentPrompt()));
  }

  static int maxLength(RunConfig config, ModelFolder base) {
    return config.train().maxLength().orElse(base.maxLength());
  }

  /**
   * How a run of this configuration encodes with a model.
   *
   * @param base the model that decides on prompts and length where the configuration does not
   * @param model where every host finds the model
   * @param folder the model on this host
   */
  public static EncoderSpec encoder(
      RunConfig config,
      ModelFolder base,
      ModelReference model,
      ModelFolder folder,
      LocalCache cache,
      Precision precision) {
    return EncoderSpec.of(
        model,
        folder,
        cache,
        maxLength(config, base),
        prompts(config, base),
        precision,
        config.train().torchThreads().orElse(EncoderSpec.ALL_THREADS));
  }

  /** How a run encodes with a model that is not its own: by that model's prompts and length. */
  static EncoderSpec encoder(
      RunConfig config, String name, ModelFolder folder, LocalCache cache, Precision precision) {
    return EncoderSpec.of(
        ModelReference.to(name, folder),
        folder,
        cache,
        folder.maxLength(),
        new Prompts(folder.queryPrompt(), folder.documentPrompt()),
        precision,
        config.train().torchThreads().orElse(EncoderSpec.ALL_THREADS));
  }

  /**
   * Of all that is searched or evaluated.
   *
   * @param trained data sets whose training queries are encoded too, if nothing is encoded yet
   */
  private Commit baseVectors(Commit normalForm, List<String> trained, Precision precision) {
    Commit found = vectors.get("base");
    return found == null
        ? vectors(
            normalForm, "base", ModelReference.to(config.model(), base), base, trained, precision)
        : found;
  }

  private Commit vectors(
      Commit normalForm,
      String part,
      ModelReference model,
      ModelFolder folder,
      List<String> trained,
      Precision precision) {
    EncoderSpec encoder = encoder(config, base, model, folder, context.cache(), precision);
    Commit commit =
        new VectorsStage(context, normalForm, encoder)
            .run(part, new EncodedRows(searched(), trained, split()));
    vectors.put(part, commit);
    encoders.put(part, encoder);
    return commit;
  }

  private void evaluate(Commit normalForm, Commit trained, Precision precision, int threads) {
    EvaluateStage stage =
        new EvaluateStage(
            context, normalForm, config.evaluate(), config.datasets(), config.seed(), threads);
    if (config.evaluate().baselines().contains(Baseline.BASE)) {
      evaluations.put(
          "base",
          stage.run(evaluated("base", base, baseVectors(normalForm, List.of(), precision))));
    }
    if (config.evaluate().baselines().contains(Baseline.BM25)) {
      evaluations.put("bm25", stage.run(bm25(normalForm)));
    }
    MeasuredModel last = null;
    if (trained != null) {
      TrainedModel tuned = TrainedModel.of(context, trained);
      Commit encoded =
          vectors(normalForm, "tuned", tuned.reference(), tuned.folder(), List.of(), precision);
      last = evaluated("tuned", tuned.folder(), encoded);
      evaluations.put("tuned", stage.run(last));
    }
    if (config.evaluate().baselines().contains(Baseline.HYBRID)) {
      MeasuredModel model =
          last == null
              ? evaluated("base", base, baseVectors(normalForm, List.of(), precision))
              : last;
      evaluations.put("hybrid", stage.run(bm25(normalForm), model));
    }
    others
        .models()
        .forEach((model, folder) -> evaluate(stage, normalForm, model, folder, precision));
    others.runs().forEach(run -> evaluations.put(run.name(), stage.run(run)));
  }

  /** Another model with its own prompts and length. */
  private void evaluate(
      EvaluateStage stage,
      Commit normalForm,
      OtherModel model,
      ModelFolder folder,
      Precision precision) {
    EncoderSpec encoder = encoder(config, model.path(), folder, context.cache(), precision);
    Commit encoded =
        new VectorsStage(context, normalForm, encoder)
            .run("model-" + model.name(), new EncodedRows(searched(), List.of(), split()));
    vectors.put(model.name(), encoded);
    encoders.put(model.name(), encoder);
    evaluations.put(model.name(), stage.run(evaluated(model.name(), folder, encoded)));
  }

  /** Parts of the queries, and texts that are compared, for each model that was measured. */
  private void lookCloser(Commit normalForm) {
    SliceStage slices =
        new SliceStage(
            context,
            normalForm,
            config.detail().slices(),
            config.evaluate(),
            config.datasets(),
            config.seed());
    evaluations.forEach(slices::run);
    ProbeStage stage =
        new ProbeStage(context, normalForm, config.detail().probes(), config.datasets());
    for (String model : evaluations.keySet()) {
      if (encoders.containsKey(model)) {
        stage
            .run(model, encoders.get(model), vectors.get(model))
            .ifPresent(commit -> probes.put(model, commit));
      }
    }
  }

  private MeasuredModel evaluated(String name, ModelFolder folder, Commit vectors) {
    return new MeasuredModel(name, vectors, dims.of(name, folder));
  }

  /** Of what base and tuned model were measured by, where both were. */
  private Optional<Commit> forgetting(Commit trained) {
    Commit before = evaluations.get("base");
    Commit after = evaluations.get("tuned");
    return before == null || after == null
        ? Optional.empty()
        : new ForgettingStage(
                context,
                config.evaluate().primary(),
                config.forgetting(),
                config.datasets(),
                config.seed())
            .run(before, after, (int) trained.table(Tables.TRAINING_LOG.name()).rows());
  }
}
