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
 * @param guide what a guide makes of the query; null where there is none
 */
public record RankingRow(
    String queryKey,
    String queryText,
    Candidate positive,
    List<Candidate> negatives,
    Set<String> knownPositives,
    GuideVector guide) {

  /** Copies the collections, so that a row is a value. */
  public RankingRow {
    Objects.requireNonNull(queryKey, "queryKey");
    Objects.requireNonNull(queryText, "queryText");
    Objects.requireNonNull(positive, "positive");
    negatives = List.copyOf(negatives);
    knownPositives = Set.copyOf(knownPositives);
  }

  /** Without a guide. */
  public RankingRow(
      String queryKey,
      String queryText,
      Candidate positive,
      List<Candidate> negatives,
      Set<String> knownPositives) {
    this(queryKey, queryText, positive, negatives, knownPositives, null);
  }

  /**
   * A document that a query can be compared with.
   *
   * @param text the document's text
   * @param groups what it shares with documents that are as good an answer: its content hash, and a
   *     group of near-duplicates or of one intent
   * @param guide what a guide makes of the text; null where there is none
   * @param teacherScore a teacher's score of the row's query and the document, finite; null where
   *     there is none
   */
  public record Candidate(String text, Set<String> groups, GuideVector guide, Double teacherScore) {
    /** Refuses a missing text; copies the groups. */
    public Candidate {
      Objects.requireNonNull(text, "text");
      groups = Set.copyOf(groups);
    }

    /** Without guide and teacher. */
    public Candidate(String text, Set<String> groups) {
      this(text, groups, null, null);
    }
  }
}
