package dev.hone.config;

/**
 * Which model training leaves: how it is validated on the way, to choose the best one and to stop
 * early, and how far the tuned model goes from the base to that.
 *
 * @param every updates between two validations, 0 or more; 0: there is none, and the last model is
 *     the tuned one
 * @param documents documents of each data set that are ranked beside the judged ones, 0 or more
 * @param patience validations in a row without a better model after which training stops, 0 or
 *     more; 0: never
 * @param interpolate share of the way from the base's weights to the trained ones that the tuned
 *     model goes, above 0 to 1
 */
public record ValidationConfig(int every, int documents, int patience, double interpolate) {
  /** Refuses values out of range, and stopping early without validation. */
  public ValidationConfig {
    Keys.EVALUATE_EVERY.check(every);
    Keys.VALIDATION_DOCUMENTS.check(documents);
    Keys.EARLY_STOPPING.check(patience);
    Keys.INTERPOLATE.check(interpolate);
    if (patience > 0 && every == 0) {
      throw new IllegalArgumentException(
          "train.early-stopping is "
              + patience
              + ", but needs validations: set train.evaluate-every");
    }
  }
}
