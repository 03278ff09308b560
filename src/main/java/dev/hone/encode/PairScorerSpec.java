package dev.hone.encode;

import dev.hone.model.CrossEncoderFolder;
import dev.hone.model.ModelReference;
import dev.hone.model.Precision;
import dev.hone.store.LocalCache;
import dev.hone.torch.PairScorer;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/**
 * Which cross-encoder scores pairs of texts, in a form that travels to an executor.
 *
 * @param model the model, which every host finds for itself
 * @param cache the cache's folder on every executor's host
 * @param precision what products of matrices below the head are computed in
 * @param threads the most threads of libtorch; {@link EncoderSpec#ALL_THREADS} for an executor's
 *     whole share
 */
public record PairScorerSpec(ModelReference model, String cache, Precision precision, int threads)
    implements ModelSpec<PairScorer> {

  /** Raised when the score of a pair changes, so that no older one is taken for it. */
  private static final int REVISION = 1;

  /** Checks the number of threads. */
  public PairScorerSpec {
    if (threads < ALL_THREADS) {
      throw new IllegalArgumentException("threads must be at least 0: " + threads);
    }
  }

  /**
   * A spec for a model.
   *
   * @param name as the configuration names it
   */
  public static PairScorerSpec of(
      String name, CrossEncoderFolder folder, LocalCache cache, Precision precision, int threads) {
    return new PairScorerSpec(
        ModelReference.to(name, folder), cache.root().toString(), precision, threads);
  }

  @Override
  public String digest() {
    return model.digest();
  }

  /** All that a pair's score depends on, but for the model's digest and the texts. */
  public String settings() {
    return "revision=%d precision=%s".formatted(REVISION, precision.label());
  }

  @Override
  public Class<PairScorer> type() {
    return PairScorer.class;
  }

  @Override
  public PairScorer open(int threadsHere, Configuration hadoop) {
    LocalCache local = LocalCache.at(Path.of(cache));
    return PairScorer.open(model.resolveCrossEncoder(local, hadoop), threadsHere, precision, local);
  }
}
