package dev.hone.search;

import java.io.IOException;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.Collector;
import org.apache.lucene.search.HitQueue;
import org.apache.lucene.search.LeafCollector;
import org.apache.lucene.search.Scorable;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;

/**
 * Collects the best documents of a shard whose score is not below a floor, which other shards have
 * laid and this one may raise. Lucene passes over what cannot reach the floor, as it does over what
 * cannot reach the worst of those collected. Of equal scores the first documents are kept.
 */
final class BestAbove implements Collector {
  private final HitQueue best;
  private final Floor floor;
  private ScoreDoc worst;

  /**
   * Collects documents.
   *
   * @param most how many, at least 1
   * @param floor the lowest score that counts; it sees what is collected
   */
  BestAbove(int most, Floor floor) {
    this.best = new HitQueue(most, true);
    this.floor = floor;
    this.worst = best.top();
  }

  @Override
  public ScoreMode scoreMode() {
    return ScoreMode.TOP_SCORES;
  }

  @Override
  public LeafCollector getLeafCollector(LeafReaderContext leaf) {
    return new OfLeaf(leaf.docBase);
  }

  private final class OfLeaf implements LeafCollector {
    private final int base;
    private Scorable scorer;

    OfLeaf(int base) {
      this.base = base;
    }

    @Override
    public void setScorer(Scorable newScorer) throws IOException {
      scorer = newScorer;
      raise();
    }

    /** Until enough are collected, the worst is a place that is empty, with a score below all. */
    private void raise() throws IOException {
      float least = Math.max(floor.score(), Math.nextUp(worst.score));
      if (least > 0) {
        scorer.setMinCompetitiveScore(least);
      }
    }

    @Override
    public void collect(int document) throws IOException {
      float score = scorer.score();
      if (score >= floor.score() && score > worst.score) {
        worst.score = score;
        worst.doc = base + document;
        worst = best.updateTop();
        floor.see(score);
        raise();
      }
    }
  }

  /** What was collected, best first; once. */
  ScoreDoc[] sorted() {
    while (best.size() > 0 && best.top().score == Float.NEGATIVE_INFINITY) {
      best.pop();
    }
    ScoreDoc[] sorted = new ScoreDoc[best.size()];
    for (int rank = sorted.length - 1; rank >= 0; rank--) {
      sorted[rank] = best.pop();
    }
    return sorted;
  }
}
