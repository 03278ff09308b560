package dev.hone.metric;

/**
 * One metric of one query.
 *
 * @param metric which metric
 * @param k cutoff, at least 1; null where the metric has none
 * @param value in [0, 1], or a count
 */
public record MetricValue(Metric metric, Integer k, double value) {}
