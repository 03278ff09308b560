/**
 * Training on one rank: batches in, updates of the model's weights, a log of every update. Knows no
 * Spark; batches come through a {@link dev.hone.train.BatchSource}.
 */
package dev.hone.train;
