package dev.hone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTextsTest {
  private static final List<String> GLOSSES = List.of("one two three", "four five", "six");

  @TempDir private Path folder;

  @Test
  void madeTextsAreTheSameForASeedAndAsLongAsAbstracts() {
    List<String> texts = BenchTexts.made(GLOSSES, 42, 300).texts();

    assertThat(texts).hasSize(300).isEqualTo(BenchTexts.made(GLOSSES, 42, 300).texts());
    assertThat(texts).isNotEqualTo(BenchTexts.made(GLOSSES, 43, 300).texts());
    assertThat(texts)
        .allSatisfy(text -> assertThat(text.split(" ").length).isBetween(60, 340 + 2))
        .anySatisfy(text -> assertThat(text.split(" ").length).isLessThan(100))
        .anySatisfy(text -> assertThat(text.split(" ").length).isGreaterThan(300));
  }

  @Test
  void sciFactsDocumentsAreTitleAndText() throws IOException {
    Path corpus = BenchTexts.corpus(folder);
    Files.createDirectories(corpus.getParent());
    Files.writeString(
        corpus,
        """
        {"_id": "1", "title": "A title.", "text": "A text."}
        {"_id": "2", "title": "", "text": "No title."}
        """);

    assertThat(BenchTexts.ofSciFact(folder, 2).texts())
        .containsExactly("A title. A text.", "No title.");
    assertThatThrownBy(() -> BenchTexts.ofSciFact(folder, 3))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("it has 2")
        .hasMessageContaining("--documents");
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    List<String> texts = List.of("a \"quoted\" text", "läng\u2028er\nlines", "");
    Path file = folder.resolve("texts.jsonl");

    BenchTexts.write(file, texts);

    assertThat(BenchTexts.read(file)).isEqualTo(texts);
  }

  @Test
  void sharesHaveEveryTextOnce() {
    List<String> texts = List.of("a", "b", "c", "d", "e");

    assertThat(BenchTexts.share(texts, 0, 2)).containsExactly("a", "c", "e");
    assertThat(BenchTexts.share(texts, 1, 2)).containsExactly("b", "d");
  }
}
