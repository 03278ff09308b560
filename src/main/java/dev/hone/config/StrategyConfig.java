package dev.hone.config;

/**
 * One way to find hard negatives.
 *
 * @param kind the search that brings the candidates
 * @param quota most negatives per query, 1 or more
 * @param depth ranks searched per query, 1 or more; auto: the depth of mining as a whole
 */
public record StrategyConfig(StrategyKind kind, int quota, Auto<Integer> depth) {
  /** Refuses values out of range. */
  public StrategyConfig {
    Keys.STRATEGY_KIND.check(kind);
    Keys.STRATEGY_QUOTA.check(quota);
    Keys.STRATEGY_DEPTH.check(depth);
  }
}
