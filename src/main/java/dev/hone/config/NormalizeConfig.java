package dev.hone.config;

/**
 * How sources become the normal form.
 *
 * @param maxRejectShare largest share of rejected records, 0 to 1
 * @param minLength fewest characters of a text, 1 or more
 * @param maxLength most characters of a text, {@code minLength} or more
 */
public record NormalizeConfig(double maxRejectShare, int minLength, int maxLength) {
  /** Refuses values out of range. */
  public NormalizeConfig {
    Keys.MAX_REJECT_SHARE.check(maxRejectShare);
    Keys.MIN_LENGTH.check(minLength);
    Keys.MAX_LENGTH_CHARACTERS.check(maxLength);
    if (maxLength < minLength) {
      throw new IllegalArgumentException(
          "normalize.max-length is "
              + maxLength
              + ", but must not be less than normalize.min-length, "
              + minLength);
    }
  }
}
