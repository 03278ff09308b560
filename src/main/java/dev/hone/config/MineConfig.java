package dev.hone.config;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How hard negatives are found and filtered. A bound that is not set is infinite, so that it can be
 * compared with like any other: it drops nothing.
 *
 * @param strategies where candidates come from, at most one of a kind; empty: nothing is mined
 * @param depth ranks searched per query, 1 or more
 * @param relativeMargin r in {@code s > s_pos - r * |s_pos|}, or negative infinity
 * @param absoluteMargin m in {@code s > s_pos - m}, or negative infinity
 * @param minScore lowest score that is kept, or negative infinity
 * @param maxScore highest score that is kept, or positive infinity
 * @param selection which of the candidates left are taken
 * @param window ranks that candidates may have before any filter
 */
public record MineConfig(
    List<StrategyConfig> strategies,
    int depth,
    double relativeMargin,
    double absoluteMargin,
    double minScore,
    double maxScore,
    Selection selection,
    RankWindow window) {
  /** Refuses values out of range, and those that leave no candidate. */
  public MineConfig {
    strategies = List.copyOf(strategies);
    Keys.DEPTH.check(depth);
    Keys.RELATIVE_MARGIN.check(relativeMargin);
    Keys.ABSOLUTE_MARGIN.check(absoluteMargin);
    Keys.MIN_SCORE.check(minScore);
    Keys.MAX_SCORE.check(maxScore);
    Keys.SELECTION.check(selection);
    Keys.WINDOW.check(window);
    Set<StrategyKind> kinds =
        strategies.stream().map(StrategyConfig::kind).collect(Collectors.toSet());
    if (kinds.size() < strategies.size()) {
      throw new IllegalArgumentException(
          "mine.strategies names a kind twice, but each kind may stand once: raise its quota");
    }
    if (minScore > maxScore) {
      throw new IllegalArgumentException(
          "mine.min-score is " + minScore + ", but must not be above mine.max-score, " + maxScore);
    }
    for (StrategyConfig strategy : strategies) {
      int searched = strategy.depth().orElse(depth);
      if (window.from() >= searched) {
        throw new IllegalArgumentException(
            "mine.window starts at rank "
                + window.from()
                + ", but only "
                + searched
                + " ranks are searched by "
                + ValueTypes.word(strategy.kind()));
      }
    }
  }

  /** The ranks that a strategy searches per query. */
  public int depthOf(StrategyConfig strategy) {
    return strategy.depth().orElse(depth);
  }
}
