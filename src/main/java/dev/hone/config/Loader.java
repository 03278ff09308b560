package dev.hone.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Turns raw configuration into records, and reports all problems at once. */
final class Loader {
  private static final Pattern HUB_ID = Pattern.compile("[\\w-][\\w.-]*/[\\w-][\\w.-]*");
  private static final String BUILTIN = "builtin:";
  private static final List<String> BUILTIN_MODELS =
      List.of(BUILTIN + "all-MiniLM-L6-v2", BUILTIN + "bge-small-en-v1.5", BUILTIN + "e5-small-v2");

  private Loader() {}

  /**
   * Reads a configuration.
   *
   * @throws dev.hone.error.HoneException if anything is wrong
   */
  static RunConfig load(Config file, List<String> sets) {
    Problems problems = new Problems();
    Config merged = file;
    for (String set : sets) {
      merged = Sources.set(set, problems).withFallback(merged);
    }
    new UnknownKeys(problems).find(merged.root());
    ConfigObject hone =
        merged.root().get("hone") instanceof ConfigObject object
            ? object
            : ConfigFactory.empty().root();
    RunConfig run = run(new Group(hone, "hone", problems));
    problems.throwIfAny();
    return run;
  }

  private static RunConfig run(Group group) {
    Auto<String> runId = group.read(Keys.RUN_ID);
    String workspace = group.read(Keys.WORKSPACE);
    long seed = group.read(Keys.SEED);
    String model = group.read(Keys.MODEL);
    checkModel(group, Keys.MODEL.name(), model);
    List<DatasetConfig> datasets = new ArrayList<>();
    for (Group dataset : group.list(Keys.DATASETS)) {
      datasets.add(dataset(dataset));
    }
    Auto<String> query = group.read(Keys.PROMPT_QUERY);
    Auto<String> document = group.read(Keys.PROMPT_DOCUMENT);
    NormalizeConfig normalize = normalize(group.below("normalize"));
    MineConfig mine = mine(group.below("mine"));
    Bm25Config bm25 = bm25(group.below("bm25"));
    EncodeConfig encode = encode(group.below("encode"));
    TrainConfig train = train(group.below("train"));
    CheckpointConfig checkpoints = checkpoints(group.below("train"));
    EvaluateConfig evaluate = evaluate(group.below("evaluate"));
    double maxForgetting = group.read(Keys.MAX_FORGETTING);
    ForgettingConfig forgetting = forgetting(maxForgetting, group.below("evaluate"));
    DetailConfig detail = detail(group.below("evaluate"));
    TuneConfig tune = tune(group.below("tune"));
    MlflowConfig mlflow = mlflow(group.below("mlflow"));
    return group.build(
        () ->
            new RunConfig(
                runId,
                workspace,
                seed,
                model,
                datasets,
                query,
                document,
                normalize,
                mine,
                bm25,
                encode,
                train,
                checkpoints,
                evaluate,
                forgetting,
                detail,
                tune,
                mlflow));
  }

  private static void checkModel(Group group, String key, String model) {
    if (model.startsWith(BUILTIN) && !BUILTIN_MODELS.contains(model)) {
      group.problem(
          key,
          " is \""
              + model
              + "\", but the built-in models are "
              + String.join(", ", BUILTIN_MODELS));
    } else if (HUB_ID.matcher(model).matches() && !exists(model)) {
      group.problem(
          key,
          " is \""
              + model
              + "\", which is no folder here; Hone downloads no models. If it is a Hugging Face"
              + " hub id, run: hf download "
              + model
              + " --local-dir models/"
              + model.substring(model.indexOf('/') + 1)
              + " and set "
              + key
              + " to that folder");
    }
  }

