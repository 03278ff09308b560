package dev.hone.loss;

import java.io.Serializable;
import java.util.SortedMap;

/** What is asked of the rows of a query, its positive and its hard negatives. */
public sealed interface Objective extends Serializable permits RankingOptions, TripletOptions {
  /**
   * The loss of a batch. Its embeddings are those of the b queries, then of the c candidates in
   * column order: [b + c, d].
   */
  BatchLoss over(CandidateColumns columns);

  /** Its settings by name, for digests and logs. */
  SortedMap<String, Object> settings();
}
