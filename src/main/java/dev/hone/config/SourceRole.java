package dev.hone.config;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Says what the records of one source of a data set are. */
public enum SourceRole {
  /** Whole rows of the data set's type; key {@code source}. */
  ROWS("source", List.of(), Set.of()),
  /** The documents of a ranking data set: {@code id, text} and {@code title, domain, group}. */
  DOCUMENTS("documents", List.of("id", "text"), Set.of("title", "domain", "group")),
  /** The queries of a ranking data set: {@code id, text} and {@code domain}. */
  QUERIES("queries", List.of("id", "text"), Set.of("domain")),
  /** The graded judgements of a ranking data set: {@code query_id, doc_id, grade}. */
  QRELS("qrels", List.of("query_id", "doc_id", "grade"), Set.of());

  private final String key;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> required;

  @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
  private final Set<String> optional;

  SourceRole(String key, List<String> required, Set<String> optional) {
    this.key = key;
    this.required = required;
    this.optional = optional;
  }

  /** Whether records of this source may say by their path which split they belong to. */
  public boolean mayNameSplits() {
    return this != DOCUMENTS;
  }

  /** The configuration key of the source inside its data set. */
  public String key() {
    return key;
  }

  /** The columns that this source must have in a data set of the type given. */
  public List<String> requiredColumns(DatasetType type) {
    return this == ROWS ? type.requiredColumns() : required;
  }

  /** All columns that this source may have in a data set of the type given, sorted. */
  Set<String> knownColumns(DatasetType type) {
    if (this == ROWS) {
      return type.knownColumns();
    }
    Set<String> known = new TreeSet<>(required);
    known.addAll(optional);
    return known;
  }
}
