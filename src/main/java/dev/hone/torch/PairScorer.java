package dev.hone.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import dev.hone.model.ArchiveOptions;
import dev.hone.model.CrossEncoderFolder;
import dev.hone.model.PairArchive;
import dev.hone.model.Precision;
import dev.hone.store.LocalCache;
import dev.hone.text.LengthBuckets;
import dev.hone.text.PairTokenizer;
import dev.hone.text.TextPair;
import dev.hone.text.TokenBatch;
import dev.hone.text.TokenizedPair;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A cross-encoder at work: pairs of texts in, scores out.
 *
 * <p>One thread at a time. A pair's fp32 score has the same bits whatever else is in its batch.
 */
public final class PairScorer implements AutoCloseable {
  private final ScriptModule module;
  private final PairTokenizer tokenizer;
  private final EncoderOptions options;
  private final boolean hasTokenTypes;

  private PairScorer(
      ScriptModule module, PairTokenizer tokenizer, EncoderOptions options, boolean hasTokenTypes) {
    this.module = module;
    this.tokenizer = tokenizer;
    this.options = options;
    this.hasTokenTypes = hasTokenTypes;
  }

  /**
   * Loads a model for inference; its archive is written to the cache on first use.
   *
   * @param threads libtorch's threads, at least 1
   * @param precision what products of matrices below the head are computed in
   */
  public static PairScorer open(
      CrossEncoderFolder folder, int threads, Precision precision, LocalCache cache) {
    EncoderOptions options =
        EncoderOptions.inference(threads, folder.maxLength(), precision, cache);
    TorchRuntime.start(threads);
    ArchiveOptions archive = new ArchiveOptions(false, precision, Processor.hasOneDnn(cache), 0, 0);
    Path written =
        cache.entry(
            PairArchive.name(folder, archive),
            target -> PairArchive.write(folder, archive, target.resolve("scorer.pt")));
    PairTokenizer tokenizer = PairTokenizer.open(folder.tokenizerJson(), folder.maxLength());
    try {
      ScriptModule module = ScriptModule.load(written, "scorer", false);
      return new PairScorer(module, tokenizer, options, folder.hasTokenTypes());
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /** Scores pairs, in batches of similar lengths. */
  public ScoredPairs score(List<TextPair> pairs) {
    boolean recording = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try {
      return scored(tokenizer.tokenize(pairs));
    } finally {
      JniUtils.setGradMode(recording);
    }
  }

  private ScoredPairs scored(List<TokenizedPair> pairs) {
    float[] scores = new float[pairs.size()];
    boolean[] truncated = new boolean[pairs.size()];
    for (int[] positions : LengthBuckets.planPairs(pairs, options.batchTokens())) {
      float[] some = scores(Arrays.stream(positions).mapToObj(pairs::get).toList());
      for (int row = 0; row < positions.length; row++) {
        scores[positions[row]] = some[row];
        truncated[positions[row]] = pairs.get(positions[row]).truncated();
      }
    }
    return new ScoredPairs(scores, truncated);
  }

  /** One row takes other kernels than several, with other last bits: it is scored twice. */
  private float[] scores(List<TokenizedPair> members) {
    List<TokenizedPair> several =
        members.size() == 1 ? List.of(members.get(0), members.get(0)) : members;
    TokenBatch batch = TokenBatch.ofPairs(several, hasTokenTypes);
    Shape shape = new Shape(batch.rows(), batch.tokens());
    try (NDManager scope = module.manager().newSubManager()) {
      NDArray ids = scope.create(batch.ids(), shape);
      NDArray mask = scope.create(batch.mask(), shape);
      return module.evaluate(ids, mask).toFloatArray();
    }
  }

  @Override
  public void close() {
    try {
      tokenizer.close();
    } finally {
      module.close();
    }
  }
}
