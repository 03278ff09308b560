package dev.hone.config;

import static dev.hone.config.ValueTypes.auto;
import static dev.hone.config.ValueTypes.bool;
import static dev.hone.config.ValueTypes.bound;
import static dev.hone.config.ValueTypes.choice;
import static dev.hone.config.ValueTypes.groups;
import static dev.hone.config.ValueTypes.integer;
import static dev.hone.config.ValueTypes.list;
import static dev.hone.config.ValueTypes.longInteger;
import static dev.hone.config.ValueTypes.number;
import static dev.hone.config.ValueTypes.numbers;
import static dev.hone.config.ValueTypes.primaryMetric;
import static dev.hone.config.ValueTypes.probe;
import static dev.hone.config.ValueTypes.scoreRange;
import static dev.hone.config.ValueTypes.sequence;
import static dev.hone.config.ValueTypes.slice;
import static dev.hone.config.ValueTypes.space;
import static dev.hone.config.ValueTypes.text;
import static dev.hone.config.ValueTypes.texts;
import static dev.hone.config.ValueTypes.trackingUri;
import static dev.hone.config.ValueTypes.window;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every configuration key there is, in the order in which help texts list them. */
final class Keys {
  private static final int MANY = Integer.MAX_VALUE;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final ValueType<String> ID =
      text(
          "1 to 64 letters, digits, dots, hyphens or underscores, the first a letter or digit",
          text -> NAME.matcher(text).matches());
  private static final ValueType<String> ANY_TEXT = text("a text");
  private static final ValueType<String> NOT_BLANK =
      text("a text that is not blank", text -> !text.isBlank());
  private static final ValueType<SortedMap<String, String>> OPTIONS =
      texts("a group of option = value");
  private static final ValueType<SortedMap<String, String>> COLUMNS =
      texts("a group of column = Spark SQL expression");
  private static final ValueType<SortedMap<String, String>> LABELS =
      texts("a group of word = 0, 1 or 2");
  private static final ValueType<SortedMap<String, Double>> RATES =
      numbers("a group of parameter name = learning rate above 0", rate -> rate > 0);
  private static final ValueType<SortedMap<String, String>> PATHS =
      texts("a group of train, validation or test = path");
  private static final ValueType<Double> SHARE = number("from 0 to 1", x -> x >= 0 && x <= 1);
  private static final ValueType<Double> PART = number("above 0, up to 1", x -> x > 0 && x <= 1);
  private static final ValueType<Double> INNER_SHARE =
      number("above 0, below 1", x -> x > 0 && x < 1);
  private static final ValueType<Double> DROPOUT =
      number("of 0 or more, less than 1", x -> x >= 0 && x < 1);
  private static final ValueType<Double> POSITIVE = number("above 0", x -> x > 0);
  private static final ValueType<Double> NOT_NEGATIVE = number("of 0 or more", x -> x >= 0);
  private static final ValueType<Double> NUMBER = number("that is finite", x -> true);

  static final Key<RunConfig, Auto<String>> RUN_ID =
      run(
          "run-id",
          auto(ID),
          "auto",
          "Name under which the run is published; auto: a digest of all that decides its result.",
          RunConfig::runId);
  static final Key<RunConfig, String> WORKSPACE =
      run(
          "workspace",
          NOT_BLANK,
          "hone-workspace",
          "Folder for everything a run writes: a local path, hdfs:// or s3a://.",
          RunConfig::workspace);
  static final Key<RunConfig, Long> SEED =
      run(
          "seed",
          longInteger(),
          "42",
          "Seed of everything random: order, dropout, sampling. Splits do not depend on it.",
          RunConfig::seed);
  static final Key<RunConfig, String> MODEL =
      run(
          "model",
          NOT_BLANK,
          "\"builtin:all-MiniLM-L6-v2\"",
          "Model to tune: builtin:all-MiniLM-L6-v2, or a Hugging Face folder (local, hdfs://,"
              + " s3a://).",
          RunConfig::model);
  static final Key<RunConfig, List<DatasetConfig>> DATASETS =
      run(
          "datasets",
          groups(DatasetConfig.class),
          "[]",
          "The data sets, each { name, type, source, ... }.",
          RunConfig::datasets);
  static final Key<RunConfig, Auto<String>> PROMPT_QUERY =
      run(
          "prompts.query",
          auto(ANY_TEXT),
          "auto",
          "Text put before every query; auto: the model's own prompt.",
          RunConfig::queryPrompt);
  static final Key<RunConfig, Auto<String>> PROMPT_DOCUMENT =
      run(
          "prompts.document",
          auto(ANY_TEXT),
          "auto",
          "Text put before every document; auto: the model's own prompt.",
          RunConfig::documentPrompt);
  static final Key<RunConfig, Double> MAX_FORGETTING =
      run(
          "max-forgetting",
          SHARE,
          "0.02",
          "Largest drop of the primary metric on evaluate.general, base to tuned, that is no advice.",
          config -> config.forgetting().most());

