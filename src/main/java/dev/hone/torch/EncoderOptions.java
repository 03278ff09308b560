package dev.hone.torch;

import dev.hone.model.Precision;
import dev.hone.store.LocalCache;

/**
 * How an encoder runs.
 *
 * @param threads libtorch's threads, at least 1
 * @param maxLength the most tokens of a text, prompt and special tokens included
 * @param batchTokens the most padded tokens of an inference batch
 * @param precision what products of matrices are computed in
 * @param trained whether its weights will be changed; only then is there {@link Encoder#embed}
 * @param dropout hidden dropout in training, in [0, 1)
 * @param attentionDropout dropout of attention weights in training, in [0, 1)
 * @param cache where the model's archive is kept
 */
public record EncoderOptions(
    int threads,
    int maxLength,
    int batchTokens,
    Precision precision,
    boolean trained,
    double dropout,
    double attentionDropout,
    LocalCache cache) {
  /** Padded tokens of an inference batch that keep two cores busy and stay in their caches. */
  public static final int BATCH_TOKENS = 2048;

  /** Checks the ranges. */
  public EncoderOptions {
    if (threads < 1 || maxLength < 2 || batchTokens < 1) {
      throw new IllegalArgumentException(
          "threads >= 1, maxLength >= 2 and batchTokens >= 1 are needed: %d, %d, %d"
              .formatted(threads, maxLength, batchTokens));
    }
    if (!(dropout >= 0 && dropout < 1 && attentionDropout >= 0 && attentionDropout < 1)) {
      throw new IllegalArgumentException(
          "dropouts must be in [0, 1): " + dropout + ", " + attentionDropout);
    }
  }

  /** For inference: nothing is trained. */
  public static EncoderOptions inference(
      int threads, int maxLength, Precision precision, LocalCache cache) {
    return new EncoderOptions(threads, maxLength, BATCH_TOKENS, precision, false, 0, 0, cache);
  }

  /** For training. */
  public static EncoderOptions training(
      int threads,
      int maxLength,
      Precision precision,
      double dropout,
      double attentionDropout,
      LocalCache cache) {
    return new EncoderOptions(
        threads, maxLength, BATCH_TOKENS, precision, true, dropout, attentionDropout, cache);
  }
}
