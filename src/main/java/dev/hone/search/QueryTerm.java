package dev.hone.search;

import java.util.List;

/**
 * A term of a query, with what the whole collection knows of it.
 *
 * @param term as analysed
 * @param count how often it stands in the query, at least 1
 * @param documentFrequencies for each field, how many documents of the collection hold it; empty
 *     where the shards that are searched are the whole collection and know it themselves
 */
public record QueryTerm(String term, int count, List<Long> documentFrequencies) {
  /** Copies the list. */
  public QueryTerm {
    documentFrequencies = List.copyOf(documentFrequencies);
  }
}
