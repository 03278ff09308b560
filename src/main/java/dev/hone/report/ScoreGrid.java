package dev.hone.report;

import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;

import org.apache.spark.sql.Column;

/**
 * Bins around a range of scores, and a finer grid of points on which scores are counted, so that
 * quantiles need no more memory than there are points.
 *
 * @param tick a tenth of it is the width of a bin
 * @param first the first bin, counted from a score of 0 in bins
 * @param bins how many there are
 */
record ScoreGrid(double tick, long first, int bins) {
  private static final int BINS_PER_TICK = 10;

  /** Between ticks of 0.5, points are 0.00025 apart. */
  private static final int POINTS_PER_BIN = 200;

  /** The fewest bins that hold both scores. */
  static ScoreGrid around(double lowest, double highest) {
    double tick = tick(highest > lowest ? highest - lowest : Math.max(Math.abs(highest), 1e-9));
    double perPoint = tick / BINS_PER_TICK / POINTS_PER_BIN;
    long first = Math.floorDiv(Math.round(lowest / perPoint), POINTS_PER_BIN);
    long end = -Math.floorDiv(-Math.round(highest / perPoint), POINTS_PER_BIN);
    return new ScoreGrid(tick, first, (int) Math.max(1, end - first));
  }

  /** The smallest of 1, 2 and 5 times a power of ten that is at least a quarter of a span. */
  private static double tick(double span) {
    double power = Math.pow(10, Math.floor(Math.log10(span / 4)));
    double digit = span / 4 / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  }

  double low() {
    return first * width();
  }

  double high() {
    return (first + bins) * width();
  }

  private double width() {
    return tick / BINS_PER_TICK;
  }

  /** The point that is nearest to a score, from 0 at the low end. */
  Column point(Column score) {
    double perPoint = width() / POINTS_PER_BIN;
    return floor(score.divide(perPoint).plus(0.5)).minus(first * POINTS_PER_BIN).cast("int");
  }

  /** The bin that a point lies in; the last one holds its upper end too. */
  Column bin(Column point) {
    Column bin = floor(point.divide(POINTS_PER_BIN)).cast("int");
    return least(bin, lit(bins - 1));
  }

  /** The score at a point, or between two. */
  double score(double point) {
    return (first + point / POINTS_PER_BIN) * width();
  }
}
