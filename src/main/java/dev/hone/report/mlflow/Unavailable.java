package dev.hone.report.mlflow;

import java.time.Duration;

/** A request that may succeed when it is sent again. */
final class Unavailable extends Exception {
  private static final long serialVersionUID = 1L;

  private final Duration pause;

  /**
   * Says why.
   *
   * @param pause how long the server wants to be left alone, zero or more
   */
  Unavailable(String message, Duration pause, Throwable causeOrNull) {
    super(message, causeOrNull);
    this.pause = pause;
  }

  Duration pause() {
    return pause;
  }
}
