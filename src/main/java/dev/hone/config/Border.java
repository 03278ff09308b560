package dev.hone.config;

/** What a document must lie beyond to count as confused with an answer of the query. */
public enum Border {
  /** Its domain is neither the query's nor that of any answer; one without a domain is left out. */
  DOMAIN,
  /** It lies in another cluster of the vector space than every answer. */
  CLUSTER
}