  static final Key<DatasetConfig, String> DATASET_NAME =
      dataset("name", ID, null, "Name of the data set, unique in the run.", DatasetConfig::name);
  static final Key<DatasetConfig, DatasetType> DATASET_TYPE =
      dataset(
          "type",
          choice(DatasetType.class),
          null,
          "What a row means. It also decides the default loss.",
          DatasetConfig::type);
  static final Key<DatasetConfig, String> DATASET_DOMAIN =
      dataset(
          "domain",
          NOT_BLANK,
          "auto",
          "Subject area of rows that name none; auto: the data set's name.",
          DatasetConfig::domain);
  static final Key<DatasetConfig, Boolean> DATASET_TRAIN_ON =
      dataset(
          "train-on",
          bool(),
          "true",
          "Whether the model is trained on it; false: normalized, shown and evaluated only.",
          DatasetConfig::trainOn);
  static final Key<DatasetConfig, String> DATASET_WHERE =
      dataset(
          "where",
          ANY_TEXT,
          "\"\"",
          "Spark SQL condition over the data set's columns; other rows are left out.",
          DatasetConfig::where);
  static final Key<DatasetConfig, SortedMap<String, String>> DATASET_LABELS =
      dataset(
          "labels",
          LABELS,
          "{}",
          "What each label of an nli data set means: 0 entailment, 1 neutral, 2 contradiction;"
              + " these numbers and words need no entry.",
          DatasetConfig::labels);
  static final Key<DatasetConfig, Auto<ScoreRange>> DATASET_SCORE_RANGE =
      dataset(
          "score-range",
          auto(scoreRange()),
          "auto",
          "Lowest and highest score possible of a scored data set, others are rejects; auto: as its"
              + " scores are.",
          DatasetConfig::scoreRange);
  static final Key<DatasetConfig, Integer> DATASET_PER_GROUP =
      dataset(
          "per-group",
          integer(1, MANY),
          "1",
          "Positives of each anchor of pairs that have a group and no positive: the next members of"
              + " its group and split, by hash.",
          DatasetConfig::perGroup);
  static final Key<OwnTrainConfig, Loss> OWN_LOSS =
      dataset(
          "loss",
          choice(Loss.class),
          "auto",
          "Loss of its batches; auto: train.loss, and where that is auto too the one of its type.",
          OwnTrainConfig::loss);
  static final Key<OwnTrainConfig, Auto<Double>> OWN_SCALE =
      dataset(
          "scale",
          auto(POSITIVE),
          "auto",
          "Factor on cosine similarity in its batches; auto: train.scale.",
          OwnTrainConfig::scale);
  static final Key<OwnTrainConfig, Auto<Boolean>> OWN_SYMMETRIC =
      dataset(
          "symmetric",
          auto(bool()),
          "auto",
          "mnrl: whether a positive has to find its query too; auto: train.symmetric.",
          OwnTrainConfig::symmetric);
  static final Key<OwnTrainConfig, Auto<Double>> OWN_MARGIN =
      dataset(
          "margin",
          auto(POSITIVE),
          "auto",
          "triplet: by how much a positive must be nearer than a negative; auto: train.margin.",
          OwnTrainConfig::margin);
  static final Key<OwnTrainConfig, Auto<Integer>> OWN_NEGATIVES =
      dataset(
          "negatives-per-query",
          auto(integer(0, MANY)),
          "auto",
          "Hard negatives per row of its batches; auto: train.negatives-per-query.",
          OwnTrainConfig::negativesPerQuery);
  static final Key<OwnTrainConfig, Auto<String>> OWN_PROMPT_QUERY =
      dataset(
          "prompts.query",
          auto(ANY_TEXT),
          "auto",
          "Text put before every query of its batches, in training alone; auto: prompts.query.",
          OwnTrainConfig::queryPrompt);
  static final Key<OwnTrainConfig, Auto<String>> OWN_PROMPT_DOCUMENT =
      dataset(
          "prompts.document",
          auto(ANY_TEXT),
          "auto",
          "Text put before every document of its batches, and before both texts of a scored pair, in"
              + " training alone; auto: prompts.document.",
          OwnTrainConfig::documentPrompt);
  static final Key<OwnTrainConfig, Auto<Integer>> OWN_MAX_LENGTH =
      dataset(
          "max-length",
          auto(integer(4, MANY)),
          "auto",
          "Tokens per text of its batches, in training alone; auto: train.max-length.",
          OwnTrainConfig::maxLength);
  static final Key<SourceConfig, SortedMap<String, String>> DATASET_COLUMNS =
      dataset(
          "columns",
          COLUMNS,
          "{}",
          "Where each column of the type comes from; an unnamed column keeps its name.",
          SourceConfig::columns);
  static final Key<SplitConfig, Double> SPLIT_TRAIN =
      dataset("split.train", SHARE, "0.8", "Share of training rows.", SplitConfig::train);
  static final Key<SplitConfig, Double> SPLIT_VALIDATION =
      dataset(
          "split.validation", SHARE, "0.1", "Share of validation rows.", SplitConfig::validation);
  static final Key<SplitConfig, Double> SPLIT_TEST =
      dataset(
          "split.test",
          SHARE,
          "0.1",
          "Share of test rows; the three shares sum to 1.",
          SplitConfig::test);
  static final Key<SplitConfig, String> SPLIT_BY =
      dataset(
          "split.by",
          NOT_BLANK,
          "auto",
          "Column whose value's hash decides the split, so that equal values stay together;"
              + " auto: the query side (wordnet: synset).",
          SplitConfig::by);

  static final Key<SplitConfig, String> SPLIT_COLUMN =
      dataset(
          "split.column",
          ANY_TEXT,
          "\"\"",
          "Spark SQL expression that gives train, validation or test, instead of the shares; _file is"
              + " the path that a record came from.",
          SplitConfig::column);

  static final Key<NormalizeConfig, Double> MAX_REJECT_SHARE =
      normalize(
          "max-reject-share",
          SHARE,
          "0.01",
          "Largest share of a source's records that may be rejected before the stage fails.",
          NormalizeConfig::maxRejectShare);
  static final Key<NormalizeConfig, Integer> MIN_LENGTH =
      normalize(
          "min-length",
          integer(1, MANY),
          "1",
          "Fewest characters of a text; shorter ones are rejected.",
          NormalizeConfig::minLength);
  static final Key<NormalizeConfig, Integer> MAX_LENGTH_CHARACTERS =
      normalize(
          "max-length",
          integer(1, MANY),
          "100000",
          "Most characters of a text; longer ones are rejected.",
          NormalizeConfig::maxLength);
  static final Key<NormalizeConfig, Html> HTML =
      normalize(
          "html",
          choice(Html.class),
          "keep",
          "strip: tags are taken out of texts and character references resolved.",
          NormalizeConfig::html);
  static final Key<NormalizeConfig, Integer> CHUNK_TOKENS =
      normalize(
          "chunk-tokens",
          integer(0, MANY),
          "0",
          "Most tokens of a chunk that a longer document is cut into, special tokens, prompt and title"
              + " included; 0: documents stay whole.",
          NormalizeConfig::chunkTokens);
  static final Key<NormalizeConfig, Integer> CHUNK_OVERLAP =
      normalize(
          "chunk-overlap",
          integer(0, MANY),
          "0",
          "Tokens that a chunk repeats of the one before it.",
          NormalizeConfig::chunkOverlap);
  static final Key<NormalizeConfig, Double> NEAR_DUPLICATES =
      normalize(
          "near-duplicates",
          bound(PART, Double.POSITIVE_INFINITY),
          "none",
          "Jaccard similarity of word triples from which texts share a group, so that none is the"
              + " other's negative.",
          NormalizeConfig::nearDuplicates);
  static final Key<NormalizeConfig, Boolean> MERGE_DUPLICATES =
      normalize(
          "merge-duplicates",
          bool(),
          "false",
          "Whether documents (and queries) with ids of their own but equal text become one.",
          NormalizeConfig::mergeDuplicates);
  static final Key<NormalizeConfig, Double> MAX_LEAKAGE =
      normalize(
          "max-leakage",
          bound(SHARE, Double.POSITIVE_INFINITY),
          "none",
          "Largest share of a data set's test texts that may stand in training; above it the stage"
              + " fails.",
          NormalizeConfig::maxLeakage);
  static final Key<NormalizeConfig, Double> MAX_TRUNCATION =
      normalize(
          "max-truncation",
          bound(SHARE, Double.POSITIVE_INFINITY),
          "none",
          "Largest share of a data set's documents that max-length may cut; above it the stage"
              + " fails.",
          NormalizeConfig::maxTruncation);

