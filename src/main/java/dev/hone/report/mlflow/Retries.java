package dev.hone.report.mlflow;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often a request is sent again.
 *
 * @param tries requests at most, 1 or more
 * @param firstPause before the second one; each further pause is twice as long
 */
public record Retries(int tries, Duration firstPause) {
  /** Five tries in 15 seconds. */
  public static final Retries USUAL = new Retries(5, Duration.ofSeconds(1));

  private static final Logger LOG = LoggerFactory.getLogger(Retries.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  /** What may have to be done again. */
  interface Attempt<T> {
    T run() throws Unavailable;
  }

  /**
   * Does something until it succeeds.
   *
   * @param server for the message
   * @throws HoneException with {@link ErrorCode#STORAGE} once the tries are used up
   */
  <T> T run(String server, Attempt<T> attempt) {
    Duration pause = firstPause;
    for (int number = 1; ; number++) {
      try {
        return attempt.run();
      } catch (Unavailable e) {
        if (number >= tries) {
          throw new HoneException(
              ErrorCode.STORAGE,
              "Cannot log to MLflow at %s: %s (%d tries). What the run gave stays published; once the server answers, the same command does the logging alone. To go without it: --set mlflow.tracking-uri=none."
                  .formatted(server, e.getMessage(), tries),
              e);
        }
        LOG.info("MLflow at {}: {}; trying again", server, e.getMessage());
        sleep(e.pause().compareTo(pause) > 0 ? e.pause() : pause);
        pause = pause.multipliedBy(2);
      }
    }
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(Math.min(pause.toMillis(), LONGEST_PAUSE.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoneException(
          ErrorCode.INTERRUPTED,
          "Interrupted while logging to MLflow. Run the same command again: it does that alone.",
          e);
    }
  }
}
