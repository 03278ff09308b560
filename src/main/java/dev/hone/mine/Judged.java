package dev.hone.mine;

/**
 * A candidate with what was decided about it.
 *
 * @param candidate what was proposed
 * @param verdict whether it is kept, or what drops it
 * @param agreement how many different indexes and models found the document
 * @param difficulty from 0 (easy) to 1 (as near as the positive); null where nothing tells
 */
record Judged(Candidate candidate, Verdict verdict, int agreement, Double difficulty) {}
