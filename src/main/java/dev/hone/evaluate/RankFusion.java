package dev.hone.evaluate;

import dev.hone.metric.ScoredDocument;
import dev.hone.search.Hit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reciprocal rank fusion (Cormack, Clarke, Büttcher: Reciprocal rank fusion outperforms Condorcet
 * and individual rank learning methods, SIGIR 2009): a document's score is the sum over the
 * rankings that hold it of 1 / (60 + its rank there, from 1).
 */
final class RankFusion {
  /** The least depth of the rankings that are fused. */
  static final int DEPTH = 100;

  private static final double CONSTANT = 60;
  private static final Comparator<ScoredDocument> ORDER =
      Comparator.comparingDouble(ScoredDocument::score)
          .reversed()
          .thenComparing(ScoredDocument::documentId, Hit.BY_UTF8);

  private RankFusion() {}

  /**
   * Fuses rankings of one query.
   *
   * @param rankings ids, best first
   * @param depth documents to keep
   * @return best first, ties by id ascending
   */
  static List<ScoredDocument> fuse(List<List<String>> rankings, int depth) {
    Map<String, Double> scores = new HashMap<>();
    for (List<String> ranking : rankings) {
      int rank = 0;
      for (String id : ranking) {
        scores.merge(id, 1 / (CONSTANT + ++rank), Double::sum);
      }
    }
    return scores.entrySet().stream()
        .map(entry -> new ScoredDocument(entry.getKey(), entry.getValue()))
        .sorted(ORDER)
        .limit(depth)
        .toList();
  }
}
