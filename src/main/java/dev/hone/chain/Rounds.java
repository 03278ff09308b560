package dev.hone.chain;

import dev.hone.cluster.AdvisedRows;
import dev.hone.cluster.CheckpointPolicy;
import dev.hone.cluster.PlanStage;
import dev.hone.cluster.Segment;
import dev.hone.cluster.TrainStage;
import dev.hone.cluster.TrainedModel;
import dev.hone.cluster.TrainingSpec;
import dev.hone.cluster.ValidationRows;
import dev.hone.config.RunConfig;
import dev.hone.config.TrainConfig;
import dev.hone.config.UpdateConfig;
import dev.hone.encode.VectorsStage;
import dev.hone.mine.MineStage;
import dev.hone.mine.Round;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelReference;
import dev.hone.model.Precision;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.text.Prompts;
import dev.hone.train.ParameterRates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mining and training in turns: a segment of training for each mining round, and each round but the
 * first mined with the model as the segment before it left it (ANCE, arXiv 2007.00808). With one
 * round there is one segment.
 */
final class Rounds {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  private final StageContext context;
  private final RunConfig config;
  private final Commit normalForm;
  private final ModelFolder base;
  private final Mining mining;
  private final Supplier<Commit> baseVectors;
  private final Precision encoding;
  private final int threads;

  /**
   * Rounds over a normal form.
   *
   * @param base the model to tune
   * @param baseVectors its vectors, where something asks for them
   * @param encoding the precision of the vectors that are mined with
   * @param threads libtorch's threads
   */
  Rounds(
      StageContext context,
      RunConfig config,
      Commit normalForm,
      ModelFolder base,
      Supplier<Commit> baseVectors,
      Mining mining,
      Precision encoding,
      int threads) {
    this.context = context;
    this.config = config;
    this.normalForm = normalForm;
    this.base = base;
    this.baseVectors = baseVectors;
    this.mining = mining;
    this.encoding = encoding;
    this.threads = threads;
  }

  /**
   * What the rounds published.
   *
   * @param mined one per round
   * @param plans one per segment
   * @param trained the last segment's commit, which holds the tuned model; null before training
   */
  record Result(List<MineStage.Result> mined, List<Commit> plans, Commit trained) {
    /** Without any round. */
    static final Result NONE = new Result(List.of(), List.of(), null);

    /** Without training. */
    static Result ofMiningAlone(MineStage.Result first) {
      return new Result(List.of(first), List.of(), null);
    }
  }

  /**
   * Trains, and mines in between; what is published is not done again.
   *
   * @param first what round 0 found
   * @param resolved takes what {@code auto} became
   */
  Result run(MineStage.Result first, Map<String, String> resolved) {
    Settled settled = Settled.of(context, config, normalForm);
    PlanStage.Resolved batches = settled.batches();
    resolved.put("train.epochs", String.valueOf(batches.epochs()));
    resolved.put("train.batch-size", String.valueOf(batches.batchSize()));
    TrainStage train =
        new TrainStage(
            context,
            normalForm,
            spec(settled.losses(), batches.batchSize(), resolved),
            new ValidationRows(
                config.train().validation(), config.evaluate(), config.datasets(), config.seed()),
            new AdvisedRows(
                settled.rows(), batches, config.train().curriculum(), config.datasets()),
            mining.guide(baseVectors));
    List<MineStage.Result> mined = new ArrayList<>(List.of(first));
    List<Commit> plans = new ArrayList<>();
    List<Commit> trained = new ArrayList<>();
    for (Segment segment : segments(settled.updates())) {
      if (segment.round() > 0) {
        mined.add(mined(segment.round(), trained.get(segment.round() - 1), first));
      }
      Commit plan = plan(mined.get(segment.round()).negatives(), batches).run(segment);
      plans.add(plan);
      trained.add(
          train.run(
              segment, plan, mining.teacher(mined.get(segment.round())), List.copyOf(trained)));
    }
    return new Result(List.copyOf(mined), List.copyOf(plans), trained.get(trained.size() - 1));
  }

  private List<Segment> segments(int updates) {
    int every = config.train().refreshEvery();
    List<Segment> segments = Segment.of(updates, every);
    if (every > 0) {
      LOG.info("{} mining round(s): one per {} of {} updates", segments.size(), every, updates);
      if (!mining.asksTuned()) {
        LOG.warn(
            "train.refresh-every changes nothing: no strategy, and not the filter scorer, asks the model that is tuned. Leave model out of one of mine.strategies, or leave out refresh-every.");
      }
    }
    return segments;
  }

  private MineStage.Result mined(int round, Commit before, MineStage.Result first) {
    return mining
        .stage(() -> vectors(round, TrainedModel.of(context, before)))
        .run(Round.later(round, first.candidates()));
  }

  private Commit vectors(int round, TrainedModel model) {
    return new VectorsStage(
            context,
            normalForm,
            Chain.encoder(
                config, base, model.reference(), model.folder(), context.cache(), encoding))
        .run("round-" + round, Mining.minedRows(config));
  }

  private PlanStage plan(Commit negatives, PlanStage.Resolved batches) {
    return new PlanStage(
        context,
        normalForm,
        negatives,
        config.mine().names(),
        config.train(),
        batches,
        config.datasets(),
        config.seed());
  }

  /** Which parameters a run trains, and how fast each learns. */
  static ParameterRates rates(UpdateConfig update) {
    return new ParameterRates(update.layerDecay(), update.learningRates(), update.freeze());
  }

  private TrainingSpec spec(ChosenLosses losses, int batchRows, Map<String, String> resolved) {
    TrainConfig options = config.train();
    double dropout = options.dropout().orElse(base.architecture().dropout());
    int maxLength = Chain.maxLength(config, base);
    Prompts prompts = Chain.prompts(config, base);
    Precision precision =
        options.precision() == dev.hone.config.Precision.BF16 ? Precision.BF16 : Precision.FP32;
    resolved.put("train.dropout", String.valueOf(dropout));
    resolved.put("train.max-length", String.valueOf(maxLength));
    resolved.put("train.precision", precision.label());
    return new TrainingSpec(
        ModelReference.to(config.model(), base),
        context.cache().root().toString(),
        losses.over(base, resolved),
        options.learningRate(),
        options.warmupRatio(),
        options.schedule().name(),
        options.weightDecay(),
        options.maxGradientNorm(),
        precision,
        dropout,
        options.attentionDropout(),
        maxLength,
        prompts,
        threads,
        options.nonFiniteLimit(),
        config.seed(),
        rates(options.update()),
        batchRows,
        options.validation().interpolate(),
        new CheckpointPolicy(
            config.checkpoints().every(),
            config.checkpoints().minutes(),
            config.checkpoints().keep()));
  }
}