  static final Key<MineConfig, List<StrategyConfig>> STRATEGIES =
      mine(
          "strategies",
          groups(StrategyConfig.class),
          "[{ kind = bm25 }]",
          "Where hard negatives come from, each { kind, quota, ... }, in the order in which they choose;"
              + " [] mines none.",
          MineConfig::strategies);
  static final Key<StrategyConfig, StrategyKind> STRATEGY_KIND =
      strategy(
          "kind",
          choice(StrategyKind.class),
          null,
          "What is looked for; given, what the data itself judges not relevant, is on where it is not"
              + " named.",
          StrategyConfig::kind);
  static final Key<StrategyConfig, Auto<String>> STRATEGY_NAME =
      strategy(
          "name",
          auto(ID),
          "auto",
          "What tables call it, unique in the run; auto: its kind, with the model's name where one is"
              + " given.",
          StrategyConfig::name);
  static final Key<StrategyConfig, Auto<Integer>> STRATEGY_QUOTA =
      strategy(
          "quota",
          auto(integer(0, MANY)),
          "auto",
          "Most negatives it gives to a query; 0: it only counts for agreement. auto: 1; given: all.",
          StrategyConfig::quota);
  static final Key<StrategyConfig, Auto<Integer>> STRATEGY_DEPTH =
      strategy(
          "depth",
          auto(integer(1, MANY)),
          "auto",
          "Documents it looks at per query (not contradiction, given); auto: mine.depth.",
          strategy -> ((StrategyConfig.WithDepth) strategy).depth());
  static final Key<StrategyConfig, Auto<String>> STRATEGY_MODEL =
      strategy(
          "model",
          auto(NOT_BLANK),
          "auto",
          "Model of dense and domain-confusion, as hone.model, with its own prompts; auto: hone.model.",
          strategy -> ((StrategyConfig.WithModel) strategy).model());
  static final Key<StrategyConfig, Double> STRATEGY_RARE_SHARE =
      strategy(
          "rare-share",
          PART,
          "0.5",
          "Share of a query's terms that count as rare for partial-match, rarest first, two at least.",
          strategy -> ((StrategyConfig.PartialMatch) strategy).rareShare());
  static final Key<StrategyConfig, Double> STRATEGY_MIN_HELD =
      strategy(
          "min-held",
          INNER_SHARE,
          "0.25",
          "Smallest share of the rare terms that a document of partial-match holds.",
          strategy -> ((StrategyConfig.PartialMatch) strategy).minHeld());
  static final Key<StrategyConfig, Double> STRATEGY_MAX_HELD =
      strategy(
          "max-held",
          INNER_SHARE,
          "0.75",
          "Largest share of the rare terms that a document of partial-match holds.",
          strategy -> ((StrategyConfig.PartialMatch) strategy).maxHeld());
  static final Key<StrategyConfig, Border> STRATEGY_BORDER =
      strategy(
          "border",
          choice(Border.class),
          "domain",
          "What lies between a document of domain-confusion and the query's answers: another domain,"
              + " another source (first folder, or file, of the data set), or another cluster of the"
              + " vectors.",
          strategy -> ((StrategyConfig.DomainConfusion) strategy).border());
  static final Key<StrategyConfig, Integer> STRATEGY_CLUSTERS =
      strategy(
          "clusters",
          integer(2, 10_000),
          "16",
          "Parts that a data set's vectors are divided into where the border is cluster.",
          strategy -> ((StrategyConfig.DomainConfusion) strategy).clusters());
  static final Key<MineConfig, Integer> DEPTH =
      mine(
          "depth",
          integer(1, MANY),
          "100",
          "Documents looked at per query and strategy.",
          MineConfig::depth);
  static final Key<MineConfig, Auto<String>> FILTER_SCORER =
      mine(
          "filter-scorer",
          auto(NOT_BLANK),
          "auto",
          "Model whose scores margins and score bounds compare, for the candidates of every strategy: an"
              + " encoder, as hone.model, or a cross-encoder's folder; auto: hone.model.",
          MineConfig::filterScorer);
  static final Key<MineConfig, Double> RELATIVE_MARGIN =
      mine(
          "relative-margin",
          bound(NOT_NEGATIVE, Double.NEGATIVE_INFINITY),
          "0.05",
          "Drops a candidate whose score is above s - margin * |s|, s the lowest of the positives.",
          MineConfig::relativeMargin);
  static final Key<MineConfig, Double> ABSOLUTE_MARGIN =
      mine(
          "absolute-margin",
          bound(NUMBER, Double.NEGATIVE_INFINITY),
          "none",
          "Drops a candidate whose score is above s - margin, s the lowest of the positives.",
          MineConfig::absoluteMargin);
  static final Key<MineConfig, Double> MIN_SCORE =
      mine(
          "min-score",
          bound(NUMBER, Double.NEGATIVE_INFINITY),
          "none",
          "Drops a candidate with a lower score.",
          MineConfig::minScore);
  static final Key<MineConfig, Double> MAX_SCORE =
      mine(
          "max-score",
          bound(NUMBER, Double.POSITIVE_INFINITY),
          "none",
          "Drops a candidate with a higher score.",
          MineConfig::maxScore);
  static final Key<MineConfig, Integer> MIN_AGREEMENT =
      mine(
          "min-agreement",
          integer(1, MANY),
          "1",
          "Drops a candidate that fewer miners (indexes and models) found.",
          MineConfig::minAgreement);
  static final Key<MineConfig, Selection> SELECTION =
      mine(
          "selection",
          choice(Selection.class),
          "random",
          "Which of the candidates left are taken of bm25, dense, partial-match and domain-confusion: random ones, or the first in rank.",
          MineConfig::selection);
  static final Key<MineConfig, RankWindow> WINDOW =
      mine(
          "window",
          window(),
          "[0, 100]",
          "Ranks, from 0, that candidates of bm25, dense, partial-match and domain-confusion may have.",
          MineConfig::window);
  static final Key<MineConfig, Boolean> WINDOW_AFTER_FILTER =
      mine(
          "window-after-filter",
          bool(),
          "false",
          "Whether ranks of window are counted among what the filters leave, not among what was found.",
          MineConfig::windowAfterFilter);
  static final Key<MineConfig, Boolean> FILL_UP =
      mine(
          "fill-up",
          bool(),
          "false",
          "Whether others give more than their quotas where a strategy gives less than its own.",
          MineConfig::fillUp);

