package dev.hone.metric;

/**
 * One metric of one query at one cutoff.
 *
 * @param metric which metric
 * @param k cutoff, at least 1
 * @param value in [0, 1]
 */
public record MetricValue(Metric metric, int k, double value) {}
