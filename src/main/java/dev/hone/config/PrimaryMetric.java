package dev.hone.config;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The metric that rankings are judged by.
 *
 * @param metric its name as in the metric tables
 * @param k the rank at which it is cut off, 1 or more
 */
public record PrimaryMetric(String metric, int k) {
  private static final Set<String> NAMES =
      Set.of("ndcg", "mrr", "map", "recall", "precision", "f1");
  private static final Pattern WRITTEN = Pattern.compile("([a-z0-9]+)@([1-9][0-9]{0,4})");

  /** Refuses what no table has. */
  public PrimaryMetric {
    if (!NAMES.contains(metric) || k < 1) {
      throw new IllegalArgumentException("no metric " + metric + "@" + k);
    }
  }

  /**
   * Reads what {@link #label} writes.
   *
   * @throws IllegalArgumentException if it is no metric with a cut-off
   */
  public static PrimaryMetric of(String label) {
    Matcher written = WRITTEN.matcher(label);
    if (!written.matches()) {
      throw new IllegalArgumentException("not a metric with its cut-off: " + label);
    }
    return new PrimaryMetric(written.group(1), Integer.parseInt(written.group(2)));
  }

  /** As the configuration writes it, such as {@code mrr@10}. */
  public String label() {
    return metric + "@" + k;
  }
}