  static final Key<TrainConfig, Loss> LOSS_NAME =
      train(
          "loss",
          choice(Loss.class),
          "auto",
          "Loss. mnrl: a query finds its positive among the batch's documents; cached-mnrl: the"
              + " same, in memory that does not grow with the batch; cosent: pairs are as similar, in"
              + " order, as their scores say; triplet: a positive is nearer than each hard negative."
              + " auto: cosent for scored pairs, else mnrl; cached-mnrl from 100,000 rows or in"
              + " batches of more than 128.",
          train -> train.loss().loss());
  static final Key<TrainConfig, Double> SCALE =
      train(
          "scale",
          POSITIVE,
          "20",
          "Factor on cosine similarity, 1 / temperature.",
          train -> train.loss().scale());
  static final Key<TrainConfig, Boolean> SYMMETRIC =
      train(
          "symmetric",
          bool(),
          "false",
          "mnrl: whether a positive has to find its query too; both count one half.",
          train -> train.loss().symmetric());
  static final Key<TrainConfig, List<Direction>> DIRECTIONS =
      train(
          "directions",
          list(choice(Direction.class), 1),
          "[query-to-document]",
          "mnrl: what is compared with what in a batch; query-to-document is always among them.",
          train -> train.loss().directions());
  static final Key<TrainConfig, PartitionMode> PARTITION_MODE =
      train(
          "partition-mode",
          choice(PartitionMode.class),
          "joint",
          "mnrl: whether several directions share one softmax, or each has its own and they are"
              + " averaged.",
          train -> train.loss().partitionMode());
  static final Key<TrainConfig, Hardness> HARDNESS =
      train(
          "hardness",
          choice(Hardness.class),
          "none",
          "mnrl: which negatives weigh more the more similar they are to the query.",
          train -> train.loss().hardness());
  static final Key<TrainConfig, Double> HARDNESS_STRENGTH =
      train(
          "hardness-strength",
          NOT_NEGATIVE,
          "0",
          "mnrl: this times the cosine, taken as a constant, is added to their scores; 5 for"
              + " hard-negatives and 9 for in-batch-negatives are usual.",
          train -> train.loss().hardnessStrength());
  static final Key<TrainConfig, Distance> DISTANCE =
      train(
          "distance",
          choice(Distance.class),
          "euclidean",
          "triplet: what distances are measured by.",
          train -> train.loss().distance());
  static final Key<TrainConfig, Auto<Double>> MARGIN =
      train(
          "margin",
          auto(POSITIVE),
          "auto",
          "triplet: by how much a positive must be nearer than a negative. auto: 5, or 0.5 for unit"
              + " vectors and cosine distance, which is never more than 2.",
          train -> train.loss().margin());
  static final Key<TrainConfig, List<Integer>> MATRYOSHKA_DIMS =
      train(
          "matryoshka-dims",
          list(integer(1, MANY), 0),
          "[]",
          "Lengths at which the beginnings of vectors are trained as vectors, such as [384, 128, 64];"
              + " none: only whole ones.",
          train -> train.loss().matryoshkaDims());
  static final Key<TrainConfig, Auto<List<Double>>> MATRYOSHKA_WEIGHTS =
      train(
          "matryoshka-weights",
          auto(sequence(POSITIVE)),
          "auto",
          "Weight of the loss at each of matryoshka-dims, in their order; auto: 1.",
          train -> train.loss().matryoshkaWeights());
  static final Key<TrainConfig, Reduction> MATRYOSHKA_REDUCTION =
      train(
          "matryoshka-reduction",
          choice(Reduction.class),
          "sum",
          "Whether the losses at all lengths are added up, or averaged by weight.",
          train -> train.loss().matryoshkaReduction());
  static final Key<TrainConfig, String> GUIDE =
      train(
          "guide",
          NOT_BLANK,
          "none",
          "Model whose similarity says which documents of a batch are false negatives, beside those known: builtin:NAME, a folder, or none. mnrl and cached-mnrl.",
          train -> train.loss().guide().model());
  static final Key<TrainConfig, Double> GUIDE_MARGIN =
      train(
          "guide-margin",
          NUMBER,
          "0",
          "How far below the positive's a document's similarity begins to make it a false negative.",
          train -> train.loss().guide().margin());
  static final Key<TrainConfig, GuideMargin> GUIDE_MARGIN_KIND =
      train(
          "guide-margin-kind",
          choice(GuideMargin.class),
          "absolute",
          "Whether the margin is a difference, or a share of the positive's similarity.",
          train -> train.loss().guide().kind());
  static final Key<TrainConfig, Distillation> DISTILLATION =
      train(
          "distillation",
          choice(Distillation.class),
          "none",
          "What rows with negatives learn from the scores of mine.filter-scorer instead of a ranking: its differences, or how it spreads its scores.",
          train -> train.loss().distillation().kind());
  static final Key<TrainConfig, Double> DISTILLATION_TEMPERATURE =
      train(
          "distillation-temperature",
          POSITIVE,
          "1",
          "What scores are divided by where distillation = kl.",
          train -> train.loss().distillation().temperature());
  static final Key<TrainConfig, Integer> TRAIN_CHUNK_TOKENS =
      train(
          "chunk-tokens",
          integer(8, MANY),
          "8192",
          "Most tokens of a forward pass, padding included.",
          train -> train.loss().chunkTokens());
  static final Key<TrainConfig, Integer> ACTIVATION_MEMORY =
      train(
          "activation-memory",
          integer(0, MANY),
          "1024",
          "cached-mnrl: MiB for graphs kept from the first pass, whose texts need no second one.",
          train -> train.loss().activationMemory());
  static final Key<TrainConfig, Auto<Integer>> EPOCHS =
      train(
          "epochs",
          auto(integer(1, MANY)),
          "auto",
          "Passes over the rows; auto: 1 below 10,000 rows, else 2.",
          TrainConfig::epochs);
  static final Key<TrainConfig, Integer> MAX_STEPS =
      train(
          "max-steps",
          integer(0, MANY),
          "0",
          "Optimizer updates, overrides epochs; 0: as epochs says.",
          TrainConfig::maxSteps);
  static final Key<TrainConfig, Integer> MAX_ROWS =
      train(
          "max-rows",
          integer(0, MANY),
          "0",
          "Rows a run trains on, taken by hash from all data sets; 0: all.",
          TrainConfig::maxRows);
  static final Key<TrainConfig, Auto<Integer>> BATCH_SIZE =
      train(
          "batch-size",
          auto(integer(2, MANY)),
          "auto",
          "Rows per step and rank; auto: the largest of 32, 64, 128 that fits and leaves 100"
              + " updates.",
          TrainConfig::batchSize);
  static final Key<TrainConfig, Integer> NEGATIVES_PER_QUERY =
      train(
          "negatives-per-query",
          integer(0, MANY),
          "1",
          "Hard negatives per row.",
          TrainConfig::negativesPerQuery);
  static final Key<TrainConfig, String> CURRICULUM =
      train(
          "curriculum",
          text(
              "none, linear, stepped, or a Spark SQL expression over progress",
              text -> !text.isBlank()),
          "none",
          "Highest difficulty of a row's negatives, by progress p, the share of updates done; the"
              + " easiest one is always used. linear: p; stepped: 1/3, 2/3, 1 in each third.",
          TrainConfig::curriculum);
  static final Key<TrainConfig, Integer> REFRESH_EVERY =
      train(
          "refresh-every",
          integer(0, MANY),
          "0",
          "Updates after which negatives are mined anew with the model as it is then; 0: never.",
          TrainConfig::refreshEvery);
  static final Key<TrainConfig, Double> LEARNING_RATE =
      train("learning-rate", POSITIVE, "2e-5", "Highest learning rate.", TrainConfig::learningRate);
  static final Key<TrainConfig, Schedule> SCHEDULE =
      train(
          "schedule",
          choice(Schedule.class),
          "linear",
          "How the learning rate falls after the warm-up.",
          TrainConfig::schedule);
  static final Key<TrainConfig, Double> WARMUP_RATIO =
      train(
          "warmup-ratio",
          SHARE,
          "0.1",
          "Share of updates in which the learning rate rises from 0.",
          TrainConfig::warmupRatio);
  static final Key<TrainConfig, Double> WEIGHT_DECAY =
      train(
          "weight-decay",
          NOT_NEGATIVE,
          "0.01",
          "AdamW's weight decay; biases and norm weights have none.",
          TrainConfig::weightDecay);
  static final Key<TrainConfig, Double> MAX_GRADIENT_NORM =
      train(
          "max-gradient-norm",
          POSITIVE,
          "1.0",
          "L2 norm to which the whole gradient is clipped.",
          TrainConfig::maxGradientNorm);
  static final Key<TrainConfig, Auto<Double>> DROPOUT_RATE =
      train(
          "dropout",
          auto(DROPOUT),
          "auto",
          "Dropout of hidden states; auto: as the model's config.json says.",
          TrainConfig::dropout);
  static final Key<TrainConfig, Double> ATTENTION_DROPOUT =
      train(
          "attention-dropout",
          DROPOUT,
          "0.0",
          "Dropout of attention weights; on a processor any but 0 makes attention 3.6x slower.",
          TrainConfig::attentionDropout);
  static final Key<TrainConfig, Auto<Integer>> MAX_LENGTH =
      train(
          "max-length",
          auto(integer(4, MANY)),
          "auto",
          "Tokens per text, special tokens and prompt included; auto: the model's limit.",
          TrainConfig::maxLength);
  static final Key<TrainConfig, Integer> MIN_POSITIVE_GRADE =
      train(
          "min-positive-grade",
          integer(1, MANY),
          "1",
          "Lowest grade of a positive.",
          TrainConfig::minPositiveGrade);
  static final Key<TrainConfig, Precision> PRECISION =
      train(
          "precision",
          choice(Precision.class),
          "auto",
          "What products of matrices are computed in while training; weights stay fp32. auto: fp32.",
          TrainConfig::precision);
  static final Key<TrainConfig, Auto<Integer>> TORCH_THREADS =
      train(
          "torch-threads",
          auto(integer(1, 1024)),
          "auto",
          "Threads of the tensor library; auto: the machine's processors.",
          TrainConfig::torchThreads);
  static final Key<TrainConfig, Sampling> SAMPLING =
      train(
          "sampling",
          choice(Sampling.class),
          "proportional",
          "How updates of several data sets take turns in an epoch: as many of each as its rows fill,"
              + " or one of each until the first has no more; the rest is left out and counted.",
          TrainConfig::sampling);
  static final Key<TrainConfig, Boolean> MASK_FALSE_NEGATIVES =
      train(
          "mask-false-negatives",
          bool(),
          "true",
          "Whether known positives of a query are left out of its in-batch negatives.",
          TrainConfig::maskFalseNegatives);
  static final Key<TrainConfig, Integer> RANKS =
      train(
          "ranks",
          new ValueType<>(
              "1: this version trains on one rank",
              integer(1, 1).parser(),
              ranks -> ranks == 1,
              ranks -> ranks),
          "1",
          "Processes that train side by side; this version trains on one.",
          TrainConfig::ranks);
  static final Key<TrainConfig, Integer> NON_FINITE_LIMIT =
      train(
          "non-finite-limit",
          integer(1, MANY),
          "3",
          "Steps in a row with a loss or gradient that is not finite before training stops.",
          TrainConfig::nonFiniteLimit);

