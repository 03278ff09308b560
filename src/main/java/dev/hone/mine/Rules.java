package dev.hone.mine;

import dev.hone.config.MineConfig;
import dev.hone.config.Selection;
import dev.hone.config.StrategyConfig;
import dev.hone.config.StrategyKind;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What decides which candidates are kept, in a form that travels to an executor.
 *
 * @param strategies in the order in which they choose
 * @param miners how many different indexes and models are searched
 * @param absoluteMargin as {@link MineConfig#absoluteMargin()}
 * @param relativeMargin as {@link MineConfig#relativeMargin()}
 * @param minScore as {@link MineConfig#minScore()}
 * @param maxScore as {@link MineConfig#maxScore()}
 * @param minAgreement as {@link MineConfig#minAgreement()}
 * @param from first rank of the window, from 0
 * @param to the rank that ends it, not accepted itself
 * @param windowAfterFilter as {@link MineConfig#windowAfterFilter()}
 * @param isRandom whether a strategy's negatives are taken by hash, not by rank
 * @param fillUp as {@link MineConfig#fillUp()}
 * @param seed of the hash
 */
record Rules(
    List<Strategy> strategies,
    int miners,
    double absoluteMargin,
    double relativeMargin,
    double minScore,
    double maxScore,
    int minAgreement,
    int from,
    int to,
    boolean windowAfterFilter,
    boolean isRandom,
    boolean fillUp,
    long seed)
    implements Serializable {

  /**
   * What of a strategy counts for the choice.
   *
   * @param name what candidates call it
   * @param quota most negatives that it gives to a query
   * @param isRanked as {@link StrategyKind#isRanked()}
   * @param isJudged as {@link StrategyKind#isJudged()}
   * @param isGiven whether the data gives its candidates for this very query
   */
  record Strategy(String name, int quota, boolean isRanked, boolean isJudged, boolean isGiven)
      implements Serializable {
    Strategy withQuota(int other) {
      return new Strategy(name, other, isRanked, isJudged, isGiven);
    }

    static Strategy of(StrategyConfig strategy) {
      return new Strategy(
          strategy.label(),
          strategy.most(),
          strategy.kind().isRanked(),
          strategy.kind().isJudged(),
          strategy.kind() == StrategyKind.GIVEN);
    }
  }

  /** The rules of a configuration; what the data gives chooses first. */
  static Rules of(MineConfig options, long seed) {
    List<Strategy> strategies = new ArrayList<>();
    strategies.add(Strategy.of(options.given()));
    for (StrategyConfig strategy : options.strategies()) {
      if (strategy.kind() != StrategyKind.GIVEN) {
        strategies.add(Strategy.of(strategy));
      }
    }
    return new Rules(
        List.copyOf(strategies),
        options.miners(),
        options.absoluteMargin(),
        options.relativeMargin(),
        options.minScore(),
        options.maxScore(),
        options.minAgreement(),
        options.window().from(),
        options.window().to(),
        options.windowAfterFilter(),
        options.selection() == Selection.RANDOM,
        options.fillUp(),
        seed);
  }

  /**
   * The same rules without margins, and with quotas for what the data gives alone: what a margin
   * would choose from among the candidates of miners.
   */
  Rules withoutMarginsAndQuotas() {
    List<Strategy> all =
        strategies.stream()
            .map(one -> one.isGiven() ? one : one.withQuota(one.isRanked() ? Integer.MAX_VALUE : 0))
            .toList();
    return new Rules(
        all,
        miners,
        Double.NEGATIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        minScore,
        maxScore,
        minAgreement,
        from,
        to,
        windowAfterFilter,
        isRandom,
        false,
        seed);
  }

  /** The strategy for what the data gives: always the first. */
  Strategy given() {
    return strategies.get(0);
  }

  /** The strategy of a name. */
  Strategy strategy(String name) {
    return strategies.stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No strategy is called " + name));
  }

  /** The filters that are asked with these rules, in their order. */
  List<Verdict> filters() {
    List<Verdict> asked = new ArrayList<>();
    for (Verdict verdict : Verdict.values()) {
      boolean isAsked =
          switch (verdict) {
            case KNOWN_POSITIVE, OWN_TEXT, HELD_OUT, MIN_SCORE, MAX_SCORE, DUPLICATE, QUOTA -> true;
            case WINDOW -> !windowAfterFilter;
            case WINDOW_AFTER_FILTER -> windowAfterFilter;
            case ABSOLUTE_MARGIN -> Double.isFinite(absoluteMargin);
            case RELATIVE_MARGIN -> Double.isFinite(relativeMargin);
            case AGREEMENT -> minAgreement > 1;
            case KEPT -> false;
          };
      if (isAsked) {
        asked.add(verdict);
      }
    }
    return List.copyOf(asked);
  }
}
