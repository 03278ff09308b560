package dev.hone.config;

/** Names a way to find hard negatives; {@link StrategyConfig} says what each one does. */
public enum StrategyKind {
  /** Documents that BM25 ranks high for the query. */
  BM25,
  /** Documents whose vectors are nearest to the query's. */
  DENSE,
  /** Documents that contradict the query or an answer to it, as the data says. */
  CONTRADICTION,
  /** Documents that hold some of the query's rarer terms and miss others. */
  PARTIAL_MATCH,
  /**
   * Documents near to the query that belong to another domain, source or cluster than its answers.
   */
  DOMAIN_CONFUSION,
  /** Any documents. */
  RANDOM,
  /** Documents that the data itself judges not relevant for the query. */
  GIVEN;

  /** Whether a miner ranks its candidates: they have windows, and count for agreement. */
  public boolean isRanked() {
    return switch (this) {
      case BM25, DENSE, PARTIAL_MATCH, DOMAIN_CONFUSION -> true;
      case CONTRADICTION, RANDOM, GIVEN -> false;
    };
  }

  /**
   * Whether the data says that its candidates are wrong answers: no score is asked whether they are
   * right ones.
   */
  public boolean isJudged() {
    return switch (this) {
      case CONTRADICTION, GIVEN -> true;
      case BM25, DENSE, PARTIAL_MATCH, DOMAIN_CONFUSION, RANDOM -> false;
    };
  }
}