  static final Key<TrainConfig, Integer> ACCUMULATION =
      train(
          "accumulation",
          integer(1, MANY),
          "1",
          "Batches whose gradients make one update; it adds no negatives: a row sees those of its own"
              + " batch alone.",
          config -> config.update().accumulation());
  static final Key<TrainConfig, Double> LAYER_DECAY =
      train(
          "layer-decay",
          PART,
          "1.0",
          "Factor on the learning rate from each layer to the one below it, down to the embeddings.",
          config -> config.update().layerDecay());
  static final Key<TrainConfig, SortedMap<String, Double>> LEARNING_RATES =
      train(
          "learning-rates",
          RATES,
          "{}",
          "Highest learning rates by parameter name, with all below it, * for any characters, or by"
              + " layer (3, 0-2); the longest that matches counts, without layer-decay.",
          config -> config.update().learningRates());
  static final Key<TrainConfig, List<String>> FREEZE =
      train(
          "freeze",
          list(NOT_BLANK, 0),
          "[]",
          "What is not trained: layers (0, 1-3) and parameter names as in learning-rates, such as"
              + " embeddings.",
          config -> config.update().freeze());

  static final Key<TrainConfig, Integer> EVALUATE_EVERY =
      train(
          "evaluate-every",
          integer(0, MANY),
          "0",
          "Updates between two validations on split validation, by the use case's metric; the best"
              + " model is the tuned one. 0: never, and the last one is.",
          config -> config.validation().every());
  static final Key<TrainConfig, Integer> VALIDATION_DOCUMENTS =
      train(
          "validation-documents",
          integer(0, MANY),
          "10000",
          "Documents of each data set, taken by hash, that a validation ranks beside the judged"
              + " ones.",
          config -> config.validation().documents());
  static final Key<TrainConfig, Integer> EARLY_STOPPING =
      train(
          "early-stopping",
          integer(0, MANY),
          "0",
          "Validations in a row without a better model after which training stops; 0: never.",
          config -> config.validation().patience());
  static final Key<TrainConfig, Double> INTERPOLATE =
      train(
          "interpolate",
          PART,
          "1.0",
          "Share of the way from the base's weights to the trained ones that the tuned model goes:"
              + " below 1 it forgets less and learns less.",
          config -> config.validation().interpolate());

  static final Key<CheckpointConfig, Integer> CHECKPOINT_EVERY =
      checkpoint(
          "checkpoint-every",
          integer(0, MANY),
          "0",
          "Updates after which a checkpoint is written; 0: only checkpoint-minutes counts.",
          CheckpointConfig::every);
  static final Key<CheckpointConfig, Double> CHECKPOINT_MINUTES =
      checkpoint(
          "checkpoint-minutes",
          NOT_NEGATIVE,
          "10",
          "Minutes after which a checkpoint is written; 0: only checkpoint-every counts.",
          CheckpointConfig::minutes);
  static final Key<CheckpointConfig, Integer> KEEP_CHECKPOINTS =
      checkpoint(
          "keep-checkpoints",
          integer(1, MANY),
          "2",
          "Newest checkpoints that stay beside the best; with 1, a damaged one means starting over.",
          CheckpointConfig::keep);

  static final Key<Bm25Config, TextAnalysis> BM25_ANALYSIS =
      bm25(
          "analysis",
          choice(TextAnalysis.class),
          "english",
          "How texts become terms: the language's words as stems, without its stop words.",
          Bm25Config::analysis);
  static final Key<Bm25Config, Double> BM25_K1 =
      bm25("k1", NOT_NEGATIVE, "0.9", "How soon a repeated term counts less.", Bm25Config::k1);
  static final Key<Bm25Config, Double> BM25_B =
      bm25("b", SHARE, "0.4", "How much long documents count less.", Bm25Config::b);
  static final Key<Bm25Config, List<DocumentField>> BM25_FIELDS =
      bm25(
          "fields",
          list(choice(DocumentField.class), 1),
          "[whole]",
          "What is searched, each for itself, scores added up; whole: title and text in one.",
          Bm25Config::fields);

  static final Key<EncodeConfig, Precision> ENCODE_PRECISION =
      new Key<>(
          "encode",
          "precision",
          choice(Precision.class),
          "fp32",
          "What products of matrices are computed in while encoding. auto: bf16 where the processor is measured to be faster in it; vectors agree with fp32's to about 3 digits.",
          EncodeConfig::precision);

