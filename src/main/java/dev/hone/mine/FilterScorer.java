package dev.hone.mine;

import dev.hone.encode.PairScorerSpec;
import dev.hone.store.Commit;

/** The model whose scores margins and score bounds compare. */
public sealed interface FilterScorer {

  /** Digest of its weights. */
  String modelDigest();

  /**
   * An encoder: the inner product of its vectors.
   *
   * @param vectors of all documents and training queries
   */
  record OfVectors(Commit vectors) implements FilterScorer {
    @Override
    public String modelDigest() {
      return MinerSearch.modelDigest(vectors);
    }
  }

  /**
   * A cross-encoder, which reads query and document together.
   *
   * @param scorer the model
   */
  record OfPairs(PairScorerSpec scorer) implements FilterScorer {
    @Override
    public String modelDigest() {
      return scorer.digest();
    }
  }
}
