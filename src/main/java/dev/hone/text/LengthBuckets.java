package dev.hone.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Groups texts of similar lengths, so that little is computed for padding. */
public final class LengthBuckets {
  private LengthBuckets() {}

  /**
   * Splits texts into batches of neighbours by length, ties in input order.
   *
   * @param texts the texts, in any order
   * @param maxTokens the most padded tokens of a batch; a single text may exceed it
   * @return positions in {@code texts}, each exactly once, shortest batches first
   */
  public static List<int[]> plan(List<TokenizedText> texts, int maxTokens) {
    int[] order =
        IntStream.range(0, texts.size())
            .boxed()
            .sorted(Comparator.comparingInt((Integer i) -> texts.get(i).ids().length))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> batches = new ArrayList<>();
    int start = 0;
    for (int end = 1; end <= order.length; end++) {
      if (end == order.length || padded(texts, order, start, end + 1) > maxTokens) {
        batches.add(IntStream.range(start, end).map(i -> order[i]).toArray());
        start = end;
      }
    }
    return batches;
  }

  private static long padded(List<TokenizedText> texts, int[] order, int start, int end) {
    int longest = texts.get(order[end - 1]).ids().length;
    int rows = end - start;
    return (long) rows * TokenBatch.paddedLength(longest, rows);
  }
}
