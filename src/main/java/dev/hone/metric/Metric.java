package dev.hone.metric;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The ranking metrics, as trec_eval defines them. Each is taken at a cutoff k, or over the whole
 * ranking where it has none. All but {@link #NUM_REL_RET} lie in [0, 1]; higher is better for all
 * but {@link #UNJUDGED}.
 */
public enum Metric {
  /** Normalised discounted cumulative gain: discount 1/log2(rank + 1), ideal over all judged. */
  NDCG(true),
  /** Reciprocal rank of the first relevant document; its mean over queries is MRR. */
  MRR(true),
  /** Average precision over all relevant documents; its mean over queries is MAP. */
  MAP(true),
  /** Share of the relevant documents that stand within k. */
  RECALL(true),
  /** Share of k that is relevant, even where fewer than k were retrieved. */
  PRECISION(true),
  /** Harmonic mean of precision and recall of one query, 0 where both are 0. */
  F1(true),
  /** 1 where a relevant document stands within k, else 0. */
  SUCCESS(true),
  /**
   * Share of k that was retrieved and that nobody judged (trec_eval 10's unj): divided by k even
   * where fewer were retrieved, so that what is missing does not count as unjudged.
   */
  UNJUDGED(true),
  /** Precision at R, the number of relevant documents (trec_eval's Rprec). */
  R_PRECISION(false),
  /**
   * How seldom judged documents that are not relevant stand before relevant ones (Buckley and
   * Voorhees, "Retrieval Evaluation with Incomplete Information", SIGIR 2004), as trec_eval counts:
   * (1/R) * sum over the relevant documents retrieved of 1 - min(n, R) / min(N, R), with n of the N
   * not relevant ones before it. What is not judged does not count.
   */
  BPREF(false),
  /** How many relevant documents were retrieved: a count. */
  NUM_REL_RET(false);

  private final boolean cut;

  Metric(boolean cut) {
    this.cut = cut;
  }

  /** Whether it is taken at a cutoff k; else it is over the whole ranking. */
  public boolean hasCutoff() {
    return cut;
  }

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
        "illegal metric: '"
            + label
            + "', must be one of "
            + Arrays.stream(values()).map(Metric::label).collect(Collectors.joining(", ")));
  }
}
