package dev.hone.store;

/**
 * The outcome of publishing.
 *
 * @param commit what is published: this attempt's, or the winner's
 * @param won whether it is this attempt's
 */
public record Publication(Commit commit, boolean won) {}
