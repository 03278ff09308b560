package dev.hone.error;

/**
 * A failure that a user can act on: its message says what, where, why and what to do next, and its
 * code becomes the exit code.
 */
public final class HoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /** A failure without an underlying cause. */
  public HoneException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** A failure that another one caused. */
  public HoneException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** What kind of failure this is. */
  public ErrorCode code() {
    return code;
  }
}
