package dev.hone.report;

import dev.hone.report.ReportData.LossPoint;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A quantity of the training log over its steps.
 *
 * @param steps updates, ascending
 * @param values the quantity at each; NaN where it has none
 * @param means its moving mean; empty where the values are shown alone
 */
record CurvePlot(List<Integer> steps, List<Double> values, List<Double> means) implements Plot {

  /** The values as they are. */
  static CurvePlot plain(List<LossPoint> log, ToDoubleFunction<LossPoint> quantity) {
    return new CurvePlot(
        log.stream().map(LossPoint::step).toList(),
        log.stream().mapToDouble(quantity).boxed().toList(),
        List.of());
  }

  /** The values under their moving mean. */
  static CurvePlot smoothed(List<LossPoint> log, ToDoubleFunction<LossPoint> quantity) {
    CurvePlot plain = plain(log, quantity);
    double[] means = movingMean(log.stream().mapToDouble(quantity).toArray());
    return new CurvePlot(plain.steps, plain.values, Arrays.stream(means).boxed().toList());
  }

  /**
   * The mean over a centred window of a tenth of the values, cut off at both ends: the last point
   * stays a mean, and one odd batch at the end does not look like a trend. What is not finite
   * counts for nothing and has no mean.
   */
  static double[] movingMean(double[] values) {
    int reach = Math.max(1, values.length / 20);
    double[] means = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double mean =
          Arrays.stream(values, Math.max(0, i - reach), Math.min(values.length, i + reach + 1))
              .filter(Double::isFinite)
              .average()
              .orElse(Double.NaN);
      means[i] = Double.isFinite(values[i]) ? mean : Double.NaN;
    }
    return means;
  }

  @Override
  public String kind() {
    return "curve";
  }

  /** Whether there is nothing to draw. */
  boolean isEmpty() {
    return values.stream().noneMatch(Double::isFinite);
  }

  /** Its ends in words. */
  String description(String title) {
    int[] drawn =
        IntStream.range(0, steps.size()).filter(i -> Double.isFinite(values.get(i))).toArray();
    return title
        + " over "
        + drawn.length
        + " points of the training log: from "
        + at(drawn[0])
        + " to "
        + at(drawn[drawn.length - 1])
        + ".";
  }

  private String at(int index) {
    return Numbers.significant(values.get(index)) + " at step " + steps.get(index);
  }
}
