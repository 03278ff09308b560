package dev.hone.metric;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The judged documents of one query. A document that is not judged has grade 0.
 *
 * @param grades document id to grade; copied, sorted and unmodifiable. A grade below 0 gains
 *     nothing and counts as not judged, as in trec_eval
 */
public record Judgements(Map<String, Integer> grades) {
  /** Copies the grades. */
  public Judgements {
    SortedMap<String, Integer> sorted = new TreeMap<>(grades);
    grades = Collections.unmodifiableSortedMap(sorted);
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
