package dev.hone.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear axis with round ticks around a range of values.
 *
 * @param low where the axis begins
 * @param high where it ends, above {@code low}
 * @param step between two ticks
 */
record Scale(double low, double high, double step) {

  /** The smallest axis with about five round ticks that holds both values. */
  static Scale around(double minimum, double maximum) {
    double span = maximum > minimum ? maximum - minimum : Math.max(Math.abs(maximum), 1e-9);
    double power = Math.pow(10, Math.floor(Math.log10(span / 4)));
    double digit = span / 4 / power;
    double step = power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    double low = Math.floor(minimum / step) * step;
    double high = Math.ceil(maximum / step) * step;
    return new Scale(low, high > low ? high : low + step, step);
  }

  /** The ticks from low to high. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    int count = (int) Math.round((high - low) / step);
    for (int i = 0; i <= count; i++) {
      ticks.add(low + i * step);
    }
    return ticks;
  }

  /** A tick's label with as many decimals as the step needs. */
  String label(double tick) {
    if (step < 1e-4) {
      return tick == 0 ? "0" : String.format(Locale.ROOT, "%.1e", tick);
    }
    int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    return String.format(Locale.ROOT, "%." + decimals + "f", tick == 0 ? 0.0 : tick);
  }

  /** Where a value lies on the axis: 0 at its beginning, 1 at its end. */
  double position(double value) {
    return (value - low) / (high - low);
  }
}
