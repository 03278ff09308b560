package dev.hone.config;

/**
 * How a run is validated while it trains, to choose the best model and to stop early.
 *
 * @param every updates between two validations, 0 or more; 0: there is none, and the last model is
 *     the tuned one
 * @param documents documents of each data set that are ranked beside the judged ones, 0 or more
 * @param patience validations in a row without a better model after which training stops, 0 or
 *     more; 0: never
 */
public record ValidationConfig(int every, int documents, int patience) {
  /** Refuses values out of range, and stopping early without validation. */
  public ValidationConfig {
    Keys.EVALUATE_EVERY.check(every);
    Keys.VALIDATION_DOCUMENTS.check(documents);
    Keys.EARLY_STOPPING.check(patience);
    if (patience > 0 && every == 0) {
      throw new IllegalArgumentException(
          "train.early-stopping is "
              + patience
              + ", but needs validations: set train.evaluate-every");
    }
  }
}
