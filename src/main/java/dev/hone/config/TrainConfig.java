package dev.hone.config;

import java.util.Objects;

/**
 * How the model is trained.
 *
 * @param loss what is made small
 * @param epochs passes over the rows, 1 or more
 * @param maxSteps optimizer updates, which override the epochs; 0: as the epochs say
 * @param maxRows rows a run trains on, taken by hash; 0: all
 * @param batchSize rows per step and rank, 2 or more
 * @param negativesPerQuery hard negatives per row, 0 or more
 * @param curriculum how difficult negatives may be as training goes on: none, linear, stepped, or a
 *     Spark SQL expression over progress
 * @param refreshEvery updates after which negatives are mined anew with the model as it is then; 0:
 *     never
 * @param learningRate the highest learning rate, above 0
 * @param schedule how the learning rate falls after the warm-up
 * @param warmupRatio share of updates in which the learning rate rises, 0 to 1
 * @param weightDecay AdamW's weight decay, 0 or more
 * @param maxGradientNorm L2 norm to which the whole gradient is clipped, above 0
 * @param dropout dropout of hidden states, 0 to less than 1; auto: as the model says
 * @param attentionDropout dropout of attention weights, 0 to less than 1
 * @param maxLength tokens per text, special tokens and prompt included, 4 or more
 * @param minPositiveGrade lowest grade of a positive, 1 or more
 * @param precision number format of training
 * @param torchThreads threads of the tensor library, 1 to 1,024
 * @param sampling how the updates of several data sets take turns
 * @param maskFalseNegatives whether known positives are left out of the in-batch negatives
 * @param ranks processes that train side by side: 1
 * @param nonFiniteLimit steps in a row without a finite loss before training stops, 1 or more
 * @param update what an update is made of, and what it changes
 * @param validation how the best model is chosen
 */
public record TrainConfig(
    LossConfig loss,
    Auto<Integer> epochs,
    int maxSteps,
    int maxRows,
    Auto<Integer> batchSize,
    int negativesPerQuery,
    String curriculum,
    int refreshEvery,
    double learningRate,
    Schedule schedule,
    double warmupRatio,
    double weightDecay,
    double maxGradientNorm,
    Auto<Double> dropout,
    double attentionDropout,
    Auto<Integer> maxLength,
    int minPositiveGrade,
    Precision precision,
    Auto<Integer> torchThreads,
    Sampling sampling,
    boolean maskFalseNegatives,
    int ranks,
    int nonFiniteLimit,
    UpdateConfig update,
    ValidationConfig validation) {
  /** Refuses values out of range. */
  public TrainConfig {
    Keys.EPOCHS.check(epochs);
    Keys.MAX_STEPS.check(maxSteps);
    Keys.MAX_ROWS.check(maxRows);
    Keys.BATCH_SIZE.check(batchSize);
    Keys.NEGATIVES_PER_QUERY.check(negativesPerQuery);
    Keys.CURRICULUM.check(curriculum);
    Keys.REFRESH_EVERY.check(refreshEvery);
    Keys.LEARNING_RATE.check(learningRate);
    Keys.SCHEDULE.check(schedule);
    Keys.WARMUP_RATIO.check(warmupRatio);
    Keys.WEIGHT_DECAY.check(weightDecay);
    Keys.MAX_GRADIENT_NORM.check(maxGradientNorm);
    Keys.DROPOUT_RATE.check(dropout);
    Keys.ATTENTION_DROPOUT.check(attentionDropout);
    Keys.MAX_LENGTH.check(maxLength);
    Keys.MIN_POSITIVE_GRADE.check(minPositiveGrade);
    Keys.PRECISION.check(precision);
    Keys.TORCH_THREADS.check(torchThreads);
    Keys.SAMPLING.check(sampling);
    Keys.RANKS.check(ranks);
    Keys.NON_FINITE_LIMIT.check(nonFiniteLimit);
    if (loss.loss() == Loss.TRIPLET && negativesPerQuery == 0) {
      throw new IllegalArgumentException(
          "train.negatives-per-query is 0, but loss = triplet needs 1 or more: its triplets are made of hard negatives");
    }
    Objects.requireNonNull(update, "update");
    if (validation.patience() > 0 && refreshEvery > 0) {
      throw new IllegalArgumentException(
          "train.early-stopping and train.refresh-every are both set, but this version does not"
              + " stop between mining rounds: set one of them to 0");
    }
  }

  /**
   * How a data set is trained on: as this says, but for what the data set says itself. Its loss is
   * {@link Loss#AUTO} no more where its rows are scored.
   *
   * @throws IllegalArgumentException if its rows have no use for the loss, or the loss for its
   *     settings
   */
  public TrainConfig of(DatasetConfig dataset) {
    OwnTrainConfig own = dataset.own();
    boolean scored = dataset.type() == DatasetType.SCORED;
    Loss asked = own.loss() == Loss.AUTO ? loss.loss() : own.loss();
    Loss wanted = asked == Loss.AUTO && scored ? Loss.COSENT : asked;
    if (scored != (wanted == Loss.COSENT)) {
      throw new IllegalArgumentException(
          "%s is %s, but data set %s is of type %s, which %s: leave it out, or give the data set %s"
              .formatted(
                  own.loss() == Loss.AUTO ? "train.loss" : "datasets[].loss",
                  ValueTypes.word(wanted),
                  dataset.name(),
                  ValueTypes.word(dataset.type()),
                  scored ? "trains with cosent alone" : "has no scores for cosent",
                  scored ? "loss = cosent" : "loss = mnrl"));
    }
    try {
      return with(
          loss.of(wanted, own),
          own.negativesPerQuery().orElse(negativesPerQuery),
          own.maxLength().isAuto() ? maxLength : own.maxLength());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + " (data set " + dataset.name() + ")", e);
    }
  }

  private TrainConfig with(LossConfig other, int negatives, Auto<Integer> length) {
    return new TrainConfig(
        other,
        epochs,
        maxSteps,
        maxRows,
        batchSize,
        negatives,
        curriculum,
        refreshEvery,
        learningRate,
        schedule,
        warmupRatio,
        weightDecay,
        maxGradientNorm,
        dropout,
        attentionDropout,
        length,
        minPositiveGrade,
        precision,
        torchThreads,
        sampling,
        maskFalseNegatives,
        ranks,
        nonFiniteLimit,
        update,
        validation);
  }
}
