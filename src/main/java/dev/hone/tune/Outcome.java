package dev.hone.tune;

/**
 * What became of a trial in a rung.
 *
 * @param updates that it was trained for
 * @param metric what {@code value} is; null where it failed
 * @param value on the validation split, of the best model on the way; null where it failed
 * @param criterion what trials are ranked by: the mean over the data sets of their metric's change,
 *     relative to the base; null where it failed
 * @param seconds of training
 * @param status what followed
 * @param runId under which its steps are published; null where it failed
 * @param digest of its train step; null where it failed
 */
record Outcome(
    Trial trial,
    int rung,
    int updates,
    String metric,
    Double value,
    Double criterion,
    double seconds,
    Status status,
    String runId,
    String digest) {

  /** What followed. */
  enum Status {
    /** It went on to the next rung. */
    CONTINUED,
    /** Others of its rung were better. */
    DROPPED,
    /** It was trained to its end. */
    FINISHED,
    /** It was trained to its end and is better than all others. */
    BEST,
    /** Its loss or gradient was not finite, or it did not fit into memory. */
    FAILED
  }

  /** The same with what followed. */
  Outcome with(Status other) {
    return new Outcome(
        trial, rung, updates, metric, value, criterion, seconds, other, runId, digest);
  }

  boolean failed() {
    return status == Status.FAILED;
  }
}
