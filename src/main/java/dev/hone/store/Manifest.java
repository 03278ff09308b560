package dev.hone.store;

/**
 * One line of a run: which commit is its step's part.
 *
 * @param runId the run
 * @param step the step
 * @param part which commit of the step: a mining round, a model, or {@code all}
 * @param digest the commit's digest
 */
public record Manifest(String runId, String step, String part, String digest) {}
