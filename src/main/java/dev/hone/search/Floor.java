package dev.hone.search;

import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.util.hnsw.FloatHeap;

/** The lowest score with which a document of the next shard can still be among the best of all. */
interface Floor {
  /** The score; 0 for any, since scores of BM25 are above 0. */
  float score();

  /** Takes notice of a document's score, which may raise the floor. */
  void see(float score);

  /** One that stays where it is. */
  static Floor at(float score) {
    return new Floor() {
      @Override
      public float score() {
        return score;
      }

      @Override
      public void see(float seen) {}
    };
  }

  /**
   * The lowest of the k best scores of a shard and of all that is seen after it: a floor that rises
   * while the next shard is searched, as it would in a single index.
   *
   * @param found at most k of the first shard, best first
   */
  static Floor above(ScoreDoc[] found, int k) {
    FloatHeap best = new FloatHeap(k);
    for (ScoreDoc document : found) {
      best.offer(document.score);
    }
    return new Floor() {
      @Override
      public float score() {
        return best.size() < k ? 0 : best.peek();
      }

      @Override
      public void see(float seen) {
        best.offer(seen);
      }
    };
  }
}
