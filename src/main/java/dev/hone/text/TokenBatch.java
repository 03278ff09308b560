package dev.hone.text;

import java.util.Arrays;
import java.util.List;

/**
 * Token ids of several texts, padded to one length.
 *
 * @param rows texts in the batch
 * @param tokens padded length of each
 * @param ids [rows, tokens], row-major; 0 where padded
 * @param mask [rows, tokens], row-major; 0 for padding, 1 for a token, 2 for one that is left out
 *     of the pooling or, in pairs, belongs to the second text
 */
@SuppressWarnings("ArrayRecordComponent") // a value on its way into a tensor, never compared
public record TokenBatch(int rows, int tokens, long[] ids, long[] mask) {
  /** Padded lengths are multiples of this, so that there are few of them. */
  private static final int LENGTH_STEP = 8;

  /** Pads texts to the length that the longest of them needs. */
  public static TokenBatch of(List<TokenizedText> texts) {
    int longest = texts.stream().mapToInt(text -> text.ids().length).max().orElseThrow();
    int tokens = paddedLength(longest);
    long[] ids = new long[texts.size() * tokens];
    long[] mask = new long[ids.length];
    for (int row = 0; row < texts.size(); row++) {
      long[] source = texts.get(row).ids();
      System.arraycopy(source, 0, ids, row * tokens, source.length);
      int pooled = Math.min(texts.get(row).unpooled(), source.length);
      Arrays.fill(mask, row * tokens, row * tokens + pooled, 2L);
      Arrays.fill(mask, row * tokens + pooled, row * tokens + source.length, 1L);
    }
    return new TokenBatch(texts.size(), tokens, ids, mask);
  }

  /**
   * Pads pairs of texts to the length that the longest of them needs.
   *
   * @param hasTypes whether tokens of type 1 have 2 in the mask, not 1
   */
  public static TokenBatch ofPairs(List<TokenizedPair> pairs, boolean hasTypes) {
    int longest = pairs.stream().mapToInt(pair -> pair.ids().length).max().orElseThrow();
    int tokens = paddedLength(longest);
    long[] ids = new long[pairs.size() * tokens];
    long[] mask = new long[ids.length];
    for (int row = 0; row < pairs.size(); row++) {
      long[] source = pairs.get(row).ids();
      long[] types = pairs.get(row).types();
      System.arraycopy(source, 0, ids, row * tokens, source.length);
      for (int token = 0; token < source.length; token++) {
        mask[row * tokens + token] = hasTypes ? 1 + types[token] : 1;
      }
    }
    return new TokenBatch(pairs.size(), tokens, ids, mask);
  }

  /** The length that texts of {@code length} tokens are padded to. */
  static int paddedLength(int length) {
    return (length + LENGTH_STEP - 1) / LENGTH_STEP * LENGTH_STEP;
  }
}
