package dev.hone.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which texts are computed together. */
class LengthBucketsTest {
  private static List<TokenizedText> texts(int... lengths) {
    return IntStream.of(lengths)
        .mapToObj(length -> new TokenizedText(new long[length], false, 0))
        .toList();
  }

  @Test
  void batchesAreBoundedByPaddedLengthTokensAndRows() {
    List<TokenizedText> texts = texts(20, 3, 8, 9, 5, 1, 70);
    assertThat(LengthBuckets.plan(texts, 1000))
        .containsExactly(new int[] {5, 1, 4, 2}, new int[] {3}, new int[] {0}, new int[] {6});
    assertThat(LengthBuckets.plan(texts, 24))
        .as("8 tokens each, and a text of 70 alone")
        .containsExactly(
            new int[] {5, 1, 4}, new int[] {2}, new int[] {3}, new int[] {0}, new int[] {6});
    assertThat(LengthBuckets.plan(texts, 1000, 2))
        .containsExactly(
            new int[] {5, 1}, new int[] {4, 2}, new int[] {3}, new int[] {0}, new int[] {6});
  }

  @Test
  void nothingIsNoBatch() {
    assertThat(LengthBuckets.plan(List.of(), 10, 1)).isEmpty();
  }
}