  static final Key<EvaluateConfig, Split> EVALUATE_SPLIT =
      evaluate(
          "split", choice(Split.class), "test", "Split that is evaluated.", EvaluateConfig::split);
  static final Key<EvaluateConfig, List<Integer>> K =
      evaluate(
          "k",
          list(integer(1, 10_000), 1),
          "[1, 3, 5, 10, 100]",
          "Ranks at which metrics are cut off.",
          EvaluateConfig::k);
  static final Key<EvaluateConfig, Auto<List<Integer>>> DIMS =
      evaluate(
          "dims",
          auto(list(integer(1, MANY), 1)),
          "auto",
          "First dimensions of a vector that are compared, brought to length 1 again; all of them are always measured too. auto: all, and train.matryoshka-dims where the run trains.",
          EvaluateConfig::dims);
  static final Key<EvaluateConfig, List<StoredPrecision>> PRECISIONS =
      evaluate(
          "precisions",
          list(choice(StoredPrecision.class), 1),
          "[fp32]",
          "Number formats of the documents' vectors that rankings are measured in; fp32 always is.",
          EvaluateConfig::precisions);
  static final Key<EvaluateConfig, List<Baseline>> BASELINES =
      evaluate(
          "baselines",
          list(choice(Baseline.class), 0),
          "[base, bm25]",
          "What the tuned model is compared with.",
          EvaluateConfig::baselines);
  static final Key<EvaluateConfig, UseCase> USE_CASE =
      evaluate(
          "use-case",
          choice(UseCase.class),
          "document-retrieval",
          "What the model is for; decides the primary metric: NDCG@10, MRR@10, MAP@10, Recall@100.",
          EvaluateConfig::useCase);
  static final Key<EvaluateConfig, Auto<PrimaryMetric>> PRIMARY_METRIC =
      evaluate(
          "primary-metric",
          auto(primaryMetric()),
          "auto",
          "Metric that rankings are judged by, in validation too; auto: the one of use-case.",
          EvaluateConfig::primaryMetric);
  static final Key<EvaluateConfig, List<OtherModel>> OTHER_MODELS =
      evaluate(
          "models",
          groups(OtherModel.class),
          "[]",
          "Models that are measured beside the run's own, each { name, path }.",
          EvaluateConfig::models);
  static final Key<OtherModel, String> OTHER_MODEL_NAME =
      new Key<>(
          "evaluate.models[]",
          "name",
          ID,
          null,
          "What tables call the model; unique.",
          OtherModel::name);
  static final Key<OtherModel, String> OTHER_MODEL_PATH =
      new Key<>(
          "evaluate.models[]",
          "path",
          NOT_BLANK,
          null,
          "builtin:NAME or a model folder; its own prompts and length are used.",
          OtherModel::path);
  static final Key<EvaluateConfig, List<OtherRun>> OTHER_RUNS =
      evaluate(
          "runs",
          groups(OtherRun.class),
          "[]",
          "TREC run files of other systems, each { name, path, datasets }.",
          EvaluateConfig::runs);
  static final Key<OtherRun, String> OTHER_RUN_NAME =
      new Key<>(
          "evaluate.runs[]",
          "name",
          ID,
          null,
          "What tables call the system; unique among models too.",
          OtherRun::name);
  static final Key<OtherRun, String> OTHER_RUN_PATH =
      new Key<>(
          "evaluate.runs[]",
          "path",
          NOT_BLANK,
          null,
          "File, folder or pattern of lines: query, Q0, document, rank, score, tag.",
          OtherRun::path);
  static final Key<OtherRun, Auto<List<String>>> OTHER_RUN_DATASETS =
      new Key<>(
          "evaluate.runs[]",
          "datasets",
          auto(list(ID, 1)),
          "auto",
          "Data sets whose queries it answers; auto: the one that has rankings.",
          OtherRun::datasets);
  static final Key<EvaluateConfig, Boolean> WRITE_RUNS =
      evaluate(
          "write-runs",
          bool(),
          "false",
          "Whether every model's rankings are published and exported as TREC run files too.",
          EvaluateConfig::writeRuns);
  static final Key<EvaluateConfig, Boolean> EXCLUDE_IDENTICAL =
      evaluate(
          "exclude-identical",
          bool(),
          "false",
          "Whether a document whose text is the query's own is left out of its ranking.",
          EvaluateConfig::excludeIdentical);
  static final Key<EvaluateConfig, Gain> GAIN =
      evaluate(
          "gain",
          choice(Gain.class),
          "linear",
          "Gain of a grade in NDCG: the grade, or 2^grade - 1.",
          EvaluateConfig::gain);
  static final Key<EvaluateConfig, Integer> MIN_RELEVANT_GRADE =
      evaluate(
          "min-relevant-grade",
          integer(1, MANY),
          "1",
          "Lowest grade of a relevant document.",
          EvaluateConfig::minRelevantGrade);
  static final Key<EvaluateConfig, Integer> CONFIDENCE_DRAWS =
      evaluate(
          "confidence-draws",
          integer(100, 1_000_000),
          "1000",
          "Bootstrap draws behind each 95 % confidence interval.",
          EvaluateConfig::confidenceDraws);

  static final Key<ForgettingConfig, Auto<List<String>>> GENERAL =
      new Key<>(
          "evaluate",
          "general",
          auto(list(ID, 0)),
          "auto",
          "Names of the data sets that training must not cost anything; auto: those with train-on = false.",
          ForgettingConfig::general);

  static final Key<DetailConfig, List<SliceConfig>> SLICES =
      new Key<>(
          "evaluate",
          "slices",
          list(slice(ID), 0),
          "[domain, length, positives]",
          "What parts the queries of slice_metrics; by: over columns of queries, with relevant_count, and of their relevant documents, such as documents.source.",
          DetailConfig::slices);
  static final Key<DetailConfig, List<ProbeConfig>> PROBES =
      new Key<>(
          "evaluate",
          "probes",
          list(probe(), 0),
          "[]",
          "Pairs of texts, such as a term and its synonym: the cosine of each model, and the rank of the second among all documents for the first.",
          DetailConfig::probes);

  static final Key<TuneConfig, SortedMap<String, TuneDimension>> TUNE_SPACE =
      tune(
          "space",
          space(),
          "{ learning-rate = { from = 5e-6, to = 1e-4, scale = log }, warmup-ratio = [0.1, 0.2] }",
          "What tune varies: keys of train, or of another group with its name before them.",
          TuneConfig::space);
  static final Key<TuneConfig, Integer> TUNE_TRIALS =
      tune(
          "trials", integer(1, 10_000), "9", "Configurations that tune tries.", TuneConfig::trials);
  static final Key<TuneConfig, Integer> TUNE_HALVING =
      tune(
          "halving",
          integer(1, 100),
          "3",
          "One in so many trials goes on after each rung, with so many times the updates; 1: every trial is trained to its end.",
          TuneConfig::halving);
  static final Key<TuneConfig, Auto<Integer>> TUNE_BUDGET =
      tune(
          "budget",
          auto(integer(1, MANY)),
          "auto",
          "Updates of a trial that is trained to its end; auto: as train.epochs and train.max-steps say.",
          TuneConfig::budget);

