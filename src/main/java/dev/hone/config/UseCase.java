package dev.hone.config;

/** Names what the model is for, which decides the primary metric. */
public enum UseCase {
  /** Ranked search over documents: NDCG@10. */
  DOCUMENT_RETRIEVAL("ndcg", 10),
  /** One right answer: MRR@10. */
  FAQ("mrr", 10),
  /** A list of which several entries should be right: MAP@10. */
  RECOMMENDATION("map", 10),
  /** Everything relevant should be found: Recall@100. */
  DISCOVERY("recall", 100);

  private final String metric;
  private final int k;

  UseCase(String metric, int k) {
    this.metric = metric;
    this.k = k;
  }

  /** The primary metric's name as in the metric tables: ndcg, mrr, map or recall. */
  public String metric() {
    return metric;
  }

  /** The rank at which the primary metric is cut off. */
  public int k() {
    return k;
  }
}
