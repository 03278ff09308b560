package dev.hone.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Long texts cut by the built-in model's tokenizer. */
class ChunksTest {
  private static TextTokenizer tokenizer;

  @BeforeAll
  static void open() throws IOException {
    try (InputStream json =
        ChunksTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
      String text = new String(json.readAllBytes(), StandardCharsets.UTF_8);
      tokenizer = new TokenizerSpec(text, 256, "", "").open();
    }
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static List<String> cut(int most, int overlap, String before, String text) {
    return new Chunks(tokenizer, most, overlap).of(before, text);
  }

  private static int length(String text) {
    return tokenizer.lengths(List.of(text)).get(0);
  }

  private static String numbers(int count) {
    return IntStream.range(0, count).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
  }

  @Test
  void lengthsAreThoseOfTheTokenizedTexts() {
    List<String> texts =
        List.of("", "writ", "caf\u00e9 \u6cd5\u5f8b \ud83d\ude00 &amp;", numbers(40), " \u0001 ");
    List<Integer> tokenized =
        tokenizer.tokenize(texts).stream().map(text -> text.ids().length).toList();
    assertThat(tokenizer.lengths(texts)).isEqualTo(tokenized);
  }

  @Test
  void textThatFitsIsItsOnlyChunk() {
    assertThat(length("The court ruled.")).isEqualTo(6);
    assertThat(cut(16, 4, "", "The court ruled.")).containsExactly("The court ruled.");
  }

  @Test
  void chunksAreNoLongerThanAskedForAndTogetherTheWholeText() {
    String text = numbers(400);

    List<String> chunks = cut(32, 0, "", text);

    assertThat(chunks).hasSizeGreaterThan(10).allMatch(chunk -> length(chunk) <= 32);
    assertThat(String.join(" ", chunks)).isEqualTo(text);
  }

  @Test
  void chunkRepeatsTheEndOfTheOneBeforeIt() {
    List<String> chunks = cut(32, 8, "", numbers(200));

    for (int i = 1; i < chunks.size(); i++) {
      String first = chunks.get(i).split(" ")[0];
      assertThat(chunks.get(i - 1)).contains(first + " ");
      assertThat(chunks.get(i - 1)).doesNotStartWith(first + " ");
    }
  }

  @Test
  void titleTakesItsTokensFromEachChunk() {
    String title = "A treatise on the law of torts ";

    List<String> chunks = cut(32, 0, title, numbers(100));

    assertThat(chunks).hasSizeGreaterThan(1).allMatch(chunk -> length(title + chunk) <= 32);
  }

  @Test
  void titleLongerThanAChunkLeavesHalfOfItToTheText() {
    List<String> chunks = cut(32, 0, numbers(50) + " ", numbers(100));

    assertThat(chunks).allMatch(chunk -> length(chunk) <= 18);
    assertThat(String.join(" ", chunks)).isEqualTo(numbers(100));
  }

  @Test
  void wordLongerThanAChunkIsCutWithinAndNothingIsLost() {
    String word = "xqzj".repeat(24);

    List<String> chunks = cut(16, 0, "", "before " + word + " after");

    assertThat(chunks).hasSizeGreaterThan(2).allMatch(chunk -> length(chunk) <= 17);
    assertThat(String.join("", chunks).replace(" ", "")).isEqualTo("before" + word + "after");
  }

  @Test
  void textOutsideTheBasicPlaneIsCutWhereItsTokensEnd() {
    String text = "\uD83D\uDE00 smile \uD835\uDD38 letter caf\u00e9 ".repeat(30).strip();

    List<String> chunks = cut(24, 0, "", text);

    assertThat(String.join(" ", chunks)).isEqualTo(text);
    assertThat(chunks).allMatch(chunk -> length(chunk) <= 24);
  }

  @Test
  void overlapNeverStopsTheCut() {
    List<WordSpan> words =
        IntStream.range(0, 9).mapToObj(i -> new WordSpan(i, i + 1, i % 2 == 0 ? 3 : 1)).toList();

    List<WordSpan> chunks = Chunks.cut(words, 4, 3);

    assertThat(chunks.get(0).start()).isZero();
    assertThat(chunks.get(chunks.size() - 1).end()).isEqualTo(9);
    for (int i = 1; i < chunks.size(); i++) {
      assertThat(chunks.get(i).start()).isGreaterThan(chunks.get(i - 1).start());
      assertThat(chunks.get(i).start()).isLessThanOrEqualTo(chunks.get(i - 1).end());
    }
  }
}