  static final Key<MlflowConfig, String> TRACKING_URI =
      mlflow(
          "tracking-uri",
          trackingUri(),
          MlflowConfig.NONE,
          "MLflow server that run, demo and report log to; its user, password or token come from"
              + " MLFLOW_TRACKING_USERNAME, _PASSWORD, _TOKEN.",
          MlflowConfig::trackingUri);
  static final Key<MlflowConfig, String> EXPERIMENT =
      mlflow(
          "experiment",
          text(
              "a text of 1 to 500 characters that is not blank",
              text -> !text.isBlank() && text.length() <= 500),
          "hone",
          "The experiment there, made where it is missing.",
          MlflowConfig::experiment);
  static final Key<MlflowConfig, Auto<String>> RUN_NAME =
      mlflow(
          "run-name",
          auto(NOT_BLANK),
          "auto",
          "What the run is called there; auto: its id.",
          MlflowConfig::runName);
  static final Key<MlflowConfig, SortedMap<String, String>> TAGS =
      mlflow(
          "tags",
          texts("a group of tag = text"),
          "{}",
          "Further tags of the run there; those that begin with hone. are Hone's.",
          MlflowConfig::tags);

  static final List<Key<RunConfig, ?>> RUN =
      List.of(
          RUN_ID, WORKSPACE, SEED, MODEL, DATASETS, PROMPT_QUERY, PROMPT_DOCUMENT, MAX_FORGETTING);
  static final List<Key<DatasetConfig, ?>> DATASET =
      List.of(
          DATASET_NAME,
          DATASET_TYPE,
          DATASET_DOMAIN,
          DATASET_TRAIN_ON,
          DATASET_WHERE,
          DATASET_LABELS,
          DATASET_SCORE_RANGE,
          DATASET_PER_GROUP);
  static final List<Key<OwnTrainConfig, ?>> OWN =
      List.of(
          OWN_LOSS,
          OWN_SCALE,
          OWN_SYMMETRIC,
          OWN_MARGIN,
          OWN_NEGATIVES,
          OWN_PROMPT_QUERY,
          OWN_PROMPT_DOCUMENT,
          OWN_MAX_LENGTH);
  static final List<Key<SplitConfig, ?>> SPLIT =
      List.of(SPLIT_TRAIN, SPLIT_VALIDATION, SPLIT_TEST, SPLIT_BY, SPLIT_COLUMN);
  static final List<Key<NormalizeConfig, ?>> NORMALIZE =
      List.of(
          MAX_REJECT_SHARE,
          MIN_LENGTH,
          MAX_LENGTH_CHARACTERS,
          HTML,
          CHUNK_TOKENS,
          CHUNK_OVERLAP,
          NEAR_DUPLICATES,
          MERGE_DUPLICATES,
          MAX_LEAKAGE,
          MAX_TRUNCATION);
  static final List<Key<StrategyConfig, ?>> STRATEGY =
      List.of(
          STRATEGY_KIND,
          STRATEGY_NAME,
          STRATEGY_QUOTA,
          STRATEGY_DEPTH,
          STRATEGY_MODEL,
          STRATEGY_RARE_SHARE,
          STRATEGY_MIN_HELD,
          STRATEGY_MAX_HELD,
          STRATEGY_BORDER,
          STRATEGY_CLUSTERS);
  static final List<Key<MineConfig, ?>> MINE =
      List.of(
          STRATEGIES,
          DEPTH,
          FILTER_SCORER,
          RELATIVE_MARGIN,
          ABSOLUTE_MARGIN,
          MIN_SCORE,
          MAX_SCORE,
          MIN_AGREEMENT,
          SELECTION,
          WINDOW,
          WINDOW_AFTER_FILTER,
          FILL_UP);
  static final List<Key<TrainConfig, ?>> TRAIN =
      List.of(
          LOSS_NAME,
          SCALE,
          SYMMETRIC,
          DIRECTIONS,
          PARTITION_MODE,
          HARDNESS,
          HARDNESS_STRENGTH,
          DISTANCE,
          MARGIN,
          MATRYOSHKA_DIMS,
          MATRYOSHKA_WEIGHTS,
          MATRYOSHKA_REDUCTION,
          GUIDE,
          GUIDE_MARGIN,
          GUIDE_MARGIN_KIND,
          DISTILLATION,
          DISTILLATION_TEMPERATURE,
          TRAIN_CHUNK_TOKENS,
          ACTIVATION_MEMORY,
          EPOCHS,
          MAX_STEPS,
          MAX_ROWS,
          BATCH_SIZE,
          NEGATIVES_PER_QUERY,
          CURRICULUM,
          REFRESH_EVERY,
          LEARNING_RATE,
          SCHEDULE,
          WARMUP_RATIO,
          WEIGHT_DECAY,
          MAX_GRADIENT_NORM,
          DROPOUT_RATE,
          ATTENTION_DROPOUT,
          MAX_LENGTH,
          MIN_POSITIVE_GRADE,
          PRECISION,
          TORCH_THREADS,
          SAMPLING,
          MASK_FALSE_NEGATIVES,
          RANKS,
          NON_FINITE_LIMIT,
          ACCUMULATION,
          LAYER_DECAY,
          LEARNING_RATES,
          FREEZE,
          EVALUATE_EVERY,
          VALIDATION_DOCUMENTS,
          EARLY_STOPPING,
          INTERPOLATE);
  static final List<Key<CheckpointConfig, ?>> CHECKPOINTS =
      List.of(CHECKPOINT_EVERY, CHECKPOINT_MINUTES, KEEP_CHECKPOINTS);
  static final List<Key<Bm25Config, ?>> BM25 = List.of(BM25_ANALYSIS, BM25_K1, BM25_B, BM25_FIELDS);
  static final List<Key<EncodeConfig, ?>> ENCODE = List.of(ENCODE_PRECISION);
  static final List<Key<EvaluateConfig, ?>> EVALUATE =
      List.of(
          EVALUATE_SPLIT,
          K,
          DIMS,
          PRECISIONS,
          BASELINES,
          OTHER_MODELS,
          OTHER_RUNS,
          WRITE_RUNS,
          USE_CASE,
          PRIMARY_METRIC,
          GAIN,
          MIN_RELEVANT_GRADE,
          EXCLUDE_IDENTICAL,
          CONFIDENCE_DRAWS);
  static final List<Key<OtherModel, ?>> OTHER_MODEL = List.of(OTHER_MODEL_NAME, OTHER_MODEL_PATH);
  static final List<Key<OtherRun, ?>> OTHER_RUN =
      List.of(OTHER_RUN_NAME, OTHER_RUN_PATH, OTHER_RUN_DATASETS);
  static final List<Key<ForgettingConfig, ?>> FORGETTING = List.of(GENERAL);
  static final List<Key<DetailConfig, ?>> DETAIL = List.of(SLICES, PROBES);
  static final List<Key<TuneConfig, ?>> TUNE =
      List.of(TUNE_SPACE, TUNE_TRIALS, TUNE_HALVING, TUNE_BUDGET);

  static final List<Key<MlflowConfig, ?>> MLFLOW =
      List.of(TRACKING_URI, EXPERIMENT, RUN_NAME, TAGS);

  /** Keys of the command line whose values are texts, not HOCON: a URI would not parse. */
  static final Set<String> TEXTS =
      Set.of(
          "run-id",
          "workspace",
          "model",
          "mine.filter-scorer",
          "train.curriculum",
          "train.guide",
          "evaluate.primary-metric",
          "prompts.query",
          "prompts.document",
          "mlflow.tracking-uri",
          "mlflow.experiment",
          "mlflow.run-name");

