package dev.hone.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How hard negatives are found and filtered. A bound that is not set is infinite, so that it can be
 * compared with like any other: it drops nothing.
 *
 * @param strategies where candidates come from, no two of one name, in the order in which they
 *     choose; empty: nothing is mined
 * @param depth documents looked at per query and strategy, 1 or more
 * @param filterScorer the model whose scores margins and score bounds compare: {@code builtin:NAME}
 *     or a folder; auto: the model that the run tunes
 * @param relativeMargin r in {@code s > s_pos - r * |s_pos|}, or negative infinity
 * @param absoluteMargin m in {@code s > s_pos - m}, or negative infinity
 * @param minScore lowest score that is kept, or negative infinity
 * @param maxScore highest score that is kept, or positive infinity
 * @param minAgreement fewest miners that must have found a candidate of any of them
 * @param selection which of the candidates left are taken
 * @param window ranks that candidates may have
 * @param windowAfterFilter whether ranks are counted among what the filters leave; false: among
 *     what was found
 * @param fillUp whether other strategies may give more than their quotas where one gives less
 */
public record MineConfig(
    List<StrategyConfig> strategies,
    int depth,
    Auto<String> filterScorer,
    double relativeMargin,
    double absoluteMargin,
    double minScore,
    double maxScore,
    int minAgreement,
    Selection selection,
    RankWindow window,
    boolean windowAfterFilter,
    boolean fillUp) {
  /** Options of a strategy that do not decide what it finds, or are looked at by themselves. */
  private static final Set<Key<StrategyConfig, ?>> CHOICE =
      Set.of(Keys.STRATEGY_NAME, Keys.STRATEGY_QUOTA, Keys.STRATEGY_DEPTH, Keys.STRATEGY_MODEL);

  /** Refuses values out of range, and those that leave no candidate. */
  public MineConfig {
    strategies = List.copyOf(strategies);
    Keys.DEPTH.check(depth);
    Keys.FILTER_SCORER.check(filterScorer);
    Keys.RELATIVE_MARGIN.check(relativeMargin);
    Keys.ABSOLUTE_MARGIN.check(absoluteMargin);
    Keys.MIN_SCORE.check(minScore);
    Keys.MAX_SCORE.check(maxScore);
    Keys.MIN_AGREEMENT.check(minAgreement);
    Keys.SELECTION.check(selection);
    Keys.WINDOW.check(window);
    checkNames(strategies);
    checkAgreement(strategies, minAgreement);
    if (minScore > maxScore) {
      throw new IllegalArgumentException(
          "mine.min-score is " + minScore + ", but must not be above mine.max-score, " + maxScore);
    }
    for (StrategyConfig strategy : strategies) {
      if (strategy.kind().isRanked() && strategy instanceof StrategyConfig.WithDepth ranked) {
        checkWindow(window, ranked.label(), ranked.depth().orElse(depth));
      }
    }
  }

  private static void checkNames(List<StrategyConfig> strategies) {
    Set<String> names = new HashSet<>();
    for (StrategyConfig strategy : strategies) {
      if (!names.add(strategy.label())) {
        throw new IllegalArgumentException(
            "mine.strategies names %s twice: raise its quota, or tell the two apart by name, such as { kind = %s, name = %s-2 }"
                .formatted(strategy.label(), ValueTypes.word(strategy.kind()), strategy.label()));
      }
    }
  }

  private static void checkAgreement(List<StrategyConfig> strategies, int minAgreement) {
    Set<String> miners = miners(strategies);
    if (minAgreement > Math.max(1, miners.size())) {
      throw new IllegalArgumentException(
          "mine.min-agreement is %d, but the strategies ask %d different miner(s) %s: add a strategy of another index or model, or lower it"
              .formatted(minAgreement, miners.size(), miners));
    }
  }

  private static void checkWindow(RankWindow window, String strategy, int searched) {
    if (window.from() >= searched) {
      throw new IllegalArgumentException(
          "mine.window starts at rank %d, but only %d ranks are searched by %s"
              .formatted(window.from(), searched, strategy));
    }
  }

  /** What the strategies are called, in the order in which they choose. */
  public List<String> names() {
    return strategies.stream().map(StrategyConfig::label).toList();
  }

  /** The documents that a strategy looks at per query. */
  public int depthOf(StrategyConfig.WithDepth strategy) {
    return strategy.depth().orElse(depth);
  }

  /** The strategy for what the data itself judges not relevant: the one named, else one for all. */
  public StrategyConfig given() {
    return strategies.stream()
        .filter(strategy -> strategy.kind() == StrategyKind.GIVEN)
        .findFirst()
        .orElse(new StrategyConfig.Given(Auto.chosen()));
  }

  /**
   * All that decides what a strategy finds apart from its model: neither name nor quota, and no
   * margin or window.
   */
  public String searchOf(StrategyConfig strategy) {
    String options =
        Keys.strategy(strategy.kind()).stream()
            .filter(key -> !CHOICE.contains(key))
            .map(key -> key.name() + " = " + key.accessor().apply(strategy))
            .collect(Collectors.joining(", "));
    return strategy instanceof StrategyConfig.WithDepth ranked
        ? options + ", depth = " + depthOf(ranked)
        : options;
  }

  /** How many different indexes and models the strategies search: the most that can agree. */
  public int miners() {
    return miners(strategies).size();
  }

  private static Set<String> miners(List<StrategyConfig> strategies) {
    Set<String> miners = new TreeSet<>();
    for (StrategyConfig strategy : strategies) {
      if (strategy instanceof StrategyConfig.WithModel dense) {
        miners.add(dense.model().orElse("dense"));
      } else if (strategy.kind().isRanked()) {
        miners.add("bm25");
      }
    }
    return miners;
  }
}
