package dev.hone.config;

/** Names which negatives weigh more the more similar they are to the query. */
public enum Hardness {
  /** None. */
  NONE,
  /** Documents of other rows. */
  IN_BATCH_NEGATIVES,
  /** The row's own hard negatives. */
  HARD_NEGATIVES,
  /** Both. */
  ALL_NEGATIVES
}
