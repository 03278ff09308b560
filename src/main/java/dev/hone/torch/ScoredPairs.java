package dev.hone.torch;

/**
 * Scores of pairs of texts, in the pairs' order.
 *
 * @param scores higher where the second text suits the first one better
 * @param truncated for each pair, whether the maximum length cut it
 */
@SuppressWarnings("ArrayRecordComponent") // carries scores, never compared as a whole
public record ScoredPairs(float[] scores, boolean[] truncated) {}
