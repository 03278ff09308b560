package dev.hone.evaluate;

import dev.hone.evaluate.ComparisonResult.Line;
import dev.hone.evaluate.ModelScores.QueryValues;
import dev.hone.metric.Bootstrap;
import dev.hone.metric.PairedComparison;
import dev.hone.metric.PairedComparison.Pairs;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** One metric of two sides: a line for each data set, and one for the mean over several. */
final class MetricLines {
  private final Bootstrap bootstrap;
  private final ComparedSide before;
  private final ComparedSide after;
  private final SortedMap<String, MetricAt> primary;
  private final MetricAt metric;

  /**
   * Lines of a metric.
   *
   * @param primary the metric that each data set is judged by
   */
  MetricLines(
      Bootstrap bootstrap,
      ComparedSide before,
      ComparedSide after,
      SortedMap<String, MetricAt> primary,
      MetricAt metric) {
    this.bootstrap = bootstrap;
    this.before = before;
    this.after = after;
    this.primary = primary;
    this.metric = metric;
  }

  List<Line> of(SortedSet<String> datasets) {
    List<Line> lines = new ArrayList<>();
    SortedMap<String, Pairs> paired = new TreeMap<>();
    for (String dataset : datasets) {
      Pairs pairs = pairs(before, after, dataset, metric);
      if (pairs != null) {
        paired.put(dataset, pairs);
        lines.add(line(dataset, PairedComparison.of(pairs, bootstrap, bootstrap.seed())));
      } else {
        lines.add(line(dataset));
      }
    }
    if (datasets.size() > 1) {
      lines.add(
          paired.size() == datasets.size()
              ? line(
                  ComparisonResult.MACRO_AVERAGE,
                  PairedComparison.macro(paired, bootstrap, bootstrap.seed()))
              : mean(lines));
    }
    return lines;
  }

  /** Both sides' values; null where one has none, or they are of other queries. */
  static Pairs pairs(ComparedSide before, ComparedSide after, String dataset, MetricAt metric) {
    QueryValues left = before.queries(dataset, metric);
    QueryValues right = after.queries(dataset, metric);
    return left == null || right == null || !left.ids().equals(right.ids())
        ? null
        : new Pairs(left.values(), right.values());
  }

  private boolean isPrimary(String dataset) {
    return dataset.equals(ComparisonResult.MACRO_AVERAGE)
        ? primary.values().stream().allMatch(metric::equals)
        : metric.equals(primary.get(dataset));
  }

  private Line line(String dataset, PairedComparison paired) {
    return new Line(
        dataset,
        metric,
        isPrimary(dataset),
        paired.queries(),
        paired.baseline(),
        paired.candidate(),
        paired.delta(),
        paired,
        Double.NaN);
  }

  private Line line(String dataset) {
    double baseline = before.mean(dataset, metric);
    double candidate = after.mean(dataset, metric);
    return new Line(
        dataset,
        metric,
        isPrimary(dataset),
        before.count(dataset, metric),
        baseline,
        candidate,
        candidate - baseline,
        null,
        Double.NaN);
  }

  private Line mean(List<Line> lines) {
    return new Line(
        ComparisonResult.MACRO_AVERAGE,
        metric,
        isPrimary(ComparisonResult.MACRO_AVERAGE),
        lines.stream().mapToLong(Line::count).sum(),
        lines.stream().mapToDouble(Line::baseline).average().orElseThrow(),
        lines.stream().mapToDouble(Line::candidate).average().orElseThrow(),
        lines.stream().mapToDouble(Line::delta).average().orElseThrow(),
        null,
        Double.NaN);
  }
}
