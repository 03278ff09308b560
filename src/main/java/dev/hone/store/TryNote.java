package dev.hone.store;

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
    String codeVersion) {}
