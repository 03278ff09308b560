package dev.hone.train;

/**
 * What one update did.
 *
 * @param step from 0
 * @param epoch pass over the data, from 0
 * @param dataset the batch's data set
 * @param loss mean over the batch's rows
 * @param learningRate of this update
 * @param gradientNorm global L2 norm before clipping
 * @param examples rows of the batch
 * @param tokens tokens of all its texts, without padding
 * @param seconds how long it took
 */
public record TrainingUpdate(
    int step,
    int epoch,
    String dataset,
    double loss,
    double learningRate,
    double gradientNorm,
    int examples,
    long tokens,
    double seconds) {}
