package dev.hone.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Groups texts of the same padded length: nothing is computed for padding beyond the last few
 * tokens, and a text's vector depends on its own length, not on its neighbours'.
 */
public final class LengthBuckets {
  private LengthBuckets() {}

  /**
   * Splits texts into batches of one padded length each, ties in input order.
   *
   * @param texts the texts, in any order
   * @param maxTokens the most padded tokens of a batch; a single text may exceed it
   * @return positions in {@code texts}, each exactly once, shortest batches first
   */
  public static List<int[]> plan(List<TokenizedText> texts, int maxTokens) {
    return plan(texts, maxTokens, Integer.MAX_VALUE);
  }

  /**
   * The same with a bound on the texts of a batch too.
   *
   * @param maxRows the most texts of a batch, at least 1
   */
  public static List<int[]> plan(List<TokenizedText> texts, int maxTokens, int maxRows) {
    return plan(texts.stream().mapToInt(text -> text.ids().length).toArray(), maxTokens, maxRows);
  }

  /** The same for pairs of texts. */
  public static List<int[]> planPairs(List<TokenizedPair> pairs, int maxTokens) {
    return plan(
        pairs.stream().mapToInt(pair -> pair.ids().length).toArray(), maxTokens, Integer.MAX_VALUE);
  }

  private static List<int[]> plan(int[] lengths, int maxTokens, int maxRows) {
    int[] order =
        IntStream.range(0, lengths.length)
            .boxed()
            .sorted(Comparator.comparingInt((Integer i) -> lengths[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> batches = new ArrayList<>();
    int start = 0;
    for (int end = 1; end <= order.length; end++) {
      if (end == order.length
          || end - start == maxRows
          || full(lengths, order, start, end, maxTokens)) {
        batches.add(IntStream.range(start, end).map(i -> order[i]).toArray());
        start = end;
      }
    }
    return batches;
  }

  /** Whether the text at {@code next} must open a new batch. */
  private static boolean full(int[] lengths, int[] order, int start, int next, int maxTokens) {
    int length = TokenBatch.paddedLength(lengths[order[next]]);
    return length != TokenBatch.paddedLength(lengths[order[start]])
        || (long) (next + 1 - start) * length > maxTokens;
  }
}
