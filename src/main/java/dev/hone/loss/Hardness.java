package dev.hone.loss;

/**
 * Which negatives of a query weigh more the more similar they are: strength * cos, taken as a
 * constant, is added to their scores.
 */
public enum Hardness {
  /** None. */
  NONE,
  /** Documents of other rows (LLaVE, arXiv 2503.04812, with strength 9). */
  IN_BATCH_NEGATIVES,
  /** The row's own hard negatives (EmbeddingGemma, arXiv 2509.20354, with strength 5). */
  HARD_NEGATIVES,
  /** Both. */
  ALL_NEGATIVES;

  /**
   * Whether it concerns a column.
   *
   * @param row the row whose query is compared
   * @param slot where the column's document stands
   */
  boolean concerns(int row, CandidateColumns.Slot slot) {
    return switch (this) {
      case NONE -> false;
      case IN_BATCH_NEGATIVES -> slot.row() != row;
      case HARD_NEGATIVES -> slot.row() == row && slot.negative() >= 0;
      case ALL_NEGATIVES -> slot.row() != row || slot.negative() >= 0;
    };
  }
}
