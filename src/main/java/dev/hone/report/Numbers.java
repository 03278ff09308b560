package dev.hone.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/** Writes numbers as people read them, the same in every locale. */
final class Numbers {
  private Numbers() {}

  /** A metric value with three or four decimals, or a dash. */
  static String decimals(double value, int decimals) {
    return Double.isFinite(value)
        ? String.format(Locale.ROOT, "%." + decimals + "f", value)
        : "\u2013";
  }

  /** An interval in brackets. */
  static String interval(double low, double high) {
    return "[" + decimals(low, 3) + ", " + decimals(high, 3) + "]";
  }

  /** A signed difference with a true minus sign, or a dash. */
  static String difference(double value, int decimals) {
    if (!Double.isFinite(value)) {
      return "\u2013";
    }
    String text = String.format(Locale.ROOT, "%+." + decimals + "f", value);
    boolean zero = text.chars().noneMatch(digit -> digit >= '1' && digit <= '9');
    return zero ? text.substring(1) : text.replace('-', '\u2212');
  }

  /** A signed percentage of a share, or a dash. */
  static String relative(double share) {
    return Double.isFinite(share) ? difference(100 * share, 1) + "\u00a0%" : "\u2013";
  }

  /** A percentage of a share, or a dash. */
  static String percentage(double share) {
    return Double.isFinite(share) ? decimals(100 * share, 1) + "\u00a0%" : "\u2013";
  }

  /** A count with thousands separated. */
  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** A count with its noun, in the plural where there is not exactly one. */
  static String counted(long count, String noun) {
    return count(count) + " " + noun + (count == 1 ? "" : "s");
  }

  /** A duration in the two largest of hours, minutes and seconds. */
  static String duration(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    return whole < 3600
        ? whole / 60 + " min " + whole % 60 + " s"
        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }

  /** A number with four significant digits, for axes and logs. */
  static String significant(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4g", value) : "\u2013";
  }

  /** A finite value with up to six decimals, as YAML and JSON read it. */
  static String plain(double value) {
    return BigDecimal.valueOf(value).setScale(6, RoundingMode.HALF_EVEN).toPlainString();
  }
}
