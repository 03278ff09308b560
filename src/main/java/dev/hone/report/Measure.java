package dev.hone.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Names one measured quantity: a metric with its cut-off.
 *
 * @param metric as the metric tables spell it: {@code ndcg}, {@code mrr}, {@code spearman}, ...
 * @param k the cut-off, at least 1; 0 where the metric has none
 */
public record Measure(String metric, int k) implements Comparable<Measure> {
  /** The measure that models are compared by unless the use case or the user names another. */
  public static final Measure NDCG_10 = new Measure("ndcg", 10);

  /** What every headline table shows, in this order. */
  public static final List<Measure> HEADLINE =
      List.of(NDCG_10, new Measure("mrr", 10), new Measure("map", 10), new Measure("recall", 100));

  /** What data sets are measured by whose pairs are compared, not ranked; each has one of them. */
  public static final List<Measure> COMPARED =
      List.of(new Measure("triplet_accuracy", 0), new Measure("spearman", 0));

  private static final Set<String> OF_PAIRS = Set.of("triplet_accuracy", "spearman", "pearson");

  private static final Map<String, String> LABELS =
      Map.ofEntries(
          Map.entry("ndcg", "NDCG"),
          Map.entry("mrr", "MRR"),
          Map.entry("map", "MAP"),
          Map.entry("recall", "Recall"),
          Map.entry("precision", "Precision"),
          Map.entry("f1", "F1"),
          Map.entry("success", "Success"),
          Map.entry("unjudged", "Unjudged"),
          Map.entry("r_precision", "R-precision"),
          Map.entry("bpref", "bpref"),
          Map.entry("num_rel_ret", "Relevant retrieved"),
          Map.entry("spearman", "Spearman"),
          Map.entry("pearson", "Pearson"),
          Map.entry("triplet_accuracy", "Triplet accuracy"));

  /** Checks that the metric has a name and the cut-off is not negative. */
  public Measure {
    if (metric.isBlank() || k < 0) {
      throw new IllegalArgumentException(
          "Measure '" + metric + "' at " + k + ": needs a name and a cut-off of at least 0");
    }
  }

  /** Whether it compares pairs, and ranks nothing. */
  boolean isOfPairs() {
    return OF_PAIRS.contains(metric);
  }

  /** Whether more of it is better, and 1 the best. */
  boolean isScore() {
    return !metric.equals("unjudged") && !metric.equals("num_rel_ret");
  }

  /** How people write it: {@code NDCG@10}. */
  public String label() {
    return k == 0 ? name() : name() + "@" + k;
  }

  /** How people write the metric alone. */
  String name() {
    return LABELS.getOrDefault(metric, metric);
  }

  /** How sentence-transformers' model cards name it for cosine similarity. */
  String cardName() {
    String prefix = "cosine_" + (metric.equals("triplet_accuracy") ? "accuracy" : metric);
    return (k == 0 ? prefix : prefix + "@" + k).toLowerCase(Locale.ROOT);
  }

  /** By metric, then by cut-off. */
  @Override
  public int compareTo(Measure other) {
    int byMetric = metric.compareTo(other.metric);
    return byMetric != 0 ? byMetric : Integer.compare(k, other.k);
  }
}
