package dev.hone.store;

import dev.hone.error.HoneException;

/**
 * One line of a run: which commit is its step's part.
 *
 * @param runId the run
 * @param step the step
 * @param part which commit of the step: a mining round, a model, or {@code all}
 * @param digest the commit's digest
 */
public record Manifest(String runId, String step, String part, String digest) {
  /**
   * Checks that every part is safe in a path.
   *
   * @throws HoneException if one is not
   */
  public Manifest {
    Ids.check("run-id", runId);
    Ids.check("step", step);
    Ids.check("part", part);
    Ids.check("digest", digest);
  }
}
