package dev.hone.evaluate;

import java.util.Comparator;

/**
 * A metric of the metric tables at its cut-off.
 *
 * @param metric as in the tables
 * @param k null where the metric has no cut-off
 */
public record MetricAt(String metric, Integer k) implements Comparable<MetricAt> {
  private static final Comparator<MetricAt> ORDER =
      Comparator.comparing(MetricAt::metric)
          .thenComparing(MetricAt::k, Comparator.nullsFirst(Comparator.naturalOrder()));

  /** Such as ndcg@10. */
  public String label() {
    return k == null ? metric : metric + "@" + k;
  }

  @Override
  public int compareTo(MetricAt other) {
    return ORDER.compare(this, other);
  }
}
