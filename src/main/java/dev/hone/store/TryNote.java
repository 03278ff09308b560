package dev.hone.store;

import dev.hone.error.HoneException;
import java.time.Instant;
import java.util.Objects;

/**
 * What is known of one try of a command.
 *
 * @param runId the run
 * @param command demo, run, train, ...
 * @param attempt random id of the try
 * @param status running, succeeded, failed, died
 * @param errorCode exit code of a failed try; null else
 * @param startedAt ISO instant
 * @param finishedAt ISO instant; null while it runs
 * @param config the effective configuration
 * @param codeVersion version of the code
 * @param device what it computes on, as cpu; null in notes of versions that did not say so
 */
public record TryNote(
    String runId,
    String command,
    String attempt,
    String status,
    Integer errorCode,
    String startedAt,
    String finishedAt,
    String config,
    String codeVersion,
    String device) {

  /**
   * Checks what a foreign or broken note would lack.
   *
   * @throws HoneException if run, command or attempt is not safe in a path
   * @throws java.time.DateTimeException if a time is no ISO instant
   */
  public TryNote {
    Ids.check("run-id", runId);
    Ids.check("command", command);
    Ids.check("attempt", attempt);
    Objects.requireNonNull(status, "status");
    Instant.parse(startedAt);
    if (finishedAt != null) {
      Instant.parse(finishedAt);
    }
  }

  /** The same try, with another status. */
  TryNote with(String newStatus, Integer newErrorCode, String newFinishedAt) {
    return new TryNote(
        runId,
        command,
        attempt,
        newStatus,
        newErrorCode,
        startedAt,
        newFinishedAt,
        config,
        codeVersion,
        device);
  }
}
