package dev.hone.config;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Names what one row of a data set means, and so which columns its sources have. */
public enum DatasetType {
  /**
   * A query and a document that answers it: columns {@code anchor, positive}; or utterances of one
   * intent, which answer each other: {@code anchor, group}.
   */
  PAIRS(List.of("anchor", "positive"), Set.of()),
  /**
   * A query, a document that answers it and one or more that do not: columns {@code anchor,
   * positive} and {@code negative} or an array {@code negatives}.
   */
  TRIPLETS(List.of("anchor", "positive"), Set.of("negative", "negatives")),
  /** Two texts and how similar they are: columns {@code text_a, text_b, score}. */
  SCORED(List.of("text_a", "text_b", "score"), Set.of()),
  /** A premise, a hypothesis and their relation: columns {@code premise, hypothesis, label}. */
  NLI(List.of("premise", "hypothesis", "label"), Set.of()),
  /** Documents, queries and graded judgements, in a source each. */
  RANKING(List.of(), Set.of()),
  /** A query, its positive and its hard negatives: {@code query, positive, negatives}. */
  HARD_NEGATIVES(List.of("query", "positive", "negatives"), Set.of());

  /** A hard-negatives set is derived from another, so that any size may help. */
  private static final int ANY_SIZE = 1;

  private static final Set<String> ANY_TYPE = Set.of("id", "domain", "group");

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> required;

  @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
  private final Set<String> optional;

  DatasetType(List<String> required, Set<String> optional) {
    this.required = required;
    this.optional = optional;
  }

  /** The columns that the rows of this type must have; empty for ranking. */
  public List<String> requiredColumns() {
    return required;
  }

  /** Whether models are measured by how they rank all documents of such a data set. */
  public boolean isRanked() {
    return this == PAIRS || this == RANKING;
  }

  /** Training rows, or queries where {@link #countsQueries}, from which tuning usually helps. */
  public int enoughFrom() {
    return switch (this) {
      case PAIRS, SCORED -> 2_000;
      case TRIPLETS -> 1_000;
      case NLI -> 10_000;
      case RANKING -> 100;
      case HARD_NEGATIVES -> ANY_SIZE;
    };
  }

  /** Whether the size of a data set is counted in queries, not in rows. */
  public boolean countsQueries() {
    return this == RANKING;
  }

  /** The loss that fits the type, by its name in the configuration. */
  public String fittingLoss() {
    return switch (this) {
      case PAIRS, RANKING, HARD_NEGATIVES -> "mnrl";
      case TRIPLETS -> "mnrl with the negative, or triplet";
      case SCORED -> "cosent";
      case NLI -> "mnrl, entailment the positive and contradiction the hard negative";
    };
  }

  /** All columns that the rows of this type may have, sorted. */
  Set<String> knownColumns() {
    Set<String> known = new TreeSet<>(ANY_TYPE);
    known.addAll(required);
    known.addAll(optional);
    return known;
  }

  /** The column whose value decides a row's split where the configuration names none. */
  String splitColumn() {
    return this == RANKING ? "query" : required.get(0);
  }
}
