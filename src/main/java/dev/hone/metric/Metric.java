package dev.hone.metric;

import java.util.Locale;

/** The ranking metrics, each taken at a cutoff k; all lie in [0, 1], higher is better. */
public enum Metric {
  /** Normalised discounted cumulative gain: discount 1/log2(rank + 1), ideal over all judged. */
  NDCG,
  /** Reciprocal rank of the first relevant document; its mean over queries is MRR. */
  MRR,
  /** Average precision over all relevant documents; its mean over queries is MAP. */
  MAP,
  /** Share of the relevant documents that stand within k. */
  RECALL,
  /** Share of k that is relevant, even where fewer than k were retrieved. */
  PRECISION,
  /** Harmonic mean of precision and recall of one query, 0 where both are 0. */
  F1;

  /** The name that tables use: {@code ndcg}, {@code mrr}, ... */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The metric of a label.
   *
   * @throws IllegalArgumentException if no metric has this label
   */
  public static Metric ofLabel(String label) {
    for (Metric metric : values()) {
      if (metric.label().equals(label)) {
        return metric;
      }
    }
    throw new IllegalArgumentException(
        "illegal metric: '" + label + "', must be one of ndcg, mrr, map, recall, precision, f1");
  }
}