  private static boolean exists(String path) {
    try {
      return Files.isDirectory(Path.of(path));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static DatasetConfig dataset(Group group) {
    String name = group.read(Keys.DATASET_NAME);
    DatasetType type = group.read(Keys.DATASET_TYPE);
    String domain = group.read(Keys.DATASET_DOMAIN);
    boolean trainOn = group.read(Keys.DATASET_TRAIN_ON);
    String where = group.read(Keys.DATASET_WHERE);
    var labels = group.read(Keys.DATASET_LABELS);
    Auto<ScoreRange> scoreRange = group.read(Keys.DATASET_SCORE_RANGE);
    int perGroup = group.read(Keys.DATASET_PER_GROUP);
    Map<SourceRole, SourceConfig> sources = new EnumMap<>(SourceRole.class);
    for (SourceRole role : SourceRole.values()) {
      if (group.has(role.key())) {
        SourceConfig source = source(group, role);
        if (source != null) {
          sources.put(role, source);
        }
      }
    }
    if (!group.has(SourceRole.ROWS.key()) && group.has("columns")) {
      group.problem("columns", " belongs to source, but there is no source");
    }
    OwnTrainConfig own = own(group);
    SplitConfig split = split(group, type, sources);
    return group.build(
        () ->
            new DatasetConfig(
                name,
                type,
                isAuto(domain) ? name : domain,
                trainOn,
                sources,
                where,
                labels,
                scoreRange,
                perGroup,
                own,
                split));
  }

  private static OwnTrainConfig own(Group dataset) {
    Loss loss = dataset.read(Keys.OWN_LOSS);
    Auto<Double> scale = dataset.read(Keys.OWN_SCALE);
    Auto<Boolean> symmetric = dataset.read(Keys.OWN_SYMMETRIC);
    Auto<Double> margin = dataset.read(Keys.OWN_MARGIN);
    Auto<Integer> negatives = dataset.read(Keys.OWN_NEGATIVES);
    Auto<String> query = dataset.read(Keys.OWN_PROMPT_QUERY);
    Auto<String> document = dataset.read(Keys.OWN_PROMPT_DOCUMENT);
    Auto<Integer> maxLength = dataset.read(Keys.OWN_MAX_LENGTH);
    return dataset.build(
        () ->
            new OwnTrainConfig(
                loss, scale, symmetric, margin, negatives, query, document, maxLength));
  }

  private static SourceConfig source(Group dataset, SourceRole role) {
    String format = dataset.read(Keys.sourceFormat(role));
    String path = dataset.read(Keys.sourcePath(role));
    SortedMap<String, String> paths =
        role.mayNameSplits() ? dataset.read(Keys.sourcePaths(role)) : new TreeMap<>();
    var options = dataset.read(Keys.sourceOptions(role));
    var explode = dataset.read(Keys.sourceExplode(role));
    var columns = dataset.read(Keys.sourceColumns(role));
    return dataset.build(() -> new SourceConfig(format, path, paths, options, explode, columns));
  }

  private static SplitConfig split(
      Group dataset, DatasetType type, Map<SourceRole, SourceConfig> sources) {
    double train = dataset.read(Keys.SPLIT_TRAIN);
    double validation = dataset.read(Keys.SPLIT_VALIDATION);
    double test = dataset.read(Keys.SPLIT_TEST);
    String by = dataset.read(Keys.SPLIT_BY);
    String column = dataset.read(Keys.SPLIT_COLUMN);
    boolean wordNet = sources.values().stream().anyMatch(SourceConfig::isWordNet);
    return dataset.build(
        () ->
            new SplitConfig(
                train,
                validation,
                test,
                !isAuto(by) ? by : wordNet ? "synset" : type.splitColumn(),
                column));
  }

  private static boolean isAuto(String text) {
    return Objects.equals(text, "auto");
  }

  private static NormalizeConfig normalize(Group group) {
    double maxRejectShare = group.read(Keys.MAX_REJECT_SHARE);
    int minLength = group.read(Keys.MIN_LENGTH);
    int maxLength = group.read(Keys.MAX_LENGTH_CHARACTERS);
    Html html = group.read(Keys.HTML);
    int chunkTokens = group.read(Keys.CHUNK_TOKENS);
    int chunkOverlap = group.read(Keys.CHUNK_OVERLAP);
    double nearDuplicates = group.read(Keys.NEAR_DUPLICATES);
    boolean mergeDuplicates = group.read(Keys.MERGE_DUPLICATES);
    double maxLeakage = group.read(Keys.MAX_LEAKAGE);
    double maxTruncation = group.read(Keys.MAX_TRUNCATION);
    return group.build(
        () ->
            new NormalizeConfig(
                maxRejectShare,
                minLength,
                maxLength,
                html,
                chunkTokens,
                chunkOverlap,
                nearDuplicates,
                mergeDuplicates,
                maxLeakage,
                maxTruncation));
  }

  private static MineConfig mine(Group group) {
    List<StrategyConfig> strategies = new ArrayList<>();
    for (Group strategy : group.list(Keys.STRATEGIES)) {
      strategies.add(strategy(strategy));
    }
    int depth = group.read(Keys.DEPTH);
    Auto<String> filterScorer = group.read(Keys.FILTER_SCORER);
    checkModel(group, Keys.FILTER_SCORER.name(), filterScorer.orElse(BUILTIN_MODELS.get(0)));
    double relativeMargin = group.read(Keys.RELATIVE_MARGIN);
    double absoluteMargin = group.read(Keys.ABSOLUTE_MARGIN);
    double minScore = group.read(Keys.MIN_SCORE);
    double maxScore = group.read(Keys.MAX_SCORE);
    int minAgreement = group.read(Keys.MIN_AGREEMENT);
    Selection selection = group.read(Keys.SELECTION);
    RankWindow window = group.read(Keys.WINDOW);
    boolean windowAfterFilter = group.read(Keys.WINDOW_AFTER_FILTER);
    boolean fillUp = group.read(Keys.FILL_UP);
    return group.build(
        () ->
            new MineConfig(
                strategies,
                depth,
                filterScorer,
                relativeMargin,
                absoluteMargin,
                minScore,
                maxScore,
                minAgreement,
                selection,
                window,
                windowAfterFilter,
                fillUp));
  }

  private static StrategyConfig strategy(Group group) {
    StrategyKind kind = group.read(Keys.STRATEGY_KIND);
    if (kind == null) {
      return null;
    }
    refuseOptionsOfOtherKinds(group, kind);
    Auto<String> name = group.read(Keys.STRATEGY_NAME);
    Auto<Integer> quota = group.read(Keys.STRATEGY_QUOTA);
    Auto<Integer> depth = group.read(Keys.STRATEGY_DEPTH);
    Auto<String> model = group.read(Keys.STRATEGY_MODEL);
    checkModel(group, Keys.STRATEGY_MODEL.name(), model.orElse(BUILTIN_MODELS.get(0)));
    double rareShare = group.read(Keys.STRATEGY_RARE_SHARE);
    double minHeld = group.read(Keys.STRATEGY_MIN_HELD);
    double maxHeld = group.read(Keys.STRATEGY_MAX_HELD);
    Border border = group.read(Keys.STRATEGY_BORDER);
    int clusters = group.read(Keys.STRATEGY_CLUSTERS);
    return group.build(
        () ->
            switch (kind) {
              case BM25 -> new StrategyConfig.Bm25(name, quota, depth);
              case DENSE -> new StrategyConfig.Dense(name, quota, depth, model);
              case CONTRADICTION -> new StrategyConfig.Contradiction(name, quota);
              case PARTIAL_MATCH ->
                  new StrategyConfig.PartialMatch(name, quota, depth, rareShare, minHeld, maxHeld);
              case DOMAIN_CONFUSION ->
                  new StrategyConfig.DomainConfusion(name, quota, depth, model, border, clusters);
              case RANDOM -> new StrategyConfig.Random(name, quota, depth);
              case GIVEN -> new StrategyConfig.Given(quota);
            });
  }

  private static void refuseOptionsOfOtherKinds(Group group, StrategyKind kind) {
    List<Key<StrategyConfig, ?>> options = Keys.strategy(kind);
    for (Key<StrategyConfig, ?> option : Keys.STRATEGY) {
      if (!options.contains(option) && group.has(option.name())) {
        group.problem(
            option.name(),
            " is no option of kind "
                + ValueTypes.word(kind)
                + ", which has "
                + options.stream()
                    .filter(known -> !known.equals(Keys.STRATEGY_KIND))
                    .map(Key::name)
                    .collect(Collectors.joining(", ")));
      }
    }
  }

  private static TrainConfig train(Group group) {
    LossConfig loss = loss(group);
    Auto<Integer> epochs = group.read(Keys.EPOCHS);
    int maxSteps = group.read(Keys.MAX_STEPS);
    int maxRows = group.read(Keys.MAX_ROWS);
    Auto<Integer> batchSize = group.read(Keys.BATCH_SIZE);
    int negatives = group.read(Keys.NEGATIVES_PER_QUERY);
    String curriculum = group.read(Keys.CURRICULUM);
    int refreshEvery = group.read(Keys.REFRESH_EVERY);
    double learningRate = group.read(Keys.LEARNING_RATE);
    Schedule schedule = group.read(Keys.SCHEDULE);
    double warmup = group.read(Keys.WARMUP_RATIO);
    double decay = group.read(Keys.WEIGHT_DECAY);
    double maxNorm = group.read(Keys.MAX_GRADIENT_NORM);
    Auto<Double> dropout = group.read(Keys.DROPOUT_RATE);
    double attentionDropout = group.read(Keys.ATTENTION_DROPOUT);
    Auto<Integer> maxLength = group.read(Keys.MAX_LENGTH);
    int minGrade = group.read(Keys.MIN_POSITIVE_GRADE);
    Precision precision = group.read(Keys.PRECISION);
    Auto<Integer> threads = group.read(Keys.TORCH_THREADS);
    Sampling sampling = group.read(Keys.SAMPLING);
    boolean mask = group.read(Keys.MASK_FALSE_NEGATIVES);
    int ranks = group.read(Keys.RANKS);
    int nonFinite = group.read(Keys.NON_FINITE_LIMIT);
    UpdateConfig update = update(group);
    ValidationConfig validation = validation(group);
    return group.build(
        () ->
            new TrainConfig(
                loss,
                epochs,
                maxSteps,
                maxRows,
                batchSize,
                negatives,
                curriculum,
                refreshEvery,
                learningRate,
                schedule,
                warmup,
                decay,
                maxNorm,
                dropout,
                attentionDropout,
                maxLength,
                minGrade,
                precision,
                threads,
                sampling,
                mask,
                ranks,
                nonFinite,
                update,
                validation));
  }

  private static ValidationConfig validation(Group group) {
    int every = group.read(Keys.EVALUATE_EVERY);
    int documents = group.read(Keys.VALIDATION_DOCUMENTS);
    int patience = group.read(Keys.EARLY_STOPPING);
    double interpolate = group.read(Keys.INTERPOLATE);
    return group.build(() -> new ValidationConfig(every, documents, patience, interpolate));
  }

  private static CheckpointConfig checkpoints(Group group) {
    int every = group.read(Keys.CHECKPOINT_EVERY);
    double minutes = group.read(Keys.CHECKPOINT_MINUTES);
    int keep = group.read(Keys.KEEP_CHECKPOINTS);
    return group.build(() -> new CheckpointConfig(every, minutes, keep));
  }

  private static UpdateConfig update(Group group) {
    int accumulation = group.read(Keys.ACCUMULATION);
    double layerDecay = group.read(Keys.LAYER_DECAY);
    SortedMap<String, Double> learningRates = group.read(Keys.LEARNING_RATES);
    List<String> freeze = group.read(Keys.FREEZE);
    return group.build(() -> new UpdateConfig(accumulation, layerDecay, learningRates, freeze));
  }

  private static LossConfig loss(Group group) {
    Loss loss = group.read(Keys.LOSS_NAME);
    double scale = group.read(Keys.SCALE);
    boolean symmetric = group.read(Keys.SYMMETRIC);
    List<Direction> directions = group.read(Keys.DIRECTIONS);
    PartitionMode partition = group.read(Keys.PARTITION_MODE);
    Hardness hardness = group.read(Keys.HARDNESS);
    double strength = group.read(Keys.HARDNESS_STRENGTH);
    Distance distance = group.read(Keys.DISTANCE);
    Auto<Double> margin = group.read(Keys.MARGIN);
    List<Integer> dims = group.read(Keys.MATRYOSHKA_DIMS);
    Auto<List<Double>> weights = group.read(Keys.MATRYOSHKA_WEIGHTS);
    Reduction reduction = group.read(Keys.MATRYOSHKA_REDUCTION);
    GuideConfig guide = guide(group);
    DistillationConfig distillation = distillation(group);
    int chunkTokens = group.read(Keys.TRAIN_CHUNK_TOKENS);
    int memory = group.read(Keys.ACTIVATION_MEMORY);
    return group.build(
        () ->
            new LossConfig(
                loss,
                scale,
                symmetric,
                directions,
                partition,
                hardness,
                strength,
                distance,
                margin,
                dims,
                weights,
                reduction,
                chunkTokens,
                memory,
                guide,
                distillation));
  }

  private static DistillationConfig distillation(Group group) {
    Distillation kind = group.read(Keys.DISTILLATION);
    double temperature = group.read(Keys.DISTILLATION_TEMPERATURE);
    return group.build(() -> new DistillationConfig(kind, temperature));
  }

  private static GuideConfig guide(Group group) {
    String model = group.read(Keys.GUIDE);
    if (!GuideConfig.NONE.equals(model)) {
      checkModel(group, Keys.GUIDE.name(), model);
    }
    double margin = group.read(Keys.GUIDE_MARGIN);
    GuideMargin kind = group.read(Keys.GUIDE_MARGIN_KIND);
    return group.build(() -> new GuideConfig(model, margin, kind));
  }

  private static Bm25Config bm25(Group group) {
    TextAnalysis analysis = group.read(Keys.BM25_ANALYSIS);
    double k1 = group.read(Keys.BM25_K1);
    double b = group.read(Keys.BM25_B);
    List<DocumentField> fields = group.read(Keys.BM25_FIELDS);
    return group.build(() -> new Bm25Config(analysis, k1, b, fields));
  }

  private static EncodeConfig encode(Group group) {
    Precision precision = group.read(Keys.ENCODE_PRECISION);
    return group.build(() -> new EncodeConfig(precision));
  }

  private static EvaluateConfig evaluate(Group group) {
    Split split = group.read(Keys.EVALUATE_SPLIT);
    List<Integer> k = group.read(Keys.K);
    Auto<List<Integer>> dims = group.read(Keys.DIMS);
    List<StoredPrecision> precisions = group.read(Keys.PRECISIONS);
    List<Baseline> baselines = group.read(Keys.BASELINES);
    UseCase useCase = group.read(Keys.USE_CASE);
    List<OtherModel> models = new ArrayList<>();
    for (Group model : group.list(Keys.OTHER_MODELS)) {
      models.add(otherModel(model));
    }
    List<OtherRun> runs = new ArrayList<>();
    for (Group run : group.list(Keys.OTHER_RUNS)) {
      runs.add(otherRun(run));
    }
    boolean writeRuns = group.read(Keys.WRITE_RUNS);
    Auto<PrimaryMetric> primary = group.read(Keys.PRIMARY_METRIC);
    boolean excludeIdentical = group.read(Keys.EXCLUDE_IDENTICAL);
    Gain gain = group.read(Keys.GAIN);
    int minGrade = group.read(Keys.MIN_RELEVANT_GRADE);
    int draws = group.read(Keys.CONFIDENCE_DRAWS);
    return group.build(
        () ->
            new EvaluateConfig(
                split,
                k,
                dims,
                precisions,
                baselines,
                models,
                runs,
                writeRuns,
                useCase,
                primary,
                gain,
                minGrade,
                excludeIdentical,
                draws));
  }

  private static OtherModel otherModel(Group group) {
    String name = group.read(Keys.OTHER_MODEL_NAME);
    String path = group.read(Keys.OTHER_MODEL_PATH);
    if (path != null) {
      checkModel(group, Keys.OTHER_MODEL_PATH.name(), path);
    }
    return group.build(() -> new OtherModel(name, path));
  }

  private static OtherRun otherRun(Group group) {
    String name = group.read(Keys.OTHER_RUN_NAME);
    String path = group.read(Keys.OTHER_RUN_PATH);
    Auto<List<String>> datasets = group.read(Keys.OTHER_RUN_DATASETS);
    return group.build(() -> new OtherRun(name, path, datasets));
  }

  private static ForgettingConfig forgetting(double most, Group group) {
    Auto<List<String>> general = group.read(Keys.GENERAL);
    return group.build(() -> new ForgettingConfig(most, general));
  }

  private static DetailConfig detail(Group group) {
    List<SliceConfig> slices = group.read(Keys.SLICES);
    List<ProbeConfig> probes = group.read(Keys.PROBES);
    return group.build(() -> new DetailConfig(slices, probes));
  }

  private static TuneConfig tune(Group group) {
    var space = group.read(Keys.TUNE_SPACE);
    int trials = group.read(Keys.TUNE_TRIALS);
    int halving = group.read(Keys.TUNE_HALVING);
    Auto<Integer> budget = group.read(Keys.TUNE_BUDGET);
    return group.build(() -> new TuneConfig(space, trials, halving, budget));
  }

  private static MlflowConfig mlflow(Group group) {
    String trackingUri = group.read(Keys.TRACKING_URI);
    String experiment = group.read(Keys.EXPERIMENT);
    Auto<String> runName = group.read(Keys.RUN_NAME);
    var tags = group.read(Keys.TAGS);
    return group.build(() -> new MlflowConfig(trackingUri, experiment, runName, tags));
  }
}
