package dev.hone.metric;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The judged documents of one query. A document that is not judged has grade 0.
 *
 * @param grades document id to grade; copied, sorted and unmodifiable. Grades below 0 are kept, but
 *     gain nothing
 */
public record Judgements(Map<String, Integer> grades) {
  /** Copies the grades. */
  public Judgements {
    SortedMap<String, Integer> sorted = new TreeMap<>(grades);
    grades = Collections.unmodifiableSortedMap(sorted);
  }

  /** Grade of a document, 0 where it is not judged. */
  public int grade(String documentId) {
    return grades.getOrDefault(documentId, 0);
  }

  /** Whether a document is judged; a grade below 0 says that it is not, as in trec_eval. */
  public boolean isJudged(String documentId) {
    return grades.getOrDefault(documentId, -1) >= 0;
  }

  /** How many documents are judged and have less than this grade. */
  public int countBelow(int minRelevantGrade) {
    return (int)
        grades.values().stream().filter(grade -> grade >= 0 && grade < minRelevantGrade).count();
  }

  /** How many documents have at least this grade. */
  public int countAtLeast(int minRelevantGrade) {
    return (int) grades.values().stream().filter(grade -> grade >= minRelevantGrade).count();
  }
}