  private Keys() {}

  /** Every key, in the order of the help texts. */
  static List<Key<?, ?>> all() {
    return Stream.<List<? extends Key<?, ?>>>of(
            RUN,
            DATASET,
            source(SourceRole.ROWS),
            source(SourceRole.DOCUMENTS),
            source(SourceRole.QUERIES),
            source(SourceRole.QRELS),
            SPLIT,
            OWN,
            NORMALIZE,
            MINE,
            STRATEGY,
            BM25,
            ENCODE,
            TRAIN,
            CHECKPOINTS,
            EVALUATE,
            OTHER_MODEL,
            OTHER_RUN,
            FORGETTING,
            DETAIL,
            TUNE,
            MLFLOW)
        .<Key<?, ?>>flatMap(List::stream)
        .toList();
  }

  /** The options of a kind of strategy, in the order of the help texts. */
  static List<Key<StrategyConfig, ?>> strategy(StrategyKind kind) {
    return switch (kind) {
      case BM25, RANDOM -> List.of(STRATEGY_KIND, STRATEGY_NAME, STRATEGY_QUOTA, STRATEGY_DEPTH);
      case DENSE ->
          List.of(STRATEGY_KIND, STRATEGY_NAME, STRATEGY_QUOTA, STRATEGY_DEPTH, STRATEGY_MODEL);
      case CONTRADICTION -> List.of(STRATEGY_KIND, STRATEGY_NAME, STRATEGY_QUOTA);
      case PARTIAL_MATCH ->
          List.of(
              STRATEGY_KIND,
              STRATEGY_NAME,
              STRATEGY_QUOTA,
              STRATEGY_DEPTH,
              STRATEGY_RARE_SHARE,
              STRATEGY_MIN_HELD,
              STRATEGY_MAX_HELD);
      case DOMAIN_CONFUSION ->
          List.of(
              STRATEGY_KIND,
              STRATEGY_NAME,
              STRATEGY_QUOTA,
              STRATEGY_DEPTH,
              STRATEGY_MODEL,
              STRATEGY_BORDER,
              STRATEGY_CLUSTERS);
      case GIVEN -> List.of(STRATEGY_KIND, STRATEGY_QUOTA);
    };
  }

  /** The keys of one source of a data set. */
  static List<Key<SourceConfig, ?>> source(SourceRole role) {
    List<Key<SourceConfig, ?>> keys = new ArrayList<>();
    keys.add(sourceFormat(role));
    keys.add(sourcePath(role));
    if (role.mayNameSplits()) {
      keys.add(sourcePaths(role));
    }
    keys.add(sourceOptions(role));
    keys.add(sourceExplode(role));
    keys.add(sourceColumns(role));
    return List.copyOf(keys);
  }

  static Key<SourceConfig, String> sourceFormat(SourceRole role) {
    return dataset(
        role.key() + ".format",
        NOT_BLANK,
        null,
        role == SourceRole.ROWS
            ? "wordnet, beir, or any Spark data source: json, csv, parquet, xml, ..."
            : "trec, or any Spark data source, for the " + role.key() + " of a ranking data set.",
        SourceConfig::format);
  }

  static Key<SourceConfig, String> sourcePath(SourceRole role) {
    return dataset(
        role.key() + ".path",
        ANY_TEXT,
        "\"\"",
        "File, folder or pattern to read; empty where the format needs none.",
        SourceConfig::path);
  }

  static Key<SourceConfig, SortedMap<String, String>> sourcePaths(SourceRole role) {
    return dataset(
        role.key() + ".paths",
        PATHS,
        "{}",
        "Instead of path: what to read for each split; shares and keys of split do not count then.",
        SourceConfig::paths);
  }

  static Key<SourceConfig, SortedMap<String, String>> sourceOptions(SourceRole role) {
    return dataset(
        role.key() + ".options",
        OPTIONS,
        "{}",
        "Options of the format; schema: columns and types as DDL, else inferred.",
        SourceConfig::options);
  }

  static Key<SourceConfig, List<String>> sourceExplode(SourceRole role) {
    return dataset(
        role.key() + ".explode",
        list(NOT_BLANK, 0),
        "[]",
        "Generators that make rows of nested arrays, one after the other, such as"
            + " \"explode(paragraphs) as paragraph\".",
        SourceConfig::explode);
  }

  static Key<SourceConfig, SortedMap<String, String>> sourceColumns(SourceRole role) {
    return role == SourceRole.ROWS
        ? DATASET_COLUMNS
        : dataset(
            role.key() + ".columns",
            COLUMNS,
            "{}",
            "Where the columns " + String.join(", ", role.requiredColumns(null)) + " come from.",
            SourceConfig::columns);
  }

  private static <T> Key<RunConfig, T> run(
      String name, ValueType<T> type, String value, String text, Function<RunConfig, T> accessor) {
    return new Key<>("", name, type, value, text, accessor);
  }

  private static <C, T> Key<C, T> dataset(
      String name, ValueType<T> type, String value, String text, Function<C, T> accessor) {
    return new Key<>("datasets[]", name, type, value, text, accessor);
  }

  private static <T> Key<NormalizeConfig, T> normalize(
      String name,
      ValueType<T> type,
      String value,
      String text,
      Function<NormalizeConfig, T> accessor) {
    return new Key<>("normalize", name, type, value, text, accessor);
  }

  private static <T> Key<StrategyConfig, T> strategy(
      String name,
      ValueType<T> type,
      String value,
      String text,
      Function<StrategyConfig, T> accessor) {
    return new Key<>("mine.strategies[]", name, type, value, text, accessor);
  }

  private static <T> Key<MineConfig, T> mine(
      String name, ValueType<T> type, String value, String text, Function<MineConfig, T> accessor) {
    return new Key<>("mine", name, type, value, text, accessor);
  }

  private static <T> Key<Bm25Config, T> bm25(
      String name, ValueType<T> type, String value, String text, Function<Bm25Config, T> accessor) {
    return new Key<>("bm25", name, type, value, text, accessor);
  }

  private static <T> Key<TrainConfig, T> train(
      String name,
      ValueType<T> type,
      String value,
      String text,
      Function<TrainConfig, T> accessor) {
    return new Key<>("train", name, type, value, text, accessor);
  }

  private static <T> Key<CheckpointConfig, T> checkpoint(
      String name,
      ValueType<T> type,
      String value,
      String text,
      Function<CheckpointConfig, T> accessor) {
    return new Key<>("train", name, type, value, text, accessor);
  }

  private static <T> Key<EvaluateConfig, T> evaluate(
      String name,
      ValueType<T> type,
      String value,
      String text,
      Function<EvaluateConfig, T> accessor) {
    return new Key<>("evaluate", name, type, value, text, accessor);
  }

  private static <T> Key<TuneConfig, T> tune(
      String name, ValueType<T> type, String value, String text, Function<TuneConfig, T> accessor) {
    return new Key<>("tune", name, type, value, text, accessor);
  }

  private static <T> Key<MlflowConfig, T> mlflow(
      String name,
      ValueType<T> type,
      String value,
      String text,
      Function<MlflowConfig, T> accessor) {
    return new Key<>("mlflow", name, type, value, text, accessor);
  }
}
