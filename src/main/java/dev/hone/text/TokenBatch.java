package dev.hone.text;

import java.util.Arrays;
import java.util.List;

/**
 * Token ids of several texts, padded to one length.
 *
 * @param rows texts in the batch
 * @param tokens padded length of each
 * @param ids [rows, tokens], row-major; 0 where padded
 * @param mask [rows, tokens], row-major; 1 for a token, 0 for padding
 */
@SuppressWarnings("ArrayRecordComponent") // a value on its way into a tensor, never compared
public record TokenBatch(int rows, int tokens, long[] ids, long[] mask) {
  /** Padded lengths are multiples of this; with it a vector's bits do not depend on the batch. */
  static final int LENGTH_STEP = 8;

  /** A single text takes another kernel below this length. */
  static final int SINGLE_ROW_STEP = 16;

  /** Pads texts to the length that the longest of them needs. */
  public static TokenBatch of(List<TokenizedText> texts) {
    int longest = texts.stream().mapToInt(text -> text.ids().length).max().orElseThrow();
    int tokens = paddedLength(longest, texts.size());
    long[] ids = new long[texts.size() * tokens];
    long[] mask = new long[ids.length];
    for (int row = 0; row < texts.size(); row++) {
      long[] source = texts.get(row).ids();
      System.arraycopy(source, 0, ids, row * tokens, source.length);
      Arrays.fill(mask, row * tokens, row * tokens + source.length, 1L);
    }
    return new TokenBatch(texts.size(), tokens, ids, mask);
  }

  static int paddedLength(int length, int rows) {
    int step = rows == 1 ? SINGLE_ROW_STEP : LENGTH_STEP;
    return (length + step - 1) / step * step;
  }
}
