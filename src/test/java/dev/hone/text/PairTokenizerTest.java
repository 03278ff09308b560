package dev.hone.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.model.ModelSource;
import dev.hone.store.SharedCache;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How two texts become one input of BERT: [CLS] first [SEP] second [SEP]. */
class PairTokenizerTest {
  private static final String WORDS = "one two three four five six seven eight nine ten";

  @TempDir static Path folder;
  private static String json;

  @BeforeAll
  static void unpack() {
    json =
        ModelSource.resolve("builtin:all-MiniLM-L6-v2", SharedCache.open(), new Configuration())
            .tokenizerJson();
  }

  private static TokenizedPair pair(int maxLength, String first, String second) {
    try (PairTokenizer tokenizer = PairTokenizer.open(json, maxLength)) {
      return tokenizer.tokenize(List.of(new TextPair(first, second))).get(0);
    }
  }

  /** The first words, each one token. */
  private static String words(int count) {
    return String.join(" ", Arrays.copyOf(WORDS.split(" "), count));
  }

  /** What a pair of the first words should become. */
  private static long[] ids(int first, int second) {
    long[] words;
    try (TextTokenizer tokenizer = TextTokenizer.open(json, 64)) {
      words = tokenizer.tokenize(List.of(WORDS)).get(0).ids();
    }
    long end = words[words.length - 1];
    return LongStream.concat(
            LongStream.concat(Arrays.stream(words, 0, first + 1), LongStream.of(end)),
            LongStream.concat(Arrays.stream(words, 1, second + 1), LongStream.of(end)))
        .toArray();
  }

  @Test
  void textsStandOneAfterTheOther() {
    TokenizedPair pair = pair(64, words(2), words(3));
    assertThat(pair.ids()).isEqualTo(ids(2, 3));
    assertThat(pair.types()).containsExactly(0, 0, 0, 0, 1, 1, 1, 1);
    assertThat(pair.truncated()).isFalse();
  }

  @Test
  void ofTwoTextsTheLongerOneIsCut() {
    assertThat(pair(11, words(2), words(10)).ids()).isEqualTo(ids(2, 6));
    assertThat(pair(11, words(10), words(2)).ids()).isEqualTo(ids(6, 2));
    assertThat(pair(11, words(2), words(10)).truncated()).isTrue();
    assertThat(pair(15, words(2), words(10)).truncated()).isFalse();
  }

  @Test
  void twoLongTextsShareWhatThereIs() {
    assertThat(pair(11, words(7), words(10)).ids()).isEqualTo(ids(4, 4));
    assertThat(pair(12, words(7), words(10)).ids()).isEqualTo(ids(4, 5));
    assertThat(pair(12, words(10), words(7)).ids()).isEqualTo(ids(5, 4));
  }

  @Test
  void emptyTextsLeaveTheSpecialTokens() {
    assertThat(pair(8, "", "").ids()).isEqualTo(ids(0, 0));
  }

  @Test
  void lengthWithoutRoomForTextIsRefused() {
    assertThatThrownBy(() -> PairTokenizer.open(json, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxLength must be at least 6: 5");
  }
}
