package dev.hone.config;

/**
 * How texts become vectors.
 *
 * @param precision what products of matrices are computed in
 */
public record EncodeConfig(Precision precision) {
  /** Refuses values out of range. */
  public EncodeConfig {
    Keys.ENCODE_PRECISION.check(precision);
  }
}
