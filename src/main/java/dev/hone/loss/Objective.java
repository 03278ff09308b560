package dev.hone.loss;

import java.io.Serializable;
import java.util.SortedMap;

/** What is asked of the rows of a batch. */
public sealed interface Objective extends Serializable permits RankingObjective, OrderOptions {
  /** Its settings by name, for digests and logs. */
  SortedMap<String, Object> settings();
}
