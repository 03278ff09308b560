package dev.hone.chain;

import static org.apache.spark.sql.functions.col;

import dev.hone.cluster.Curriculum;
import dev.hone.cluster.PlanStage;
import dev.hone.cluster.TrainStage;
import dev.hone.cluster.TrainingRows;
import dev.hone.cluster.TrainingSpec;
import dev.hone.config.Auto;
import dev.hone.config.Baseline;
import dev.hone.config.DatasetConfig;
import dev.hone.config.RunConfig;
import dev.hone.config.StrategyConfig;
import dev.hone.config.StrategyKind;
import dev.hone.encode.EncodedRows;
import dev.hone.encode.EncoderSpec;
import dev.hone.encode.VectorsStage;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.evaluate.EvaluateStage;
import dev.hone.mine.MineStage;
import dev.hone.mine.MinerVectors;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
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

  /** Mining compares nothing that is evaluated. */
  private static final String NO_SPLIT = "";

  private static final int BASE_OF_SMALLEST = 32;
  private static final int UPDATES_TO_LEAVE = 100;
  private static final int ROWS_FOR_A_SECOND_EPOCH = 10_000;

  /** Part of a run's default id: another version of Hone may not find its steps under the old. */
  private static final List<Integer> REVISIONS =
      List.of(
          VectorsStage.REVISION,
          IndexStage.REVISION,
          MineStage.CANDIDATES_REVISION,
          MineStage.NEGATIVES_REVISION,
          PlanStage.REVISION,
          TrainStage.REVISION,
          EvaluateStage.REVISION);

  private final RunConfig config;
  private final StepSpec normalForm;
  private final StageContext context;
  private final ModelFolder base;
  private final Map<String, ModelFolder> miners;
  private final Map<String, Commit> evaluations = new TreeMap<>();
  private Precision encodingPrecision;
  private Bm25Search bm25;
  private final Map<String, Commit> vectors = new TreeMap<>();

  private Chain(
      RunConfig config,
      StepSpec normalForm,
      StageContext context,
      ModelFolder base,
      Map<String, ModelFolder> miners) {
    this.config = config;
    this.normalForm = normalForm;
    this.context = context;
    this.base = base;
    this.miners = miners;
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
   * @throws HoneException if the model cannot be found or read, or the curriculum is no expression
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
    ModelFolder base =
        ModelSource.resolve(config.model(), cache, spark.sparkContext().hadoopConfiguration());
    StepSpec normalForm =
        NormalizeStage.spec(
            config.datasets(),
            config.normalize(),
            tokenizer(config, base),
            spark.sparkContext().hadoopConfiguration());
    Map<String, ModelFolder> miners =
        miners(config, cache, spark.sparkContext().hadoopConfiguration());
    String runId = config.runId().orElse(defaultRunId(config, normalForm, base, miners));
    return new Chain(
        config,
        normalForm,
        new StageContext(spark, workspace, runId, cache, codeVersion),
        base,
        miners);
  }

  /** The models beside the base that mining asks, by the names that the configuration uses. */
  private static Map<String, ModelFolder> miners(
      RunConfig config, LocalCache cache, Configuration hadoop) {
    SortedSet<String> names = new TreeSet<>();
    names.add(config.mine().filterScorer().orElse(config.model()));
    for (StrategyConfig strategy : config.mine().strategies()) {
      if (strategy instanceof StrategyConfig.WithModel dense) {
        names.add(dense.model().orElse(config.model()));
      }
    }
    names.remove(config.model());
    Map<String, ModelFolder> miners = new TreeMap<>();
    for (String name : names) {
      ModelFolder folder = ModelSource.resolve(name, cache, hadoop);
      if (folder.scoresPairs()) {
        throw new HoneException(
            ErrorCode.CONFIGURATION,
            "Cannot mine with the model %s: it is a cross-encoder, and this version compares vectors alone. Name an encoder in mine.filter-scorer and mine.strategies[].model."
                .formatted(name));
      }
      miners.put(name, folder);
    }
    return miners;
  }

  /** A digest of everything that changes the run's results. */
  private static String defaultRunId(
      RunConfig config, StepSpec normalForm, ModelFolder base, Map<String, ModelFolder> miners) {
    String text =
        normalForm.digest()
            + base.digest()
            + miners.values().stream().map(ModelFolder::digest).toList()
            + config.seed()
            + config.mine()
            + config.bm25()
            + config.encode()
            + config.train()
            + config.evaluate()
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

  /** What the run published: commits that were not asked for are null. */
  public record Result(
      Commit normalForm,
      MineStage.Result mined,
      Commit plan,
      Commit trained,
      Map<String, Commit> evaluations,
      Map<String, Commit> vectors,
      Map<String, String> resolved) {}

  /** Runs the stages up to the one given. */
  public Result run(Until until) {
    Commit normalForm = normalized();
    Map<String, String> resolved = new TreeMap<>();
    if (until == Until.NORMALIZE) {
      return new Result(normalForm, null, null, null, evaluations, vectors, resolved);
    }
    int threads = resolvedThreads(resolved);
    Precision encoding = encodingPrecision(resolved);
    MineStage.Result mined = null;
    Commit plan = null;
    Commit trained = null;
    if (!trained().isEmpty()) {
      mined = mining(normalForm, encoding, threads).run();
      if (until != Until.MINE) {
        plan = plan(normalForm, mined.negatives(), resolved);
        trained = train(normalForm, plan, threads, resolved);
      }
    }
    if (until.compareTo(Until.EVALUATE) >= 0) {
      evaluate(normalForm, trained, encoding, threads);
    }
    return new Result(normalForm, mined, plan, trained, evaluations, vectors, resolved);
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
    return mining(normalized(), encodingPrecision(resolved), resolvedThreads(resolved)).sweep();
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

  private MineStage mining(Commit normalForm, Precision precision, int threads) {
    Map<String, Commit> byStrategy = new TreeMap<>();
    for (StrategyConfig strategy : config.mine().strategies()) {
      if (strategy instanceof StrategyConfig.WithModel dense) {
        byStrategy.put(dense.label(), minerVectors(normalForm, dense.model(), precision));
      }
    }
    Commit filter = minerVectors(normalForm, config.mine().filterScorer(), precision);
    return new MineStage(
        context,
        normalForm,
        MinerVectors.of(filter, byStrategy),
        config.mine(),
        config.datasets(),
        minesByTerms()
            ? Optional.of(new TermSearch(bm25(normalForm), config.bm25().analysis()))
            : Optional.empty(),
        threads,
        config.seed());
  }

  /** The base model's vectors, or those of another model with its own prompts and length. */
  private Commit minerVectors(Commit normalForm, Auto<String> model, Precision precision) {
    String name = model.orElse(config.model());
    if (!miners.containsKey(name)) {
      Commit found = vectors.get("base");
      return found == null ? baseVectors(normalForm, trained(), precision) : found;
    }
    ModelFolder folder = miners.get(name);
    EncoderSpec encoder =
        EncoderSpec.of(
            ModelReference.to(name, folder),
            folder,
            context.cache(),
            folder.maxLength(),
            new Prompts(folder.queryPrompt(), folder.documentPrompt()),
            precision,
            config.train().torchThreads().orElse(EncoderSpec.ALL_THREADS));
    return new VectorsStage(context, normalForm, encoder)
        .run(
            "miner-" + folder.digest().substring(0, 12),
            new EncodedRows(trained(), trained(), NO_SPLIT));
  }

  private List<String> trained() {
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
    int share = TorchRuntime.processors() / ExecutorHosts.onFullestHost(context.spark());
    int threads = config.train().torchThreads().orElse(Math.max(1, share));
    resolved.put("train.torch-threads", String.valueOf(threads));
    return threads;
  }

  private Precision encodingPrecision(Map<String, String> resolved) {
    if (encodingPrecision == null) {
      encodingPrecision = encodingPrecision(config, context.cache());
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

  private static Prompts prompts(RunConfig config, ModelFolder base) {
    return new Prompts(
        config.queryPrompt().orElse(base.queryPrompt()),
        config.documentPrompt().orElse(base.documentPrompt()));
  }

  private static int maxLength(RunConfig config, ModelFolder base) {
    return config.train().maxLength().orElse(base.maxLength());
  }

  private Prompts prompts() {
    return prompts(config, base);
  }

  private int maxLength() {
    return maxLength(config, base);
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

  private Commit baseVectors(Commit normalForm, List<String> trained, Precision precision) {
    ModelReference reference = ModelReference.to(config.model(), base);
    return vectors(normalForm, "base", reference, base, trained, precision);
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
    return commit;
  }

  /** The table of the guide: the largest batch that leaves 100 updates; epochs by size. */
  private Commit plan(Commit normalForm, Commit negatives, Map<String, String> resolved) {
    long rows =
        new TrainingRows(context, normalForm, config.train(), config.datasets(), config.seed())
            .available();
    long used = config.train().maxRows() > 0 ? Math.min(rows, config.train().maxRows()) : rows;
    int epochs = config.train().epochs().orElse(used < ROWS_FOR_A_SECOND_EPOCH ? 1 : 2);
    int batch = BASE_OF_SMALLEST;
    for (int size : new int[] {64, 128}) {
      if (used * epochs / size >= UPDATES_TO_LEAVE) {
        batch = size;
      }
    }
    batch = config.train().batchSize().orElse(batch);
    resolved.put("train.epochs", String.valueOf(epochs));
    resolved.put("train.batch-size", String.valueOf(batch));
    LOG.info("training on {} of {} rows, batches of {}, {} epoch(s)", used, rows, batch, epochs);
    return new PlanStage(
            context,
            normalForm,
            negatives,
            config.train(),
            new PlanStage.Resolved(batch, epochs),
            config.datasets(),
            config.seed())
        .run();
  }

  private Commit train(Commit normalForm, Commit plan, int threads, Map<String, String> resolved) {
    double dropout = config.train().dropout().orElse(base.architecture().dropout());
    resolved.put("train.dropout", String.valueOf(dropout));
    resolved.put("train.max-length", String.valueOf(maxLength()));
    Precision precision =
        config.train().precision() == dev.hone.config.Precision.BF16
            ? Precision.BF16
            : Precision.FP32;
    resolved.put("train.precision", precision.label());
    resolved.put("train.loss", "mnrl");
    TrainingSpec spec =
        new TrainingSpec(
            ModelReference.to(config.model(), base),
            context.cache().root().toString(),
            config.train().scale(),
            config.train().maskFalseNegatives(),
            config.train().learningRate(),
            config.train().warmupRatio(),
            config.train().schedule().name(),
            config.train().weightDecay(),
            config.train().maxGradientNorm(),
            precision,
            dropout,
            config.train().attentionDropout(),
            maxLength(),
            prompts().query(),
            prompts().document(),
            threads,
            config.train().nonFiniteLimit(),
            config.seed());
    return new TrainStage(context, normalForm, plan, spec).run();
  }

  private void evaluate(Commit normalForm, Commit trained, Precision precision, int threads) {
    EvaluateStage stage =
        new EvaluateStage(
            context, normalForm, config.evaluate(), config.datasets(), config.seed(), threads);
    if (config.evaluate().baselines().contains(Baseline.BASE)) {
      Commit found = vectors.get("base");
      evaluations.put(
          "base",
          stage.run("base", found == null ? baseVectors(normalForm, List.of(), precision) : found));
    }
    if (config.evaluate().baselines().contains(Baseline.BM25)) {
      evaluations.put("bm25", stage.run(bm25(normalForm)));
    }
    if (trained != null) {
      ModelFolder tuned = ModelFolder.open(context.localCopy(trained, TrainStage.MODEL));
      ModelReference reference =
          new ModelReference(
              context.workspace().artifactPath(trained.step(), trained.attempt(), TrainStage.MODEL),
              tuned.digest());
      Commit encoded = vectors(normalForm, "tuned", reference, tuned, List.of(), precision);
      evaluations.put("tuned", stage.run("tuned", encoded));
    }
  }
}
