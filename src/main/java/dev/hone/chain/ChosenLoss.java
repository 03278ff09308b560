package dev.hone.chain;

import dev.hone.config.GuideConfig;
import dev.hone.config.Loss;
import dev.hone.config.LossConfig;
import dev.hone.config.TrainConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.loss.Direction;
import dev.hone.loss.Distance;
import dev.hone.loss.Distillation;
import dev.hone.loss.Guide;
import dev.hone.loss.GuidedRanking;
import dev.hone.loss.Hardness;
import dev.hone.loss.MatryoshkaOptions;
import dev.hone.loss.Objective;
import dev.hone.loss.OrderOptions;
import dev.hone.loss.Partition;
import dev.hone.loss.RankingOptions;
import dev.hone.loss.TripletOptions;
import dev.hone.model.ModelFolder;
import dev.hone.train.GradientCache;
import dev.hone.train.GradientMethod;
import dev.hone.train.OneGraph;
import dev.hone.train.TrainingLoss;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loss that a data set is trained with, once what the configuration leaves open is settled by
 * the rows and the model.
 */
final class ChosenLoss {
  private static final Logger LOG = LoggerFactory.getLogger(ChosenLoss.class);

  private static final long ROWS_FOR_A_CACHE = 100_000;
  private static final int LARGEST_PLAIN_BATCH = 128;
  private static final List<Integer> PLAIN_BATCHES = List.of(32, 64, LARGEST_PLAIN_BATCH);
  private static final List<Integer> CACHED_BATCHES = List.of(512, 1024, 2048, 4096);
  private static final int UPDATES_TO_LEAVE = 100;
  private static final double MARGIN = 5;
  private static final double UNIT_MARGIN = 0.5;
  private static final double UNIT_DISTANCE = 2;

  private final LossConfig options;
  private final boolean maskFalseNegatives;
  private final Loss loss;

  private ChosenLoss(LossConfig options, boolean maskFalseNegatives, Loss loss) {
    this.options = options;
    this.maskFalseNegatives = maskFalseNegatives;
    this.loss = loss;
  }

  /**
   * Settles which loss it is.
   *
   * @param train how the data set is trained on
   * @param rows of the run that are trained on
   */
  static ChosenLoss of(TrainConfig train, long rows) {
    LossConfig options = train.loss();
    Loss loss = options.loss();
    if (loss == Loss.AUTO) {
      int batch = train.batchSize().orElse(1);
      loss = rows >= ROWS_FOR_A_CACHE || batch > LARGEST_PLAIN_BATCH ? Loss.CACHED_MNRL : Loss.MNRL;
    }
    return new ChosenLoss(options, train.maskFalseNegatives(), loss);
  }

  /** Whether its memory does not grow with the batch. */
  boolean isCached() {
    return loss == Loss.CACHED_MNRL;
  }

