package dev.hone.train;

import dev.hone.model.Precision;
import dev.hone.store.LocalCache;
import dev.hone.text.Prompts;

/**
 * Everything that a training run's result depends on besides its model and batches.
 *
 * @param loss what is made small
 * @param gradients how a batch's gradients are made
 * @param schedule the learning rate of each update
 * @param weightDecay decoupled weight decay, at least 0
 * @param maxGradientNorm the gradient's norm is cut to this, above 0
 * @param precision what products of matrices are computed in; weights and gradients are fp32
 * @param dropout hidden dropout, in [0, 1)
 * @param attentionDropout dropout of attention weights, in [0, 1)
 * @param maxLength the most tokens of a text
 * @param prompts put before queries and documents
 * @param threads libtorch's threads
 * @param nonFiniteLimit updates in a row whose loss or gradient is not finite before it is an error
 * @param seed of dropout
 * @param cache where archives are kept
 * @param rates which parameters are trained, and how fast each learns
 * @param batchRows the most rows that are negatives of each other; an update of more is made of
 *     several batches of nearly equal size
 */
public record TrainingOptions(
    TrainingLoss loss,
    GradientMethod gradients,
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
    int batchRows) {}
