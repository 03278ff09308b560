package dev.hone.config;

/**
 * What a data set says of its own training; auto: as the run says.
 *
 * @param loss of its batches
 * @param scale factor on cosine similarity, above 0
 * @param symmetric whether its positives have to find their queries too
 * @param margin by how much a positive must be nearer than a negative, above 0
 * @param negativesPerQuery hard negatives per row, 0 or more
 * @param queryPrompt text before every query of its batches
 * @param documentPrompt text before every document of its batches
 * @param maxLength tokens per text of its batches, 4 or more
 */
public record OwnTrainConfig(
    Loss loss,
    Auto<Double> scale,
    Auto<Boolean> symmetric,
    Auto<Double> margin,
    Auto<Integer> negativesPerQuery,
    Auto<String> queryPrompt,
    Auto<String> documentPrompt,
    Auto<Integer> maxLength) {
  /** Nothing: all as the run says. */
  static final OwnTrainConfig NONE =
      new OwnTrainConfig(
          Loss.AUTO,
          Auto.chosen(),
          Auto.chosen(),
          Auto.chosen(),
          Auto.chosen(),
          Auto.chosen(),
          Auto.chosen(),
          Auto.chosen());

  /** Refuses values out of range. */
  public OwnTrainConfig {
    Keys.OWN_LOSS.check(loss);
    Keys.OWN_SCALE.check(scale);
    Keys.OWN_SYMMETRIC.check(symmetric);
    Keys.OWN_MARGIN.check(margin);
    Keys.OWN_NEGATIVES.check(negativesPerQuery);
    Keys.OWN_PROMPT_QUERY.check(queryPrompt);
    Keys.OWN_PROMPT_DOCUMENT.check(documentPrompt);
    Keys.OWN_MAX_LENGTH.check(maxLength);
  }
}
