/**
 * Ranking and similarity metrics, confidence intervals and significance, as pure functions. Ranking
 * metrics mean what trec_eval means by them. Uses nothing but the failures of {@code
 * dev.hone.error}.
 */
package dev.hone.metric;
