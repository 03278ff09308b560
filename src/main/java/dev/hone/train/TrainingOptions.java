package dev.hone.train;

import dev.hone.model.Precision;
import dev.hone.store.LocalCache;
import dev.hone.text.Prompts;
import java.util.Map;

/**
 * Everything that a training run's result depends on besides its model and batches.
 *
 * @param datasets how the batches of each data set are trained on, by its name
 * @param schedule the learning rate of each update
 * @param weightDecay decoupled weight decay, at least 0
 * @param maxGradientNorm the gradient's norm is cut to this, above 0
 * @param precision what products of matrices are computed in; weights and gradients are fp32
 * @param dropout hidden dropout, in [0, 1)
 * @param attentionDropout dropout of attention weights, in [0, 1)
 * @param maxLength the most tokens of a text where the model is measured
 * @param prompts put before queries and documents where the model is measured
 * @param threads libtorch's threads
 * @param nonFiniteLimit updates in a row whose loss or gradient is not finite before it is an error
 * @param seed of dropout
 * @param cache where archives are kept
 * @param rates which parameters are trained, and how fast each learns
 * @param batchRows the most rows that are negatives of each other; an update of more is made of
 *     several batches of nearly equal size
 */
public record TrainingOptions(
    Map<String, DatasetTraining> datasets,
    LearningRateSchedule schedule,
    double weightDecay,
    double maxGradientNorm,
    Precision precision,
    double dropout,
    double attentionDropout,
    int maxLength,
    Prompts prompts,
    int threads,
    int nonFiniteLimit,
    long seed,
    LocalCache cache,
    ParameterRates rates,
    int batchRows) {
  /** Copies the map. */
  public TrainingOptions {
    datasets = Map.copyOf(datasets);
  }

  /**
   * How the batches of a data set are trained on.
   *
   * @throws IllegalArgumentException if it is none that is trained on
   */
  DatasetTraining of(String dataset) {
    DatasetTraining found = datasets.get(dataset);
    if (found == null) {
      throw new IllegalArgumentException(
          "%s is none of the data sets that are trained on, %s"
              .formatted(dataset, datasets.keySet()));
    }
    return found;
  }
}
