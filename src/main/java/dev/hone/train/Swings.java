package dev.hone.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks for swings of a loss that are no difference between batches: losses far above the first
 * ones, medians that rise again and again, and ups and downs that repeat.
 *
 * @param beginning the first losses, before anything is learned
 * @param rest those after them
 */
record Swings(LossCurve beginning, LossCurve rest) {
  /** A loss this share above the first ones is no progress, if their noise does not explain it. */
  private static final double FAR_ABOVE = 0.5;

  private static final double NOISES = 3;

  /** The share of losses far above that single hard batches do not explain. */
  private static final double MANY = 0.15;

  /** Losses of a window: 5 at least, for a median, and as many as leave a curve to look at. */
  private static final int SMALLEST_WINDOW = 5;

  private static final int MOST_WINDOWS = 192;
  private static final int FEWEST_WINDOWS = 8;

  /** A rise of less than this share of the first losses changes little. */
  private static final double RISE = 0.2;

  /** Medians of noise alone, even of skewed noise, hardly lie 8 standard errors apart twice. */
  private static final double ERRORS = 8;

  /** One rise may be a hard stretch; two are swings. */
  private static final int RISES = 2;

  /** Neighbours on either side that a loss is compared with, and the longest period looked for. */
  private static final int REACH = 12;

  /** Ups and downs smaller than this share of the first losses are left alone. */
  private static final double AMPLITUDE = 0.15;

  /** Half of the variance repeats; of noise alone, the correlation is about 1 / sqrt(n). */
  private static final double CORRELATION = 0.5;

  private static final double CORRELATION_ERRORS = 4;

  /** What was found, in words with its numbers. */
  Optional<String> evidence() {
    double level = beginning.median();
    return !(level > 0)
        ? Optional.empty()
        : farAbove(level).or(() -> rises(level)).or(() -> repeats(level));
  }

  private Optional<String> farAbove(double level) {
    double limit = level + Math.max(FAR_ABOVE * level, NOISES * beginning.noise());
    long above = rest.points().stream().filter(point -> point.loss() > limit).count();
    return above < MANY * rest.size()
        ? Optional.empty()
        : Optional.of(
            Advice.text(
                "%d of the %d losses after step %d are above %.4g; the median until then is %.4g",
                above, rest.size(), beginning.lastStep(), limit, level));
  }

  private Optional<String> rises(double level) {
    int size = Math.max(SMALLEST_WINDOW, rest.size() / MOST_WINDOWS);
    for (; rest.size() / size >= FEWEST_WINDOWS; size *= 2) {
      double least = Math.max(RISE * level, ERRORS * rest.medianError(size));
      List<Rise> rises = Rise.of(rest.windows(size), least);
      if (rises.size() >= RISES) {
        return Optional.of(
            Advice.text(
                "medians of %d losses rise %d times by %.4g or more, the last time %s; the loss began at %.4g",
                size, rises.size(), least, rises.get(rises.size() - 1).describe(), level));
      }
    }
    return Optional.empty();
  }

  /** A way up from one window to a later one. */
  private record Rise(LossCurve low, LossCurve high) {
    /** All ways up of at least so much, with a way down of as much between two of them. */
    static List<Rise> of(List<LossCurve> windows, double least) {
      List<Rise> rises = new ArrayList<>();
      LossCurve low = windows.get(0);
      LossCurve high = null;
      for (LossCurve window : windows) {
        double median = window.median();
        if (high == null && median - low.median() >= least) {
          high = window;
          rises.add(new Rise(low, high));
        } else if (high == null) {
          low = median < low.median() ? window : low;
        } else if (high.median() - median >= least) {
          high = null;
          low = window;
        } else if (median > high.median()) {
          high = window;
          rises.set(rises.size() - 1, new Rise(rises.get(rises.size() - 1).low(), high));
        }
      }
      return rises;
    }

    String describe() {
      return Advice.text(
          "from %.4g (steps %d to %d) to %.4g (steps %d to %d)",
          low.median(),
          low.firstStep(),
          low.lastStep(),
          high.median(),
          high.firstStep(),
          high.lastStep());
    }
  }

  private Optional<String> repeats(double level) {
    double[] residuals = rest.residuals(REACH);
    double least = Math.max(CORRELATION, CORRELATION_ERRORS / Math.sqrt(residuals.length));
    double spread = LossCurve.spread(residuals);
    for (int lag = 1; spread >= AMPLITUDE * level && lag <= REACH; lag++) {
      double correlation = correlation(residuals, lag);
      if (Math.abs(correlation) >= least) {
        return Optional.of(
            Advice.text(
                "losses go up and down by %.4g (they began at %.4g) in a pattern: the correlation with the loss %d updates before is %.2f",
                spread, level, lag, correlation));
      }
    }
    return Optional.empty();
  }

  /** Of values with those so many places before, around 0. */
  private static double correlation(double[] values, int lag) {
    double products = 0;
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      squares += values[i] * values[i];
      products += i < lag ? 0 : values[i] * values[i - lag];
    }
    return squares == 0 ? 0 : products / squares;
  }
}
