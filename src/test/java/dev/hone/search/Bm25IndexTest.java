package dev.hone.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.torch.WordNetTexts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** BM25 on real text. */
class Bm25IndexTest {
  @TempDir Path folder;

  private static List<TextDocument> documents(int count) {
    List<String> glosses = WordNetTexts.glosses(count);
    List<TextDocument> documents = new ArrayList<>();
    for (int i = 0; i < glosses.size(); i++) {
      documents.add(new TextDocument("d" + i, glosses.get(i)));
    }
    return documents;
  }

  @Test
  void rankingDoesNotDependOnTheOrderOfDocuments() throws Exception {
    List<TextDocument> ordered = documents(2000);
    List<TextDocument> shuffled = new ArrayList<>(ordered);
    Collections.shuffle(shuffled, new Random(7));
    try (Bm25Index one = Bm25Index.build(folder.resolve("one"), ordered.iterator());
        Bm25Index other = Bm25Index.build(folder.resolve("other"), shuffled.iterator())) {
      for (String query : WordNetTexts.lemmas(300)) {
        assertThat(other.search(query, 10)).isEqualTo(one.search(query, 10));
      }
    }
  }

  @Test
  void ofSeveralDocumentsWithOneIdTheBestCounts() throws Exception {
    List<TextDocument> chunks = new ArrayList<>();
    for (TextDocument gloss : documents(3000)) {
      int number = Integer.parseInt(gloss.id().substring(1));
      chunks.add(new TextDocument("parent" + number % 40, gloss.text()));
    }
    try (Bm25Index index = Bm25Index.build(folder.resolve("chunks"), chunks.iterator());
        Bm25Index plain = Bm25Index.build(folder.resolve("plain"), documents(3000).iterator())) {
      for (String query : WordNetTexts.lemmas(100)) {
        List<String> expected =
            plain.search(query, 3000).stream()
                .map(hit -> "parent" + Integer.parseInt(hit.documentId().substring(1)) % 40)
                .distinct()
                .limit(10)
                .sorted()
                .toList();
        List<Hit> found = index.search(query, 10);
        assertThat(found).isSortedAccordingTo(Hit.ORDER).hasSameSizeAs(expected);
        if (found.size() < 10) {
          assertThat(found.stream().map(Hit::documentId).sorted().toList()).isEqualTo(expected);
        }
        assertThat(found.stream().map(Hit::score).toList())
            .isEqualTo(bestScores(plain, query, found.size()));
      }
    }
  }

  private static List<Float> bestScores(Bm25Index plain, String query, int count) {
    Map<Integer, Float> best = new HashMap<>();
    for (Hit hit : plain.search(query, 3000)) {
      best.merge(Integer.parseInt(hit.documentId().substring(1)) % 40, hit.score(), Math::max);
    }
    return best.values().stream().sorted(Comparator.reverseOrder()).limit(count).toList();
  }

  @Test
  void tiesAtRankKAreCutByIdAscendingInUtf8() throws Exception {
    List<TextDocument> copies = new ArrayList<>();
    for (String id : List.of("\uff5e", "b", "\ud83d\ude00", "a", "\u00e9")) {
      copies.add(new TextDocument(id, "equal words"));
    }
    try (Bm25Index index = Bm25Index.build(folder.resolve("ties"), copies.iterator())) {
      assertThat(index.search("words", 3))
          .extracting(Hit::documentId)
          .containsExactly("a", "b", "\u00e9");
      assertThat(index.search("words", 5))
          .extracting(Hit::documentId)
          .containsExactly("a", "b", "\u00e9", "\uff5e", "\ud83d\ude00");
    }
  }

  @Test
  void scoreIsBm25sFormula() throws Exception {
    List<TextDocument> documents =
        List.of(
            new TextDocument("x", "court court judge"),
            new TextDocument("y", "judge"),
            new TextDocument("z", "bank"));
    try (Bm25Index index = Bm25Index.build(folder.resolve("formula"), documents.iterator())) {
      double idf = Math.log(1 + (3 - 1 + 0.5) / (1 + 0.5));
      double expected = idf * 2 / (2 + 0.9 * (1 - 0.4 + 0.4 * 3 / (5 / 3.0)));
      Hit hit = index.search("courts", 1).get(0);
      assertThat(hit.documentId()).isEqualTo("x");
      assertThat((double) hit.score())
          .isCloseTo(expected, org.assertj.core.api.Assertions.within(1e-6));
      assertThat((double) index.search("court court", 1).get(0).score())
          .as("a repeated term counts as often as it stands")
          .isCloseTo(2 * expected, org.assertj.core.api.Assertions.within(1e-6));
    }
  }

  @Test
  void wholeDocumentsAreQueriesAndOperatorsAreWords() throws Exception {
    try (Bm25Index index = Bm25Index.build(folder.resolve("long"), documents(500).iterator())) {
      String longQuery = String.join(" ", WordNetTexts.glosses(500));
      assertThat(index.search(longQuery, 5)).hasSize(5);
      assertThat(index.search("entity AND (NOT \"physical", 5)).isNotEmpty();
      assertThat(index.search("", 5)).isEmpty();
    }
  }
}
