package dev.hone.cli;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a failure means to the user: the first failure that names a mend, and its exit code. */
final class Failures {
  private static final int LONGEST_LINE = 500;
  private static final List<String> FULL_DISK =
      List.of("No space left on device", "Disk quota exceeded");

  private static final String ENDED =
      "The process was ended by a signal. " + ErrorCode.INTERRUPTED.remedy();

  private Failures() {}

  /** The failure with an exit code among a failure's causes: Spark wraps what tasks throw. */
  static Optional<HoneException> known(Throwable failure) {
    Set<Throwable> seen = new LinkedHashSet<>();
    for (Throwable cause = failure; cause != null && seen.add(cause); cause = cause.getCause()) {
      if (cause instanceof HoneException known) {
        return Optional.of(known);
      }
    }
    return seen.stream().filter(Failures::isFullDisk).findFirst().map(cause -> fullDisk(failure));
  }

  /** Any write may find the disk full: a table's, a shuffle's, a cached model's. */
  private static boolean isFullDisk(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return cause instanceof IOException && FULL_DISK.stream().anyMatch(message::contains);
  }

  private static HoneException fullDisk(Throwable failure) {
    return new HoneException(
        ErrorCode.STORAGE,
        "A disk is full: %s\nFree space in the workspace, or in %s where Spark keeps what it works on (SPARK_LOCAL_DIRS moves it), and run the same command again: finished steps are not done again."
            .formatted(firstLine(failure), System.getProperty("java.io.tmpdir")),
        failure);
  }

  static int exitCode(Throwable failure) {
    return known(failure).map(HoneException::code).orElse(ErrorCode.BUG).exitCode();
  }

  /** Spark's messages go on with plans of many screens. */
  private static String firstLine(Throwable failure) {
    String line = failure.toString().lines().findFirst().orElse("");
    return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "...";
  }

  private static String message(Throwable failure) {
    return known(failure)
        .map(Throwable::getMessage)
        .orElseGet(() -> firstLine(failure) + "\n" + ErrorCode.BUG.remedy());
  }

  /** A signal ends Spark under what runs, which fails by that; the exit code is the signal's. */
  private static boolean isEnding() {
    Thread hook = new Thread("hone-never-started");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      Runtime.getRuntime().removeShutdownHook(hook);
      return false;
    } catch (IllegalStateException e) { // the only way to be told
      return true;
    }
  }

  /** One message, and a stack trace only where asked for. */
  static int report(Throwable failure, boolean verbose) {
    System.err.println(isEnding() ? ENDED : message(failure));
    if (verbose) {
      failure.printStackTrace();
    }
    return exitCode(failure);
  }
}
