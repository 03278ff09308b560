package dev.hone.error;

/** Names what kind of failure ended a command, and the exit code that tells a scheduler so. */
public enum ErrorCode {
  CONFIGURATION(2, "Correct the configuration or the command line and run the command again."),
  INPUT(3, "Correct the input data, or point the configuration at other data."),
  CLUSTER(4, "Free or add the resources named, then run the same command again."),
  STORAGE(5, "Check that the storage is reachable and writable, then run the same command again."),
  DIVERGED(6, "Lower train.learning-rate or raise train.warmup-ratio, then run again."),
  RANKS_DIFFER(7, "Run again; if it repeats, report it with the logs of the ranks named."),
  ALREADY_RUNNING(8, "Wait for the other command, or pass --if-running wait."),
  NOT_PUBLISHED(9, "Run the chain again: finished steps are not redone."),
  WORSE_THAN_BASELINE(10, "Keep the baseline, or look at the report for what got worse."),
  BUG(70, "This is a fault in Hone. Run again with --verbose and report the stack trace."),
  INTERRUPTED(130, "Run the same command again: finished steps are not redone.");

  private final int exitCode;
  private final String remedy;

  ErrorCode(int exitCode, String remedy) {
    this.exitCode = exitCode;
    this.remedy = remedy;
  }

  /** The process's exit code. */
  public int exitCode() {
    return exitCode;
  }

  /** What to do next, in one sentence. */
  public String remedy() {
    return remedy;
  }
}
