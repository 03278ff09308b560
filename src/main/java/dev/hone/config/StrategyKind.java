package dev.hone.config;

/** Names a way to find hard negatives. */
public enum StrategyKind {
  /** Documents that BM25 ranks high for the query. */
  BM25,
  /** Documents whose vectors are nearest to the query's. */
  DENSE
}
