package dev.hone.config;

/** What a document must lie beyond to count as confused with an answer of the query. */
public enum Border {
  /** Its domain is neither the query's nor that of any answer; one without a domain is left out. */
  DOMAIN,
  /** It comes from another part of the data set's files than every answer. */
  SOURCE,
  /** It lies in another cluster of the vector space than every answer. */
  CLUSTER
}
