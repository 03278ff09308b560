package dev.hone.metric;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A whole run against its judgements: one entry per judged query, in the order of their ids. A
 * judged query without results counts 0, and so does one without a relevant document; a query
 * without judgements is left out.
 *
 * @param byQuery metrics by query id, sorted by UTF-8 bytes, unmodifiable
 * @param withoutResults judged queries for which the run holds nothing
 * @param withoutRelevant judged queries whose judgements are all below the lowest relevant grade
 * @param withoutJudgements queries of the run that are left out
 */
public record RunMetrics(
    SortedMap<String, RankingMetrics> byQuery,
    int withoutResults,
    int withoutRelevant,
    int withoutJudgements) {
  /** Copies the entries. */
  public RunMetrics {
    SortedMap<String, RankingMetrics> sorted = new TreeMap<>(CodePointOrder.ASCENDING);
    sorted.putAll(byQuery);
    byQuery = Collections.unmodifiableSortedMap(sorted);
  }

  /**
   * Judges a run; both maps are keyed by query id. A query with no judged document is not judged.
   */
  public static RunMetrics of(
      Map<String, Ranking> run, Map<String, Judgements> judgements, MetricOptions options) {
    SortedMap<String, RankingMetrics> byQuery = new TreeMap<>(CodePointOrder.ASCENDING);
    judgements.forEach(
        (queryId, judged) -> {
          if (!judged.grades().isEmpty()) {
            Ranking ranking = run.getOrDefault(queryId, Ranking.empty(queryId));
            byQuery.put(queryId, RankingMetrics.of(ranking, judged, options));
          }
        });
    return new RunMetrics(
        byQuery,
        (int) byQuery.values().stream().filter(query -> query.retrievedCount() == 0).count(),
        (int) byQuery.values().stream().filter(query -> query.relevantCount() == 0).count(),
        (int) run.keySet().stream().filter(queryId -> !byQuery.containsKey(queryId)).count());
  }

  /** One metric of every judged query, in the order of {@link #byQuery}. */
  public double[] values(Metric metric, int k) {
    return byQuery.values().stream().mapToDouble(query -> query.at(metric, k)).toArray();
  }

  /**
   * Macro-average of one metric over the judged queries.
   *
   * @throws IllegalStateException if no query is judged
   */
  public double mean(Metric metric, int k) {
    if (byQuery.isEmpty()) {
      throw new IllegalStateException("no query is judged, so " + metric.label() + " has no mean");
    }
    return Means.mean(values(metric, k));
  }
}
