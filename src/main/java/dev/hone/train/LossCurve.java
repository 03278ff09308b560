package dev.hone.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Finite points of a training log by ascending step, and what is said of them so that a few odd
 * batches do not count.
 */
record LossCurve(List<CurvePoint> points) {
  /** A normal distribution's standard deviation over its median absolute deviation. */
  private static final double NORMAL = 1.4826;

  /** A median's standard error over that of a mean, for a normal distribution. */
  private static final double MEDIAN_ERROR = 1.2533;

  private static final int LINE_WINDOWS = 20;

  /** The points of one data set. */
  static LossCurve of(String dataset, List<CurvePoint> log) {
    return new LossCurve(
        log.stream().filter(point -> point.dataset().equals(dataset) && point.isFinite()).toList());
  }

  /** Points of the steps from {@code from} on, {@code to} left out. */
  LossCurve between(int from, int to) {
    return new LossCurve(
        points.stream().filter(point -> point.step() >= from && point.step() < to).toList());
  }

  /** The first points, so many or all. */
  LossCurve first(int count) {
    return new LossCurve(points.subList(0, Math.min(count, size())));
  }

  /** The points after the first ones. */
  LossCurve after(int count) {
    return new LossCurve(points.subList(Math.min(count, size()), size()));
  }

  int size() {
    return points.size();
  }

  int firstStep() {
    return points.get(0).step();
  }

  int lastStep() {
    return points.get(points.size() - 1).step();
  }

  /** The median of the losses; not a number where there is no point. */
  double median() {
    return median(CurvePoint::loss);
  }

  double median(ToDoubleFunction<CurvePoint> value) {
    return median(points.stream().mapToDouble(value).toArray());
  }

  /**
   * The standard deviation of the losses around any slow trend, by the median of the differences
   * between neighbours.
   */
  double noise() {
    double[] differences = new double[Math.max(0, size() - 1)];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = Math.abs(points.get(i + 1).loss() - points.get(i).loss());
    }
    return differences.length == 0 ? Double.NaN : NORMAL * median(differences) / Math.sqrt(2);
  }

  /** The standard error of the median of so many losses. */
  double medianError(int count) {
    return MEDIAN_ERROR * noise() / Math.sqrt(count);
  }

  /**
   * How the losses move in a straight line from the first to the last: least squares over the
   * medians of windows, 20 or some more, of neighbours.
   */
  Trend trend() {
    List<LossCurve> windows = windows(Math.max(1, size() / LINE_WINDOWS));
    double[] medians = windows.stream().mapToDouble(LossCurve::median).toArray();
    double mean = Arrays.stream(medians).average().orElse(Double.NaN);
    double middle = (medians.length - 1) / 2.0;
    double products = 0;
    double squares = 0;
    for (int i = 0; i < medians.length; i++) {
      products += (i - middle) * medians[i];
      squares += (i - middle) * (i - middle);
    }
    double slope = products / squares;
    double rest = 0;
    for (int i = 0; i < medians.length; i++) {
      double residual = medians[i] - mean - slope * (i - middle);
      rest += residual * residual;
    }
    double error = Math.sqrt(rest / (medians.length - 2) / squares);
    return new Trend(slope * medians.length, error * medians.length);
  }

  /**
   * A straight line.
   *
   * @param change from beginning to end; below 0 where it falls
   * @param error the standard error of that
   */
  record Trend(double change, double error) {}

  /** Neighbouring points in windows of one size; what is left at the end fills none. */
  List<LossCurve> windows(int size) {
    List<LossCurve> windows = new ArrayList<>();
    for (int start = 0; start + size <= size(); start += size) {
      windows.add(new LossCurve(points.subList(start, start + size)));
    }
    return windows;
  }

  /**
   * The losses minus the median of their neighbours, cut to 3 standard deviations. A loss is not
   * its own neighbour: of losses that jump with every update, most in a row around one are like it.
   *
   * @param reach neighbours on either side
   */
  double[] residuals(int reach) {
    double[] losses = points.stream().mapToDouble(CurvePoint::loss).toArray();
    double[] residuals = new double[losses.length];
    for (int i = 0; i < losses.length; i++) {
      int from = Math.max(0, i - reach);
      int to = Math.min(losses.length - 1, i + reach);
      double[] neighbours = new double[to - from];
      System.arraycopy(losses, from, neighbours, 0, i - from);
      System.arraycopy(losses, i + 1, neighbours, i - from, to - i);
      residuals[i] = losses[i] - median(neighbours);
    }
    double most = 3 * spread(residuals);
    return Arrays.stream(residuals).map(one -> Math.max(-most, Math.min(most, one))).toArray();
  }

  /** The standard deviation of values around 0, by their median size. */
  static double spread(double[] values) {
    return NORMAL * median(Arrays.stream(values).map(Math::abs).toArray());
  }

  private static double median(double[] values) {
    if (values.length == 0) {
      return Double.NaN;
    }
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }
}
