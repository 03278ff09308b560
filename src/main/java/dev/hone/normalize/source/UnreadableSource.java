package dev.hone.normalize.source;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;

/** Says of a source that Spark failed to read which file or expression is at fault. */
public final class UnreadableSource {
  private static final int LONGEST = 600;
  private static final Set<Class<? extends IOException>> NETWORK =
      Set.of(SocketException.class, SocketTimeoutException.class, UnknownHostException.class);

  private UnreadableSource() {}

  /**
   * What to throw for a failure while a data set was read: a message for the user where the data is
   * at fault, else the failure itself.
   */
  public static RuntimeException of(String dataset, Exception failure) {
    List<Throwable> causes = causes(failure);
    for (Throwable cause : causes) {
      if (cause instanceof HoneException known) {
        return known;
      }
    }
    return told(dataset, causes).orElseGet(() -> unchecked(failure));
  }

  /** What to throw for a file that Hone reads itself and that cannot be read to its end. */
  static HoneException file(String file, IOException failure) {
    List<Throwable> causes = causes(failure);
    return cannotRead(
        "%s (%s)".formatted(file, line(causes.get(causes.size() - 1))), causes, failure);
  }

  private static HoneException cannotRead(String what, List<Throwable> causes, Throwable failure) {
    boolean network = causes.stream().anyMatch(one -> NETWORK.contains(one.getClass()));
    return new HoneException(
        network ? ErrorCode.STORAGE : ErrorCode.INPUT,
        "Cannot read %s. %s"
            .formatted(
                what,
                network
                    ? "Try again."
                    : "The file is damaged or cut off; have it again from its source."),
        failure);
  }

  private static Optional<RuntimeException> told(String dataset, List<Throwable> causes) {
    Throwable root = causes.get(causes.size() - 1);
    for (Throwable cause : causes) {
      if (!(cause instanceof SparkThrowable spark) || spark.getCondition() == null) {
        continue;
      }
      if (spark.getCondition().startsWith("FAILED_READ_FILE")) {
        return Optional.of(
            cannotRead(
                "data set %s: %s (%s)".formatted(dataset, line(cause), line(root)), causes, cause));
      }
      if (spark.getSqlState() != null && spark.getSqlState().startsWith("22")) {
        return Optional.of(
            new HoneException(
                ErrorCode.INPUT,
                "Cannot make the rows of data set %s: an expression of its configuration fails on a record: %s"
                    .formatted(dataset, line(cause)),
                cause));
      }
      if (cause instanceof AnalysisException) {
        return Optional.of(
            new HoneException(
                ErrorCode.CONFIGURATION,
                "Cannot make the rows of data set %s: %s Correct columns, where, explode or split in its configuration."
                    .formatted(dataset, line(cause)),
                cause));
      }
    }
    return Optional.empty();
  }

  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable cause = failure;
        cause != null && !causes.contains(cause);
        cause = cause.getCause()) {
      causes.add(cause);
    }
    return causes;
  }

  private static String line(Throwable cause) {
    String message =
        cause instanceof AnalysisException analysis
            ? analysis.getSimpleMessage()
            : String.valueOf(cause.getMessage());
    String line = message.lines().findFirst().orElse(cause.getClass().getSimpleName()).strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }

  private static RuntimeException unchecked(Exception failure) {
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(failure);
  }
}
