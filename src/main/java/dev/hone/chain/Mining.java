package dev.hone.chain;

import dev.hone.config.Auto;
import dev.hone.config.RunConfig;
import dev.hone.config.StrategyConfig;
import dev.hone.encode.EncodedRows;
import dev.hone.encode.EncoderSpec;
import dev.hone.encode.VectorsStage;
import dev.hone.mine.MineStage;
import dev.hone.mine.MinerVectors;
import dev.hone.mine.TermSearch;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelReference;
import dev.hone.model.Precision;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.text.Prompts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** How a run mines: which model's vectors each strategy and the filter scorer compare. */
final class Mining {
  private final StageContext context;
  private final RunConfig config;
  private final Commit normalForm;
  private final Map<String, ModelFolder> miners;
  private final Optional<TermSearch> terms;
  private final Precision precision;
  private final int threads;

  /**
   * Mining in a normal form.
   *
   * @param miners the models beside the one that the run tunes, by the names that the configuration
   *     uses
   * @param terms where a strategy looks at words
   * @param precision of encoding
   * @param threads libtorch's threads
   */
  Mining(
      StageContext context,
      RunConfig config,
      Commit normalForm,
      Map<String, ModelFolder> miners,
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
    Commit filter =
        byModel.computeIfAbsent(name(config.mine().filterScorer()), name -> vectors(name, tuned));
    return new MineStage(
        context,
        normalForm,
        MinerVectors.of(filter, byStrategy),
        config.mine(),
        config.datasets(),
        terms,
        threads,
        config.seed());
  }

  /** Whether a strategy or the filter scorer asks the model that the run tunes. */
  boolean asksTuned() {
    return !miners.containsKey(name(config.mine().filterScorer()))
        || config.mine().strategies().stream()
            .anyMatch(
                strategy ->
                    strategy instanceof StrategyConfig.WithModel dense
                        && !miners.containsKey(name(dense.model())));
  }

  private String name(Auto<String> model) {
    return model.orElse(config.model());
  }

  /** The tuned model's vectors, or those of another model with its own prompts and length. */
  private Commit vectors(String name, Supplier<Commit> tuned) {
    if (!miners.containsKey(name)) {
      return tuned.get();
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
        .run("miner-" + folder.digest().substring(0, 12), minedRows(config));
  }

  /** What mining compares: nothing that is evaluated. */
  static EncodedRows minedRows(RunConfig config) {
    List<String> trained = Chain.trained(config);
    return new EncodedRows(trained, trained, "");
  }
}