  /** Its name in the configuration. */
  String word() {
    return loss.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it learns: its name, or what it learns of a teacher. */
  private String learned() {
    return options.distillation().isOn()
        ? String.valueOf(distilled().settings().get("loss"))
        : word();
  }

  /**
   * The largest batch of the guide that leaves 100 updates; else the smallest, with a warning.
   *
   * @param cached whether memory does not grow with the batch, whatever data set it is of
   */
  static int batch(boolean cached, long rows, int epochs) {
    List<Integer> sizes = cached ? CACHED_BATCHES : PLAIN_BATCHES;
    int batch = sizes.get(0);
    for (int size : sizes) {
      batch = rows * epochs / size >= UPDATES_TO_LEAVE ? size : batch;
    }
    if (rows * epochs / batch < UPDATES_TO_LEAVE) {
      LOG.warn(
          "{} rows in {} epoch(s) leave {} updates in batches of {}; fewer than {} change a model little. Add rows, or raise train.epochs.",
          rows,
          epochs,
          rows * epochs / batch,
          batch,
          UPDATES_TO_LEAVE);
    }
    return batch;
  }

  /**
   * What a rank needs of it.
   *
   * @param resolved takes what {@code auto} became
   */
  TrainingLoss over(ModelFolder model, Map<String, String> resolved) {
    resolved.put("train.loss", learned());
    MatryoshkaOptions matryoshka =
        new MatryoshkaOptions(
            options.matryoshkaDims(),
            options
                .matryoshkaWeights()
                .orElse(Collections.nCopies(options.matryoshkaDims().size(), 1.0)),
            switch (options.matryoshkaReduction()) {
              case SUM -> MatryoshkaOptions.Reduction.SUM;
              case MEAN -> MatryoshkaOptions.Reduction.MEAN;
            });
    return new TrainingLoss(
        switch (loss) {
          case TRIPLET -> triplets(model, resolved);
          case COSENT -> new OrderOptions(options.scale());
          case AUTO, MNRL, CACHED_MNRL ->
              options.distillation().isOn() ? distilled() : guided(ranking());
        },
        matryoshka,
        maskFalseNegatives);
  }

  /** How its gradients are made. */
  GradientMethod gradients() {
    return isCached()
        ? new GradientCache(
            options.chunkTokens(),
            GradientCache.CHUNK_ROWS,
            (long) options.activationMemory() << 20)
        : new OneGraph(options.chunkTokens());
  }

  /**
   * Checks that a model's vectors are long enough; warns where they are not trained as a whole.
   *
   * @throws HoneException if they are too short
   */
  static void checkDims(LossConfig options, ModelFolder model) {
    List<Integer> dims = options.matryoshkaDims();
    int most = model.dimension();
    if (dims.stream().anyMatch(dim -> dim > most)) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "hone.train.matryoshka-dims is %s, but the vectors of %s have %d dimensions: leave out what is above."
              .formatted(dims, model.path(), most));
    }
    if (!dims.isEmpty() && !dims.contains(most)) {
      LOG.warn(
          "train.matryoshka-dims is {}, without the model's {} dimensions: whole vectors are not trained. Add {} unless they are never used.",
          dims,
          most,
          most);
    }
  }

  private Objective distilled() {
    return new Distillation(
        switch (options.distillation().kind()) {
          case MARGIN_MSE -> Distillation.Kind.MARGIN_MSE;
          case NONE, KL -> Distillation.Kind.KL;
        },
        options.distillation().temperature());
  }

  private Objective guided(RankingOptions ranking) {
    GuideConfig guide = options.guide();
    return !guide.isOn()
        ? ranking
        : new GuidedRanking(
            ranking,
            switch (guide.kind()) {
              case ABSOLUTE -> Guide.Margin.ABSOLUTE;
              case RELATIVE -> Guide.Margin.RELATIVE;
            },
            guide.margin());
  }

  private RankingOptions ranking() {
    if (options.symmetric()) {
      RankingOptions both = RankingOptions.symmetric(options.scale());
      return new RankingOptions(
          both.scale(),
          both.directions(),
          both.partition(),
          hardness(),
          options.hardnessStrength());
    }
    return new RankingOptions(
        options.scale(),
        options.directions().stream().map(ChosenLoss::direction).toList(),
        switch (options.partitionMode()) {
          case JOINT -> Partition.JOINT;
          case PER_DIRECTION -> Partition.PER_DIRECTION;
        },
        hardness(),
        options.hardnessStrength());
  }

  private static Direction direction(dev.hone.config.Direction direction) {
    return switch (direction) {
      case QUERY_TO_DOCUMENT -> Direction.QUERY_TO_DOCUMENT;
      case QUERY_TO_QUERY -> Direction.QUERY_TO_QUERY;
      case DOCUMENT_TO_QUERY -> Direction.DOCUMENT_TO_QUERY;
      case DOCUMENT_TO_DOCUMENT -> Direction.DOCUMENT_TO_DOCUMENT;
    };
  }

  private Hardness hardness() {
    return switch (options.hardness()) {
      case NONE -> Hardness.NONE;
      case IN_BATCH_NEGATIVES -> Hardness.IN_BATCH_NEGATIVES;
      case HARD_NEGATIVES -> Hardness.HARD_NEGATIVES;
      case ALL_NEGATIVES -> Hardness.ALL_NEGATIVES;
    };
  }

  private Objective triplets(ModelFolder model, Map<String, String> resolved) {
    Distance distance =
        switch (options.distance()) {
          case EUCLIDEAN -> Distance.EUCLIDEAN;
          case COSINE -> Distance.COSINE;
        };
    boolean unit =
        distance == Distance.COSINE || model.normalized() || !options.matryoshkaDims().isEmpty();
    double margin = options.margin().orElse(unit ? UNIT_MARGIN : MARGIN);
    resolved.put("train.margin", String.valueOf(margin));
    if (options.margin().isAuto()) {
      LOG.info(
          "train.margin = {}: {}",
          margin,
          unit ? "distances are at most 2" : "vectors have any length");
    } else if (unit && margin >= UNIT_DISTANCE) {
      LOG.warn(
          "train.margin is {}, but distances are at most 2 here: no triplet is ever far enough apart. Take a margin below 2; auto is {}.",
          margin,
          UNIT_MARGIN);
    }
    return new TripletOptions(distance, margin);
  }
}
