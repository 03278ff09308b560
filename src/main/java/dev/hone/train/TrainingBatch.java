package dev.hone.train;

import dev.hone.loss.BatchRows;

/**
 * The rows of one update.
 *
 * @param epoch pass over the data, from 0
 * @param dataset the data set that all rows come from
 * @param rows in slot order
 */
public record TrainingBatch(int epoch, String dataset, BatchRows rows) {}
