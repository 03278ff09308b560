package dev.hone.store;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.util.regex.Pattern;

/** Checks names before they become part of a path. */
public final class Ids {
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private Ids() {}

  /**
   * Returns the name if it is safe as one part of a path.
   *
   * @param what what the name is of, for the message
   * @throws HoneException if it is anything but letters, digits, '.', '_' and '-', starting with a
   *     letter or digit, 128 at most
   */
  public static String check(String what, String name) {
    if (!isSafe(name)) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot use '%s' as %s: only letters, digits, '.', '_' and '-' are allowed, starting with a letter or digit, 128 characters at most."
              .formatted(name, what));
    }
    return name;
  }

  /** Whether the name can be one part of a path. */
  static boolean isSafe(String name) {
    return name != null && SAFE.matcher(name).matches();
  }
}
