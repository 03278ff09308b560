package dev.hone.doctor;

import dev.hone.error.HoneException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * How a trial ended.
 *
 * @param works whether it worked
 * @param text what it gave, or why it failed
 */
record Outcome(boolean works, String text) {

  /**
   * Tries something that may fail in any way, or not come back.
   *
   * <p>Native libraries fail by errors of linkage as well as by exceptions.
   */
  static Outcome of(Duration limit, Callable<String> trial) {
    try {
      return new Outcome(true, Bounded.call(limit, trial));
    } catch (ExecutionException e) {
      return new Outcome(false, describe(e.getCause()));
    } catch (TimeoutException e) {
      return new Outcome(false, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome(false, "interrupted");
    }
  }

  /** A failure in words: Hone's own say what to do, others need the name of their type. */
  static String describe(Throwable failure) {
    if (failure instanceof HoneException) {
      return failure.getMessage();
    }
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String first = failure.toString().lines().findFirst().orElse("");
    return root == failure || first.contains(String.valueOf(root.getMessage()))
        ? first
        : first + " (" + root.toString().lines().findFirst().orElse("") + ")";
  }
}
