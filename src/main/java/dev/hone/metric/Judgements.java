package dev.hone.metric;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * The judged documents of one query. A document that is not judged has grade 0.
 *
 * @param grades document id to grade; copied, unmodifiable, in no order. A grade below 0 gains
 *     nothing and counts as not judged, as in trec_eval
 */
public record Judgements(Map<String, Integer> grades) {
  /** Copies the grades. */
  public Judgements {
    grades = Collections.unmodifiableMap(new HashMap<>(grades));
  }

  /** How many documents are judged and have less than this grade. */
  public int countBelow(int minRelevantGrade) {
    int count = 0;
    for (int grade : grades.values()) {
      count += grade >= 0 && grade < minRelevantGrade ? 1 : 0;
    }
    return count;
  }

  /** How many documents have at least this grade. */
  public int countAtLeast(int minRelevantGrade) {
    int count = 0;
    for (int grade : grades.values()) {
      count += grade >= minRelevantGrade ? 1 : 0;
    }
    return count;
  }
}
