package dev.hone.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunConfigTest {
  private static final String EVERY_KEY =
      """
      hone {
        run-id = medquad-1
        workspace = "s3a://bucket/hone"
        seed = 7
        model = "/models/bge"
        prompts { query = "query: ", document = "passage: " }
        max-forgetting = 0.03
        datasets = [
          {
            name = medquad, type = pairs, domain = healthcare, train-on = false
            source { format = xml, path = "/data/medquad", options { rowTag = Document } }
            columns { anchor = Question, positive = "trim(Answer)" }
            where = "length(positive) > 20"
            split { train = 0.5, validation = 0.2, test = 0.3, by = positive }
          }
          {
            name = cranfield, type = ranking
            documents { format = json, path = /data/docs, columns { id = "_id" } }
            queries { format = json, path = /data/queries, options { multiLine = true } }
            qrels { format = csv, path = /data/qrels, options { sep = "\\t" } }
            scale = 25, symmetric = false, negatives-per-query = 3, max-length = 200
            prompts { query = "ask: ", document = "" }
          }
          {
            name = healthver, type = nli
            source { format = json, path = /data/hv, explode = [ "explode(rows) as row" ] }
            labels { refutes = 2 }
            split { column = part }
          }
          {
            name = sts, type = scored, score-range = [0, 5], loss = cosent, scale = 15
            source { format = csv, paths { train = /data/train.csv, test = "/data/test/*.csv" } }
          }
          {
            name = intents, type = pairs, per-group = 3, loss = triplet, margin = 0.3
            source { format = csv, path = /data/intents.csv }, columns { group = category }
          }
        ]
        normalize {
          max-reject-share = 0.5, min-length = 3, max-length = 500, html = strip
          chunk-tokens = 200, chunk-overlap = 20, near-duplicates = 0.8, merge-duplicates = true
          max-leakage = 0.01, max-truncation = 0.2
        }
        mine {
          strategies = [
            { kind = bm25, quota = 2, depth = 50 }
            { kind = dense, name = near }
            { kind = dense, quota = 0, model = "builtin:bge-small-en-v1.5" }
            { kind = contradiction, quota = 3 }
            { kind = partial-match, rare-share = 0.6, min-held = 0.3, max-held = 0.7 }
            { kind = domain-confusion, model = "/models/gte/", border = cluster, clusters = 8 }
            { kind = random, depth = 20 }
            { kind = given, quota = 4 }
          ]
          filter-scorer = "builtin:e5-small-v2", min-agreement = 2
          window-after-filter = true, fill-up = true
          depth = 200, relative-margin = none, absolute-margin = 0.1
          min-score = -0.5, max-score = 0.9, selection = top, window = [10, 60]
        }
        bm25 { analysis = german, k1 = 1.2, b = 0.75, fields = [title, text] }
        encode { precision = bf16 }
        train {
          loss = cached-mnrl, scale = 30, directions = [document-to-query, query-to-document]
          symmetric = false, partition-mode = per-direction, hardness = hard-negatives
          hardness-strength = 5, distance = euclidean, margin = auto, matryoshka-dims = [384, 64]
          matryoshka-weights = [1, 0.5], matryoshka-reduction = mean
          distillation = none, distillation-temperature = 1
          guide = /models/e5, guide-margin = 0.05, guide-margin-kind = relative
          chunk-tokens = 4096, activation-memory = 0
          epochs = 3, max-steps = 100, max-rows = 2000, batch-size = 16
          negatives-per-query = 2, curriculum = "progress * progress", refresh-every = 50
          learning-rate = 1e-4, schedule = cosine, warmup-ratio = 0.2
          weight-decay = 0.1, max-gradient-norm = 2, dropout = 0.2, attention-dropout = 0.1
          max-length = 128, min-positive-grade = 2, precision = fp32, torch-threads = 4
          sampling = round-robin
          mask-false-negatives = false, ranks = 1, non-finite-limit = 5
          accumulation = 4, layer-decay = 0.9, freeze = [0, 1-3, pooler]
          checkpoint-every = 20, checkpoint-minutes = 0.5, keep-checkpoints = 3
          evaluate-every = 25, validation-documents = 500, early-stopping = 0, interpolate = 0.5
          learning-rates { embeddings = 1e-6, "encoder.layer.*.bias" = 3e-5 }
        }
        evaluate {
          split = validation, k = [100, 5], dims = [32, 64], precisions = [binary, int8]
          baselines = [hybrid, bm25], use-case = discovery, primary-metric = "map@100"
          models = [ { name = bge, path = "builtin:bge-small-en-v1.5" } ]
          runs = [
            { name = theirs, path = /data/their.run.gz, datasets = [medquad, cranfield, intents] }
            { name = ours, path = /data/our.run, datasets = [cranfield] }
          ]
          write-runs = true, exclude-identical = true
          gain = exponential, min-relevant-grade = 2, confidence-draws = 500
          general = [sts, medquad]
          slices = [length, { name = source, by = "documents.source" }]
          probes = [["tolling of a statute", "limitation period"], [1, 2]]
        }
        tune {
          space {
            loss = [mnrl, cached-mnrl], epochs = { from = 1, to = 4 }
            mine.relative-margin = { from = 0.01, to = 0.2, scale = log }
          }
          trials = 20, halving = 2, budget = 500
        }
        mlflow {
          tracking-uri = "https://mlflow.example/team", experiment = /legal/search
          run-name = third try, tags { team = search }
        }
      }
      """;

  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("run.conf"), text);
  }

  private String problems(String text, String... sets) throws IOException {
    Path file = file(text);
    HoneException e =
        catchThrowableOfType(HoneException.class, () -> RunConfig.load(file, List.of(sets)));
    assertThat(e).as("a configuration with problems").isNotNull();
    assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION);
    return e.getMessage();
  }

  @Test
  void defaultsAreTheOnesRecordedHere() {
    RunConfig run = RunConfig.load(null, List.of());

    assertThat(run)
        .isEqualTo(
            new RunConfig(
                Auto.chosen(),
                "hone-workspace",
                42,
                "builtin:all-MiniLM-L6-v2",
                List.of(),
                Auto.chosen(),
                Auto.chosen(),
                new NormalizeConfig(
                    0.01,
                    1,
                    100_000,
                    Html.KEEP,
                    0,
                    0,
                    Double.POSITIVE_INFINITY,
                    false,
                    Double.POSITIVE_INFINITY,
                    Double.POSITIVE_INFINITY),
                new MineConfig(
                    List.of(new StrategyConfig.Bm25(Auto.chosen(), Auto.chosen(), Auto.chosen())),
                    100,
                    Auto.chosen(),
                    0.05,
                    Double.NEGATIVE_INFINITY,
                    Double.NEGATIVE_INFINITY,
                    Double.POSITIVE_INFINITY,
                    1,
                    Selection.RANDOM,
                    new RankWindow(0, 100),
                    false,
                    false),
                new Bm25Config(TextAnalysis.ENGLISH, 0.9, 0.4, List.of(DocumentField.WHOLE)),
                new EncodeConfig(Precision.FP32),
                new TrainConfig(
                    new LossConfig(
                        Loss.AUTO,
                        20,
                        false,
                        List.of(Direction.QUERY_TO_DOCUMENT),
                        PartitionMode.JOINT,
                        Hardness.NONE,
                        0,
                        Distance.EUCLIDEAN,
                        Auto.chosen(),
                        List.of(),
                        Auto.chosen(),
                        Reduction.SUM,
                        8192,
                        1024,
                        new GuideConfig("none", 0, GuideMargin.ABSOLUTE),
                        new DistillationConfig(Distillation.NONE, 1)),
                    Auto.chosen(),
                    0,
                    0,
                    Auto.chosen(),
                    1,
                    "none",
                    0,
                    2e-5,
                    Schedule.LINEAR,
                    0.1,
                    0.01,
                    1.0,
                    Auto.chosen(),
                    0.0,
                    Auto.chosen(),
                    1,
                    Precision.AUTO,
                    Auto.chosen(),
                    Sampling.PROPORTIONAL,
                    true,
                    1,
                    3,
                    new UpdateConfig(1, 1.0, new TreeMap<>(), List.of()),
                    new ValidationConfig(0, 10_000, 0, 1)),
                new CheckpointConfig(0, 10, 2),
                new EvaluateConfig(
                    Split.TEST,
                    List.of(1, 3, 5, 10, 100),
                    Auto.chosen(),
                    List.of(StoredPrecision.FP32),
                    List.of(Baseline.BASE, Baseline.BM25),
                    List.of(),
                    List.of(),
                    false,
                    UseCase.DOCUMENT_RETRIEVAL,
                    Auto.chosen(),
                    Gain.LINEAR,
                    1,
                    false,
                    1000),
                new ForgettingConfig(0.02, Auto.chosen()),
                new DetailConfig(
                    List.of(
                        new SliceConfig("domain", Optional.empty()),
                        new SliceConfig("length", Optional.empty()),
                        new SliceConfig("positives", Optional.empty())),
                    List.of()),
                new TuneConfig(
                    new TreeMap<>(
                        Map.of(
                            "train.learning-rate",
                            new TuneDimension.Range(5e-6, 1e-4, TuneDimension.Scale.LOG, false),
                            "train.warmup-ratio",
                            new TuneDimension.Choice(List.of("0.1", "0.2")))),
                    9,
                    3,
                    Auto.chosen()),
                new MlflowConfig("none", "hone", Auto.chosen(), new TreeMap<>())));
  }

  @Test
  void everyKeyReachesItsRecord() throws IOException {
    RunConfig run = RunConfig.load(file(EVERY_KEY), List.of());

    assertThat(run)
        .isEqualTo(
            new RunConfig(
                Auto.fixed("medquad-1"),
                "s3a://bucket/hone",
                7,
                "/models/bge",
                List.of(medquad(), cranfield(), healthver(), sts(), intents()),
                Auto.fixed("query: "),
                Auto.fixed("passage: "),
                new NormalizeConfig(0.5, 3, 500, Html.STRIP, 200, 20, 0.8, true, 0.01, 0.2),
                new MineConfig(
                    List.of(
                        new StrategyConfig.Bm25(Auto.chosen(), Auto.fixed(2), Auto.fixed(50)),
                        new StrategyConfig.Dense(
                            Auto.fixed("near"), Auto.chosen(), Auto.chosen(), Auto.chosen()),
                        new StrategyConfig.Dense(
                            Auto.chosen(),
                            Auto.fixed(0),
                            Auto.chosen(),
                            Auto.fixed("builtin:bge-small-en-v1.5")),
                        new StrategyConfig.Contradiction(Auto.chosen(), Auto.fixed(3)),
                        new StrategyConfig.PartialMatch(
                            Auto.chosen(), Auto.chosen(), Auto.chosen(), 0.6, 0.3, 0.7),
                        new StrategyConfig.DomainConfusion(
                            Auto.chosen(),
                            Auto.chosen(),
                            Auto.chosen(),
                            Auto.fixed("/models/gte/"),
                            Border.CLUSTER,
                            8),
                        new StrategyConfig.Random(Auto.chosen(), Auto.chosen(), Auto.fixed(20)),
                        new StrategyConfig.Given(Auto.fixed(4))),
                    200,
                    Auto.fixed("builtin:e5-small-v2"),
                    Double.NEGATIVE_INFINITY,
                    0.1,
                    -0.5,
                    0.9,
                    2,
                    Selection.TOP,
                    new RankWindow(10, 60),
                    true,
                    true),
                new Bm25Config(
                    TextAnalysis.GERMAN,
                    1.2,
                    0.75,
                    List.of(DocumentField.TITLE, DocumentField.TEXT)),
                new EncodeConfig(Precision.BF16),
                new TrainConfig(
                    new LossConfig(
                        Loss.CACHED_MNRL,
                        30,
                        false,
                        List.of(Direction.DOCUMENT_TO_QUERY, Direction.QUERY_TO_DOCUMENT),
                        PartitionMode.PER_DIRECTION,
                        Hardness.HARD_NEGATIVES,
                        5,
                        Distance.EUCLIDEAN,
                        Auto.chosen(),
                        List.of(384, 64),
                        Auto.fixed(List.of(1.0, 0.5)),
                        Reduction.MEAN,
                        4096,
                        0,
                        new GuideConfig("/models/e5", 0.05, GuideMargin.RELATIVE),
                        new DistillationConfig(Distillation.NONE, 1)),
                    Auto.fixed(3),
                    100,
                    2000,
                    Auto.fixed(16),
                    2,
                    "progress * progress",
                    50,
                    1e-4,
                    Schedule.COSINE,
                    0.2,
                    0.1,
                    2,
                    Auto.fixed(0.2),
                    0.1,
                    Auto.fixed(128),
                    2,
                    Precision.FP32,
                    Auto.fixed(4),
                    Sampling.ROUND_ROBIN,
                    false,
                    1,
                    5,
                    new UpdateConfig(
                        4,
                        0.9,
                        new TreeMap<>(Map.of("embeddings", 1e-6, "encoder.layer.*.bias", 3e-5)),
                        List.of("0", "1-3", "pooler")),
                    new ValidationConfig(25, 500, 0, 0.5)),
                new CheckpointConfig(20, 0.5, 3),
                new EvaluateConfig(
                    Split.VALIDATION,
                    List.of(5, 100),
                    Auto.fixed(List.of(64, 32)),
                    List.of(StoredPrecision.FP32, StoredPrecision.INT8, StoredPrecision.BINARY),
                    List.of(Baseline.BM25, Baseline.HYBRID),
                    List.of(new OtherModel("bge", "builtin:bge-small-en-v1.5")),
                    List.of(
                        new OtherRun(
                            "theirs",
                            "/data/their.run.gz",
                            Auto.fixed(List.of("medquad", "cranfield", "intents"))),
                        new OtherRun("ours", "/data/our.run", Auto.fixed(List.of("cranfield")))),
                    true,
                    UseCase.DISCOVERY,
                    Auto.fixed(new PrimaryMetric("map", 100)),
                    Gain.EXPONENTIAL,
                    2,
                    true,
                    500),
                new ForgettingConfig(0.03, Auto.fixed(List.of("sts", "medquad"))),
                new DetailConfig(
                    List.of(
                        new SliceConfig("length", Optional.empty()),
                        new SliceConfig("source", Optional.of("documents.source"))),
                    List.of(
                        new ProbeConfig("tolling of a statute", "limitation period"),
                        new ProbeConfig("1", "2"))),
                new TuneConfig(
                    new TreeMap<>(
                        Map.of(
                            "train.loss",
                            new TuneDimension.Choice(List.of("\"mnrl\"", "\"cached-mnrl\"")),
                            "train.epochs",
                            new TuneDimension.Range(1, 4, TuneDimension.Scale.LINEAR, true),
                            "mine.relative-margin",
                            new TuneDimension.Range(0.01, 0.2, TuneDimension.Scale.LOG, false))),
                    20,
                    2,
                    Auto.fixed(500)),
                new MlflowConfig(
                    "https://mlflow.example/team",
                    "/legal/search",
                    Auto.fixed("third try"),
                    new TreeMap<>(Map.of("team", "search")))));
    assertThat(run.mine().strategies().stream().map(StrategyConfig::label))
        .containsExactly(
            "bm25",
            "near",
            "dense-bge-small-en-v1.5",
            "contradiction",
            "partial-match",
            "domain-confusion-gte",
            "random",
            "given");
    assertThat(run.mine().strategies().stream().map(StrategyConfig::most))
        .containsExactly(2, 1, 0, 3, 1, 1, 1, 4);
    assertThat(run.mine().miners()).isEqualTo(4);
  }

  @Test
  void trainingStopsEarlyWhereThereIsOneMiningRound() throws IOException {
    TrainConfig train =
        RunConfig.load(file("hone.train { evaluate-every = 5, early-stopping = 3 }"), List.of())
            .train();

    assertThat(train.validation()).isEqualTo(new ValidationConfig(5, 10_000, 3, 1));
  }

  @Test
  void depthOfAStrategyIsItsOwnOrThatOfMining() throws IOException {
    MineConfig mine = RunConfig.load(file(EVERY_KEY), List.of()).mine();

    assertThat(mine.depthOf((StrategyConfig.WithDepth) mine.strategies().get(0))).isEqualTo(50);
    assertThat(mine.depthOf((StrategyConfig.WithDepth) mine.strategies().get(1))).isEqualTo(200);
  }

  private static DatasetConfig medquad() {
    return new DatasetConfig(
        "medquad",
        DatasetType.PAIRS,
        "healthcare",
        false,
        Map.of(
            SourceRole.ROWS,
            source(
                "xml",
                "/data/medquad",
                Map.of("rowTag", "Document"),
                Map.of("anchor", "Question", "positive", "trim(Answer)"))),
        "length(positive) > 20",
        new TreeMap<>(),
        Auto.chosen(),
        1,
        OwnTrainConfig.NONE,
        new SplitConfig(0.5, 0.2, 0.3, "positive", ""));
  }

  private static DatasetConfig cranfield() {
    return new DatasetConfig(
        "cranfield",
        DatasetType.RANKING,
        "cranfield",
        true,
        Map.of(
            SourceRole.DOCUMENTS,
            source("json", "/data/docs", Map.of(), Map.of("id", "_id")),
            SourceRole.QUERIES,
            source("json", "/data/queries", Map.of("multiLine", "true"), Map.of()),
            SourceRole.QRELS,
            source("csv", "/data/qrels", Map.of("sep", "\t"), Map.of())),
        "",
        new TreeMap<>(),
        Auto.chosen(),
        1,
        new OwnTrainConfig(
            Loss.AUTO,
            Auto.fixed(25.0),
            Auto.fixed(false),
            Auto.chosen(),
            Auto.fixed(3),
            Auto.fixed("ask: "),
            Auto.fixed(""),
            Auto.fixed(200)),
        new SplitConfig(0.8, 0.1, 0.1, "query", ""));
  }

  private static DatasetConfig healthver() {
    return new DatasetConfig(
        "healthver",
        DatasetType.NLI,
        "healthver",
        true,
        Map.of(
            SourceRole.ROWS,
            new SourceConfig(
                "json",
                "/data/hv",
                new TreeMap<>(),
                List.of("explode(rows) as row"),
                new TreeMap<>())),
        "",
        new TreeMap<>(Map.of("refutes", "2")),
        Auto.chosen(),
        1,
        OwnTrainConfig.NONE,
        new SplitConfig(0.8, 0.1, 0.1, "premise", "part"));
  }

  private static DatasetConfig sts() {
    return new DatasetConfig(
        "sts",
        DatasetType.SCORED,
        "sts",
        true,
        Map.of(
            SourceRole.ROWS,
            new SourceConfig(
                "csv",
                "",
                new TreeMap<>(Map.of("train", "/data/train.csv", "test", "/data/test/*.csv")),
                new TreeMap<>(),
                List.of(),
                new TreeMap<>())),
        "",
        new TreeMap<>(),
        Auto.fixed(new ScoreRange(0, 5)),
        1,
        own(Loss.COSENT, Auto.fixed(15.0), Auto.chosen()),
        new SplitConfig(0.8, 0.1, 0.1, "text_a", ""));
  }

  private static DatasetConfig intents() {
    return new DatasetConfig(
        "intents",
        DatasetType.PAIRS,
        "intents",
        true,
        Map.of(
            SourceRole.ROWS,
            source("csv", "/data/intents.csv", Map.of(), Map.of("group", "category"))),
        "",
        new TreeMap<>(),
        Auto.chosen(),
        3,
        own(Loss.TRIPLET, Auto.chosen(), Auto.fixed(0.3)),
        new SplitConfig(0.8, 0.1, 0.1, "anchor", ""));
  }

  private static OwnTrainConfig own(Loss loss, Auto<Double> scale, Auto<Double> margin) {
    return new OwnTrainConfig(
        loss,
        scale,
        Auto.chosen(),
        margin,
        Auto.chosen(),
        Auto.chosen(),
        Auto.chosen(),
        Auto.chosen());
  }

  private static SourceConfig source(
      String format, String path, Map<String, String> options, Map<String, String> columns) {
    return new SourceConfig(
        format, path, new TreeMap<>(options), List.of(), new TreeMap<>(columns));
  }

  @Test
  void theTextAboveNamesEveryDeclaredKey() throws IOException {
    String effective = RunConfig.load(file(EVERY_KEY), List.of()).effective();

    for (Key<?, ?> key : Keys.all()) {
      String last = key.name().substring(key.name().lastIndexOf('.') + 1);
      assertThat(EVERY_KEY).containsPattern("\\b" + last + "\\b");
      assertThat(effective).containsPattern("\\b" + last + "\\b");
    }
  }

  @Test
  void settingsAreThoseThatChangeResultsByTheirPaths() throws IOException {
    RunConfig run = RunConfig.load(file(EVERY_KEY), List.of("workspace=/elsewhere"));

    assertThat(run.settings())
        .containsEntry("seed", "7")
        .containsEntry("train.learning-rate", "1.0E-4")
        .containsEntry("evaluate.k", "[5, 100]")
        .containsEntry("datasets.medquad.type", "pairs")
        .containsEntry("datasets.medquad.columns.anchor", "Question")
        .containsEntry("mine.strategies.0.kind", "bm25")
        .containsEntry("train.learning-rates.encoder.layer.*.bias", "3.0E-5")
        .doesNotContainKeys("workspace", "run-id", "train.checkpoint-every", "tune.trials")
        .allSatisfy((name, value) -> assertThat(name).doesNotStartWith("mlflow"));
  }

  @Test
  void aPageDoesNotKnowWhereMlflowIs() throws IOException {
    RunConfig without = RunConfig.load(file(EVERY_KEY), List.of("mlflow.tracking-uri=none"));
    RunConfig with = RunConfig.load(file(EVERY_KEY), List.of("mlflow.tracking-uri=http://host:5"));

    assertThat(with.shown()).isEqualTo(without.shown()).contains("learning-rate");
    assertThat(with.effective()).isNotEqualTo(without.effective()).contains("http://host:5");
  }

  @Test
  void everyDeclaredKeyIsListed() throws IllegalAccessException {
    List<String> declared = new ArrayList<>();
    for (var field : Keys.class.getDeclaredFields()) {
      if (field.getType() == Key.class) {
        declared.add(((Key<?, ?>) field.get(null)).path());
      }
    }

    assertThat(Keys.all().stream().map(Key::path)).containsAll(declared);
    assertThat(Keys.all().stream().map(Key::path)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "train.learning-rate = 0 | hone.train.learning-rate is 0, but must be a number above 0",
        "train.scale = high | hone.train.scale is \"high\", but must be a number above 0",
        "train.epochs = 0 | hone.train.epochs is 0, but must be an integer of 1 or more, or auto",
        "train.epochs = 1.5 | hone.train.epochs is 1.5, but must be an integer of 1 or more",
        "train.ranks = 2 | hone.train.ranks is 2, but must be 1: this version trains on one",
        "train.loss = cosine | hone.train.loss is \"cosine\", but must be one of auto, mnrl, cached",
        "train { loss = cosent, symmetric = true } | hone.train.loss is cosent, but symmetric,",
        "train.sampling = random | hone.train.sampling is \"random\", but must be one of proportional",
        "train.directions = [query-to-query] | hone.train.directions must have query-to-document among",
        "train { symmetric = true, directions = [query-to-document, document-to-query] } |"
            + " hone.train.symmetric is directions = [query-to-document, document-to-query]",
        "train { directions = [query-to-document, query-to-query], partition-mode = per-direction } |"
            + " hone.train.partition-mode is per-direction, but query-to-query and",
        "train.hardness = all-negatives | hone.train.hardness and train.hardness-strength need each",
        "train.hardness-strength = 2 | hone.train.hardness and train.hardness-strength need each",
        "train { loss = triplet, symmetric = true } | hone.train.loss is triplet, but symmetric",
        "train.margin = 0.5 | hone.train.loss is not triplet, but distance and margin belong to it",
        "train { loss = triplet, margin = 0 } | hone.train.margin is 0, but must be a number above 0",
        "train { loss = triplet, negatives-per-query = 0 } | hone.train.negatives-per-query is 0, but"
            + " loss = triplet needs 1 or more",
        "train.matryoshka-dims = [64, 64] | is [64,64], but must be a list, without repetition",
        "train { matryoshka-dims = [64, 32], matryoshka-weights = [1] } |"
            + " hone.train.matryoshka-weights has 1 numbers for 2 of matryoshka-dims",
        "train.layer-decay = 0 | hone.train.layer-decay is 0, but must be a number above 0, up to 1",
        "train.learning-rates.embeddings = 0 | must be a group of parameter name = learning rate",
        "train.early-stopping = 3 | train.early-stopping is 3, but needs validations: set train.eval",
        "train { evaluate-every = 5, early-stopping = 2, refresh-every = 9 } | are both set, but this",
        "train.accumulation = 0 | hone.train.accumulation is 0, but must be an integer of 1 or",
        "train.dropout = 1 | hone.train.dropout is 1, but must be a number of 0 or more, less",
        "train.mask-false-negatives = 2 | is 2, but must be true or false",
        "train = fast | hone.train must be a group of keys { ... }",
        "run-id = a/b | hone.run-id is \"a/b\", but must be 1 to 64 letters, digits, dots",
        "run-id = ../x | hone.run-id is \"../x\", but must be 1 to 64 letters",
        "seed = 1.5 | hone.seed is 1.5, but must be an integer of 64 bits",
        "model = \"builtin:bert\" | but the built-in models are builtin:all-MiniLM-L6-v2, builtin:bge-small-en-v1.5",
        "model = intfloat/e5-small | hf download intfloat/e5-small --local-dir models/e5-small",
        "normalize.max-length = 0 | hone.normalize.max-length is 0, but must be an integer of 1",
        "normalize.min-length = 200000 | must not be less than normalize.min-length, 200000",
        "mine.window = [5, 5] | hone.mine.window is [5,5], but must be [from, to] with 0 <= from",
        "mine.window = [100, 200] | starts at rank 100, but only 100 ranks are searched by bm25",
        "evaluate.slices = [size] | hone.evaluate.slices is [\"size\"], but must be a list, without"
            + " repetition, of domain, length, positives, or { name, by",
        "evaluate.slices = [{ name = x }] | hone.evaluate.slices is [{\"name\":\"x\"}], but must be",
        "evaluate.slices = [{ name = 'a/b', by = x }] | hone.evaluate.slices is",
        "evaluate.slices = [{ name = a, by = x }, { name = a, by = y }] | hone.evaluate.slices names a"
            + " twice, but each name may stand once",
        "evaluate.probes = [[one]] | hone.evaluate.probes is [[\"one\"]], but must be a list, without"
            + " repetition, of [text, text], neither of them blank",
        "evaluate.probes = [[a, \" \"]] | hone.evaluate.probes is",
        "mine.strategies = [{}] | hone.mine.strategies[0].kind is missing: give one of bm25, dense, contradiction, partial-match",
        "mine.strategies = bm25 | hone.mine.strategies must be a list of groups",
        "max-forgetting = 2 | hone.max-forgetting is 2",
        "train.distillation-temperature = 2 | hone.train.distillation-temperature belongs to",
        "train = { distillation = kl, symmetric = true } | hone.train.distillation takes the place of",
        "train = { distillation = kl, loss = triplet } | hone.train.distillation takes the place of",
        "train.guide-margin = 0.1 | hone.train.guide-margin and train.guide-margin-kind belong to",
        "train.guide = intfloat/e5-small | hf download intfloat/e5-small",
        "train = { guide = /m, loss = triplet } | train.loss is triplet, but symmetric, directions,",
        "mlflow.tracking-uri = databricks | hone.mlflow.tracking-uri is \"databricks\", but must be none,",
        "mlflow.tracking-uri = \"http://me:hush@host:5000\" | hone.mlflow.tracking-uri is \"http://me:***@host",
        "mlflow.tracking-uri = \"http://host/?x=1\" | without user, password, ? and #",
        "mlflow.experiment = \"\" | hone.mlflow.experiment is \"\", but must be a text of 1 to 500",
        "tune.space = {} | hone.tune.space is a group of keys, but must be a group of key = [value",
        "tune.space = { scale = [] } | hone.tune.space is a group of keys, but must be",
        "tune.space = { scale = { from = 2, to = 1 } } | hone.tune.space is a group of keys, but",
        "mine.strategies = [{kind=bm25},{kind=bm25}] | hone.mine.strategies names bm25 twice: raise its"
            + " quota, or tell the two apart by name, such as { kind = bm25, name = bm25-2 }",
        "mine.strategies = [{kind=bm25, name=given}] | hone.mine.strategies[0].name is \"given\", but",
        "mine.strategies = [{kind=bm25, model=x}] | hone.mine.strategies[0].model is no option of kind"
            + " bm25, which has name, quota, depth",
        "mine.strategies = [{kind=given, depth=3}] | depth is no option of kind given, which has quota",
        "mine.strategies = [{kind=partial-match, min-held=0.8}] | hone.mine.strategies[0].min-held is"
            + " 0.8, but must not be above max-held, 0.75",
        "mine.strategies = [{kind=dense, model=intfloat/e5}] | hf download intfloat/e5 --local-dir"
            + " models/e5 and set model to that folder",
        "mine.filter-scorer = \"builtin:x\" | hone.mine.filter-scorer is \"builtin:x\", but the built-in",
        "mine.min-agreement = 2 | hone.mine.min-agreement is 2, but the strategies ask 1 different"
            + " miner(s) [bm25]",
        "mine { min-score = 2, max-score = 1 } | must not be above mine.max-score, 1.0",
        "evaluate.k = [1, 5] | must contain 10, where the primary metric of use-case document",
        "evaluate.k = [10, 10] | hone.evaluate.k is [10,10], but must be a list, without repet",
        "evaluate.dims = [0] | hone.evaluate.dims is [0], but must be a list, without repetition, of 1",
        "evaluate.precisions = [fp16] | each one of fp32, int8, binary",
        "evaluate.primary-metric = success | hone.evaluate.primary-metric is \"success\", but must be a",
        "evaluate.primary-metric = \"mrr@20\" | must contain 20, where primary-metric = mrr@20 is cut",
        "evaluate.models = [{name=tuned, path=/m}] | name tuned, which is taken",
        "evaluate { models = [{name=A, path=/m}], runs = [{name=a, path=/r}] } | name a, which is",
        "evaluate.models = [{name=x, path=intfloat/e5}] | hf download intfloat/e5 --local-dir",
        "evaluate.models = [{name=a/b, path=/m}] | hone.evaluate.models[0].name is \"a/b\", but must",
        "evaluate.use-case = chat | one of document-retrieval, faq, recommendation, discovery",
        "train.learning_rate = 1 | hone.train.learning_rate is unknown; did you mean"
            + " hone.train.learning-rate?",
        "trian.epochs = 2 | hone.trian is unknown; did you mean hone.train?",
        "learning-rate = 1 | hone.learning-rate is unknown; did you mean hone.train.learning-rate?",
        "mine.strategies = [{kind=bm25, qota=1}] | hone.mine.strategies[0].qota is unknown; did"
            + " you mean hone.mine.strategies[].quota?",
      })
  void violationsSayWhatAndWhere(String line, String message) throws IOException {
    String text = "hone {\n  " + line.strip() + "\n}\n";

    assertThat(problems(text)).contains(message.strip()).contains("run.conf:2: hone.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "name = a, type = pairs | hone.datasets[0].has the sources",
        "type = pairs, source { format = json } | hone.datasets[0].name is missing: give 1 to 64",
        "name = a, type = pair, source { format = json } | is \"pair\", but must be one of pairs,",
        "name = a, type = pairs, source { path = x } | hone.datasets[0].source.format is missing",
        "name = a, type = pairs, source { format = json }, columns { anchr = q } | names a column"
            + " anchr, but the columns of type pairs are anchor, domain, group, id, positive",
        "name = a, type = ranking, source { format = json } | needs documents, queries and qrels",
        "name = a, type = pairs, source { format = json }, split { train = 0.9 } | sum to 1.1000",
        "name = a, type = pairs, source { format = wordnet }, columns { anchor = q } | brings its"
            + " own",
        "name = a, type = pairs, source { format = json, path = x, paths { test = y } } | names a path"
            + " and paths of a source, but it is read from one or the others",
        "name = a, type = pairs, source { format = json, paths { dev = y } } | names paths.dev = \"y\","
            + " but paths are those of train, validation, test",
        "name = a, type = ranking, source { format = beir, paths { test = y } } | names paths, but"
            + " format beir brings its own splits",
        "name = a, type = pairs, source { format = json, paths { test = y } }, split { column = x }"
            + " | names split.column, but the paths",
        "name = a, type = ranking, documents { format = json, paths { test = y } } |"
            + " hone.datasets[0].documents.paths is unknown",
        "name = a, type = pairs, source { format = json }, score-range = [0, 5] | names score-range,"
            + " but type pairs has no scores",
        "name = a, type = scored, source { format = json }, score-range = [5, 0] |"
            + " hone.datasets[0].score-range is [5,0], but must be [from, to] with from < to",
        "name = a, type = scored, source { format = wordnet }, score-range = [0, 5] | names"
            + " score-range, but format wordnet brings its own",
        "name = a, type = pairs, source { format = wordnet }, where = \"true\" | names where, but a"
            + " source of format wordnet has no columns",
        "name = a, type = nli, source { format = json }, per-group = 2 | names per-group, but type"
            + " nli has no use for it",
        "name = a, type = pairs, source { format = json }, colums { } | did you mean"
            + " hone.datasets[].columns?",
      })
  void violationsOfADataSetSayWhichOne(String dataset, String message) throws IOException {
    String text = "hone {\n  datasets = [ {\n" + dataset.strip() + "\n } ]\n}\n";

    assertThat(problems(text))
        .contains(message.strip().replace("[0].has", "[0] has"))
        .contains("hone.datasets[")
        .contains("run.conf:");
  }

  /** What data sets say of their training is checked against what the run says. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scored | loss = mnrl | loss = auto | hone.datasets[].loss is mnrl, but data set a is of type"
            + " scored, which trains with cosent alone: leave it out, or give the data set loss = cosent",
        "scored | scale = 3 | loss = mnrl | hone.train.loss is mnrl, but data set a is of type scored",
        "pairs | scale = 3 | loss = cosent | hone.train.loss is cosent, but data set a is of type pairs",
        "pairs | loss = cosent | loss = auto | hone.datasets[].loss is cosent, but data set a is of",
        "pairs | margin = 1 | loss = auto | loss is auto, but its margin belongs to triplet (data set a)",
        "scored | symmetric = true | loss = auto | its symmetric belongs to mnrl and cached-mnrl (data",
        "scored | negatives-per-query = 2 | loss = auto | its negatives-per-query belongs to the others",
        "scored | prompts.query = x | loss = auto | its prompts.query stands before none of its texts",
        "pairs | scale = 5 | loss = triplet | loss is triplet, but its scale belongs to the others (d",
        "pairs | loss = triplet, negatives-per-query = 0 | loss = auto | loss = triplet needs 1 or more",
        "pairs | symmetric = true | partition-mode = per-direction | symmetric is directions = [query",
        "pairs | max-length = 3 | loss = auto | hone.datasets[0].max-length is 3, but must be an integer"
      })
  void whatADataSetTrainsWithMustFitIt(String type, String own, String train, String message)
      throws IOException {
    String text =
        "hone {\n datasets = [ { name = a, type = %s, source { format = json }, %s } ]\n train { %s }\n}\n";
    assertThat(problems(text.formatted(type, own, train))).contains(message);
  }

  @Test
  void whatIsNotTrainedOnNeedsNoLoss() throws IOException {
    String text =
        """
        hone.datasets = [ { name = a, type = scored, source { format = json }, train-on = false } ]
        hone.train.loss = mnrl
        """;
    assertThat(RunConfig.load(file(text), List.of()).datasets()).hasSize(1);
  }

  @Test
  void aDataSetIsTrainedOnAsTheRunSaysButForItsOwn() throws IOException {
    RunConfig run = RunConfig.load(file(EVERY_KEY), List.of());
    TrainConfig whole = run.train();

    TrainConfig cranfield = whole.of(run.datasets().get(1));
    assertThat(cranfield.loss().loss()).isEqualTo(Loss.CACHED_MNRL);
    assertThat(cranfield.loss().scale()).isEqualTo(25);
    assertThat(cranfield.loss().directions()).isEqualTo(whole.loss().directions());
    assertThat(cranfield.negativesPerQuery()).isEqualTo(3);
    assertThat(cranfield.maxLength()).isEqualTo(Auto.fixed(200));
    assertThat(whole.of(run.datasets().get(2))).isEqualTo(whole);
    TrainConfig sts = whole.of(run.datasets().get(3));
    assertThat(sts.loss().loss()).isEqualTo(Loss.COSENT);
    assertThat(sts.loss().scale()).isEqualTo(15);
    assertThat(sts.loss().directions()).containsExactly(Direction.QUERY_TO_DOCUMENT);
    assertThat(sts.loss().hardness()).isEqualTo(Hardness.NONE);
    assertThat(sts.loss().matryoshkaDims()).isEqualTo(whole.loss().matryoshkaDims());
    TrainConfig intents = whole.of(run.datasets().get(4));
    assertThat(intents.loss().loss()).isEqualTo(Loss.TRIPLET);
    assertThat(intents.loss().margin()).isEqualTo(Auto.fixed(0.3));
    assertThat(intents.epochs()).isEqualTo(whole.epochs());
  }

  @Test
  void theLossThatIsLeftOpenIsTheOneOfTheType() throws IOException {
    String text =
        """
        hone.datasets = [
          { name = a, type = scored, source { format = json } }
          { name = b, type = triplets, source { format = json } }
        ]
        """;
    RunConfig run = RunConfig.load(file(text), List.of());
    assertThat(run.datasets().stream().map(one -> run.train().of(one).loss().loss()))
        .containsExactly(Loss.COSENT, Loss.AUTO);
  }

  @Test
  void allProblemsAreReportedAtOnceWithFileAndLine() throws IOException {
    String message =
        problems(
            "hone {\n  seed = x\n  train {\n    scale = -1\n    lerning-rate = 1\n  }\n}\nother = 1\n",
            "mine.depth=0",
            "nonsense");

    assertThat(message.lines().toList())
        .hasSize(7)
        .anyMatch(line -> line.contains("6 problems"))
        .anyMatch(
            line ->
                line.endsWith("run.conf:2: hone.seed is \"x\", but must be an integer of 64 bits"))
        .anyMatch(
            line ->
                line.endsWith("run.conf:4: hone.train.scale is -1, but must be a number above 0"))
        .anyMatch(line -> line.contains("run.conf:5: hone.train.lerning-rate is unknown"))
        .anyMatch(line -> line.contains("run.conf:8: other is unknown: every key stands in hone"))
        .anyMatch(line -> line.contains("--set mine.depth: hone.mine.depth is 0"))
        .anyMatch(line -> line.contains("--set nonsense assigns nothing"));
  }

  @Test
  void namesOfDataSetsAreUniqueWithoutRegardToCase() throws IOException {
    String entry = "{ name = %s, type = pairs, source { format = json } }";

    assertThat(
            problems(
                "hone.datasets = [ " + entry.formatted("a") + ", " + entry.formatted("A") + " ]"))
        .contains("datasets names A twice");
  }

  @Test
  void aTeacherIsAnotherModel() throws IOException {
    assertThat(problems("hone.train.distillation = kl"))
        .contains("hone.train.distillation learns from mine.filter-scorer, which is the model");
  }

  @Test
  void aRunOfAnotherSystemBelongsToDataSetsThatHaveRankings() throws IOException {
    assertThat(problems("hone.evaluate.runs = [{name=x, path=/r}]"))
        .contains(
            "hone.evaluate.runs has x for the one data set with rankings, but these are []: say");
    assertThat(problems("hone.evaluate.runs = [{name=x, path=/r, datasets=[y]}]"))
        .contains("hone.evaluate.runs has x for [y], but the data sets with rankings are []");
  }

  @Test
  void thePrimaryMetricIsThatOfTheUseCaseOrTheOneThatIsNamed() {
    assertThat(RunConfig.load(null, List.of("evaluate.use-case=faq")).evaluate().primary())
        .isEqualTo(new PrimaryMetric("mrr", 10));
    assertThat(
            RunConfig.load(null, List.of("evaluate.primary-metric=recall@100"))
                .evaluate()
                .primary())
        .isEqualTo(new PrimaryMetric("recall", 100));
  }

  @Test
  void whatMustNotBeForgottenIsADataSet() throws IOException {
    assertThat(problems("hone.evaluate.general = [nobody]"))
        .contains("hone.evaluate.general names nobody, but the data sets are []");
  }

  @Test
  void aMissingFileAndBrokenHoconAreNamed() throws IOException {
    assertThatThrownBy(() -> RunConfig.load(folder.resolve("absent.conf"), List.of()))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("absent.conf")
        .hasMessageContaining("no such file");
    assertThat(problems("hone {\n  seed = = 1\n}")).contains("run.conf: 2");
    assertThat(problems("hone { model = ${NO_SUCH_VARIABLE_HERE} }"))
        .contains("NO_SUCH_VARIABLE_HERE");
  }

  @Test
  void setOverridesTheFileAndTheLastOneWins() throws IOException {
    RunConfig run =
        RunConfig.load(
            file(EVERY_KEY),
            List.of(
                "train.scale=10",
                "hone.train.scale=11",
                "workspace=s3a://other/place",
                "evaluate.k=[1, 100]",
                "prompts.query=auto",
                "train.epochs=auto"));

    assertThat(run.train().loss().scale()).isEqualTo(11);
    assertThat(run.workspace()).isEqualTo("s3a://other/place");
    assertThat(run.evaluate().k()).containsExactly(1, 100);
    assertThat(run.queryPrompt().isAuto()).isTrue();
    assertThat(run.train().epochs().orElse(9)).isEqualTo(9);
    assertThat(run.train().schedule()).isEqualTo(Schedule.COSINE);
  }

  @Test
  void whatIsPrintedParsesToTheSameConfiguration() throws IOException {
    for (RunConfig run :
        List.of(
            RunConfig.load(null, List.of()),
            RunConfig.demo(List.of()),
            RunConfig.load(file(EVERY_KEY), List.of()))) {
      Path printed = Files.writeString(folder.resolve("printed.conf"), run.effective());

      RunConfig again = RunConfig.load(printed, List.of());

      assertThat(again).isEqualTo(run);
      assertThat(again.effective()).isEqualTo(run.effective());
    }
  }

  @Test
  void secretsAreNeverPrinted() throws IOException {
    String text =
        """
        hone.datasets = [ {
          name = a, type = pairs
          source {
            format = jdbc
            options {
              password = "hunter2", "fs.s3a.secret.key" = "hunter2", accessToken = "hunter2"
              url = "jdbc:postgresql://h/d?user=u&password=hunter2", proxy = "http://u:hunter2@h/"
            }
          }
        } ]
        """;
    RunConfig run = RunConfig.load(file(text), List.of());

    assertThat(run.datasets().get(0).source().options()).containsEntry("password", "hunter2");
    assertThat(run.effective()).doesNotContain("hunter2").contains("***");
    assertThat(run.toString()).doesNotContain("hunter2");
    assertThat(problems("hone.train.password = hunter2")).doesNotContain("hunter2");
    assertThat(problems("", "train.password=\"hunter2")).doesNotContain("hunter2");
    assertThat(problems("hone.model.password = hunter2")).doesNotContain("hunter2");
  }

  @Test
  void theDemoDeclaresFourDomainsToTrainOnAndTheOtherTypesBeside() {
    RunConfig run = RunConfig.demo(List.of());

    assertThat(run.datasets()).extracting(DatasetConfig::type).contains(DatasetType.values());
    assertThat(run.datasets().stream().filter(DatasetConfig::trainOn).map(DatasetConfig::name))
        .containsExactly("healthcare", "biomedical", "legal", "finance");
    assertThat(run.datasets())
        .allSatisfy(
            dataset -> {
              assertThat(dataset.source().isWordNet()).isTrue();
              assertThat(dataset.split()).isEqualTo(new SplitConfig(0.7, 0.1, 0.2, "synset", ""));
            });
    assertThat(run.train().batchSize().orElse(0)).isEqualTo(64);
  }

  @Test
  void theExampleForUsersLoads() {
    RunConfig run = RunConfig.load(Path.of("conf/example.conf"), List.of());

    assertThat(run.datasets().get(0).source().columns()).containsEntry("anchor", "question");
    assertThat(run.mine().strategies()).hasSize(2);
  }

  @Test
  void helpAndTableExplainEveryKey() {
    long keys = Keys.all().size();

    assertThat(RunConfig.markdownTable().lines()).hasSize((int) keys + 2);
    assertThat(RunConfig.helpText())
        .contains("hone.train.learning-rate\n    Highest learning rate.\n")
        .contains("Default: 2e-5");
    assertThat(Arrays.stream(RunConfig.helpText().split("\n", -1)))
        .filteredOn(line -> line.startsWith("hone."))
        .hasSize((int) keys);
    assertThat(Stream.of(Keys.all()).flatMap(List::stream))
        .allSatisfy(key -> assertThat(key.description()).endsWith("."));
  }
}
