package dev.hone.metric;

/** The regularised incomplete beta function, which Student's t distribution is made of. */
final class IncompleteBeta {
  /** A few units in the last place: below it the fraction may swing for ever. */
  private static final double PRECISION = 1e-15;

  private static final double TINY = 1e-300;
  private static final int MOST_TERMS = 100_000;

  /** Lanczos coefficients for g = 7, n = 9 (Godfrey, 2001): 15 significant digits. */
  private static final double[] LANCZOS = {
    0.9999999999998099,
    676.5203681218851,
    -1259.1392167224028,
    771.3234287776531,
    -176.6150291621406,
    12.507343278686905,
    -0.13857109526572012,
    9.984369578019572e-6,
    1.5056327351493116e-7
  };

  private IncompleteBeta() {}

  /**
   * I_x(a, b) = B(x; a, b) / B(a, b).
   *
   * @param x in [0, 1]
   * @param complement 1 - x, given apart because it loses its digits where x is close to 1
   * @param a above 0
   * @param b above 0
   */
  static double regularised(double x, double complement, double a, double b) {
    if (x <= 0.0) {
      return 0.0;
    }
    if (complement <= 0.0) {
      return 1.0;
    }
    double front =
        Math.exp(
            logGamma(a + b)
                - logGamma(a)
                - logGamma(b)
                + a * logOf(x, complement)
                + b * logOf(complement, x));
    // The continued fraction converges fast below the mean; above it the symmetric one does.
    return x < (a + 1.0) / (a + b + 2.0)
        ? front * continuedFraction(x, a, b) / a
        : 1.0 - front * continuedFraction(complement, b, a) / b;
  }

  private static double logOf(double value, double complement) {
    return value < 0.5 ? Math.log(value) : Math.log1p(-complement);
  }

  /** Lentz's method on the fraction of DLMF 8.17.22. */
  private static double continuedFraction(double x, double a, double b) {
    double c = 1.0;
    double d = 1.0 / awayFromZero(1.0 - (a + b) * x / (a + 1.0));
    double fraction = d;
    for (int m = 1; m <= MOST_TERMS; m++) {
      double even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
      d = 1.0 / awayFromZero(1.0 + even * d);
      c = awayFromZero(1.0 + even / c);
      fraction *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
      d = 1.0 / awayFromZero(1.0 + odd * d);
      c = awayFromZero(1.0 + odd / c);
      double change = d * c;
      fraction *= change;
      if (Math.abs(change - 1.0) <= PRECISION) {
        break;
      }
    }
    return fraction;
  }

  private static double awayFromZero(double value) {
    return Math.abs(value) < TINY ? TINY : value;
  }

  /** Logarithm of the gamma function of a value above 0. */
  static double logGamma(double value) {
    if (value < 0.5) {
      return Math.log(Math.PI / Math.sin(Math.PI * value)) - logGamma(1.0 - value);
    }
    double shifted = value - 1.0;
    double sum = LANCZOS[0];
    for (int i = 1; i < LANCZOS.length; i++) {
      sum += LANCZOS[i] / (shifted + i);
    }
    double base = shifted + LANCZOS.length - 1.5;
    return 0.5 * Math.log(2.0 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
  }
}
