package dev.hone.config;

/**
 * Another model's opinion on which documents of a batch are false negatives.
 *
 * @param model {@code builtin:NAME} or a folder; {@value #NONE} for none
 * @param margin how much less similar than a row's positive a document may be and still be one;
 *     finite
 * @param kind how the margin is taken off
 */
public record GuideConfig(String model, double margin, GuideMargin kind) {
  static final String NONE = "none";

  /** No opinion. */
  static final GuideConfig OFF = new GuideConfig(NONE, 0, GuideMargin.ABSOLUTE);

  /** Refuses values out of range, and a margin without a guide. */
  public GuideConfig {
    Keys.GUIDE.check(model);
    Keys.GUIDE_MARGIN.check(margin);
    if (NONE.equals(model) && (margin != 0 || kind != GuideMargin.ABSOLUTE)) {
      throw new IllegalArgumentException(
          "guide-margin and train.guide-margin-kind belong to train.guide, which is none: name a model, or leave them out");
    }
  }

  /** Whether there is a guide. */
  public boolean isOn() {
    return !NONE.equals(model);
  }
}
