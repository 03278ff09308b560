package dev.hone.train;

import dev.hone.model.Precision;
import dev.hone.store.LocalCache;
import dev.hone.text.Prompts;

/**
 * Everything that a training run's result depends on besides its model and batches.
 *
 * @param scale inverse temperature of the loss, above 0
 * @param maskFalseNegatives whether known positives of other rows are left out of the softmax
 * @param schedule the learning rate of each update
 * @param weightDecay decoupled weight decay, at least 0
 * @param maxGradientNorm the gradient's norm is cut to this, above 0
 * @param precision what products of matrices are computed in; weights and gradients are fp32
 * @param dropout hidden dropout, in [0, 1)
 * @param attentionDropout dropout of attention weights, in [0, 1)
 * @param maxLength the most tokens of a text
 * @param prompts put before queries and documents
 * @param threads libtorch's threads
 * @param chunkTokens the most padded tokens of a forward pass
 * @param nonFiniteLimit updates in a row whose loss or gradient is not finite before it is an error
 * @param seed of dropout
 * @param cache where archives are kept
 * @param rates which parameters are trained, and how fast each learns
 * @param batchRows the most rows that are negatives of each other; an update of more is made of
 *     several batches of nearly equal size
 */
public record TrainingOptions(
    double scale,
    boolean maskFalseNegatives,
    LearningRateSchedule schedule,
    double weightDecay,
    double maxGradientNorm,
    Precision precision,
    double dropout,
    double attentionDropout,
    int maxLength,
    Prompts prompts,
    int threads,
    int chunkTokens,
    int nonFiniteLimit,
    long seed,
    LocalCache cache,
    ParameterRates rates,
    int batchRows) {
  /** Padded tokens of a training chunk: large enough for the processor, small enough for memory. */
  public static final int CHUNK_TOKENS = 8192;
}
