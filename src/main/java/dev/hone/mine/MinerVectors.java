package dev.hone.mine;

import dev.hone.config.StrategyConfig;
import dev.hone.store.Commit;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The vectors of all documents and training queries that strategies compare.
 *
 * @param byStrategy those of each strategy that asks a model, by its name
 */
public record MinerVectors(SortedMap<String, Commit> byStrategy) {
  /** Copies the map. */
  public MinerVectors {
    byStrategy = Collections.unmodifiableSortedMap(new TreeMap<>(byStrategy));
  }

  /** Vectors from a map in any order. */
  public static MinerVectors of(Map<String, Commit> byStrategy) {
    return new MinerVectors(new TreeMap<>(byStrategy));
  }

  /** The vectors that a strategy compares. */
  Commit of(StrategyConfig.WithModel strategy) {
    Commit found = byStrategy.get(strategy.label());
    if (found == null) {
      throw new IllegalArgumentException("There are no vectors for strategy " + strategy.label());
    }
    return found;
  }
}
