package dev.hone.loss;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * One row of a contrastive batch, as far as the choice of candidates needs it.
 *
 * @param queryKey what two rows of one query share, an id or a content hash
 * @param queryText the query's text
 * @param positive the row's positive
 * @param negatives the row's hard negatives, in column order; may be empty
 * @param knownPositives all groups of all documents known to answer the query
 */
public record RankingRow(
    String queryKey,
    String queryText,
    Candidate positive,
    List<Candidate> negatives,
    Set<String> knownPositives) {

  /** Copies the collections, so that a row is a value. */
  public RankingRow {
    Objects.requireNonNull(queryKey, "queryKey");
    Objects.requireNonNull(queryText, "queryText");
    Objects.requireNonNull(positive, "positive");
    negatives = List.copyOf(negatives);
    knownPositives = Set.copyOf(knownPositives);
  }

  /**
   * A document that a query can be compared with.
   *
   * @param text the document's text
   * @param groups what it shares with documents that are as good an answer: its content hash, and a
   *     group of near-duplicates or of one intent
   */
  public record Candidate(String text, Set<String> groups) {
    /** Refuses a missing text; copies the groups. */
    public Candidate {
      Objects.requireNonNull(text, "text");
      groups = Set.copyOf(groups);
    }
  }
}
