package dev.hone.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hone.config.Bm25Config;
import dev.hone.config.DocumentField;
import dev.hone.config.TextAnalysis;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** BM25 on real text: the ranking of a plain Lucene index, whatever the shards. */
class Bm25IndexTest {
  private static final Bm25Config WHOLE =
      new Bm25Config(TextAnalysis.ENGLISH, 0.9, 0.4, List.of(DocumentField.WHOLE));

  @TempDir Path folder;

  private static TextDocument document(String id, String text) {
    return new TextDocument(id, id, List.of(text));
  }

  private static List<TextDocument> documents(int count) {
    List<String> glosses = WordNetTexts.glosses(count);
    List<TextDocument> documents = new ArrayList<>();
    for (int i = 0; i < glosses.size(); i++) {
      documents.add(document("d" + i, glosses.get(i)));
    }
    return documents;
  }

  private ShardedCorpus corpus(List<TextDocument> documents, int shards) throws Exception {
    return new ShardedCorpus(folder, WHOLE, documents, shards);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void everyShardingHasThePlainIndexsRankingBitForBit(int shards) throws Exception {
    List<TextDocument> shuffled = new ArrayList<>(documents(3000));
    shuffled.add(document("empty", ""));
    shuffled.add(document("stop words", "the of and"));
    Collections.shuffle(shuffled, new Random(shards));
    try (PlainLucene plain = new PlainLucene(shuffled);
        ShardedCorpus corpus = corpus(shuffled, shards)) {
      for (String query : WordNetTexts.lemmas(200)) {
        assertThat(corpus.search(query, SearchUnit.CHUNK, 10)).isEqualTo(plain.search(query, 10));
      }
      for (String query : WordNetTexts.glosses(100)) {
        assertThat(corpus.search(query, SearchUnit.CHUNK, 37)).isEqualTo(plain.search(query, 37));
        assertThat(corpus.searchApart(query, SearchUnit.CHUNK, 37))
            .isEqualTo(plain.search(query, 37));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void ofEqualDocumentsThoseOfTheLowestIdsAreKept(int shards) throws Exception {
    List<TextDocument> copies = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      copies.add(document("copy" + i, "equal words of a bond"));
      copies.add(document("other" + i, "a rare word and " + WordNetTexts.glosses(400).get(i)));
    }
    List<String> lowest =
        copies.stream().map(TextDocument::id).filter(id -> id.startsWith("c")).sorted().toList();
    try (PlainLucene plain = new PlainLucene(copies);
        ShardedCorpus corpus = corpus(copies, shards)) {
      for (int k : new int[] {1, 7, 100, 399, 400}) {
        List<Hit> found = corpus.search("equal bond", SearchUnit.CHUNK, k);
        assertThat(found).extracting(Hit::documentId).isEqualTo(lowest.subList(0, k));
        assertThat(found).isEqualTo(plain.search("equal bond", k));
      }
    }
  }

  @Test
  void idsAreOrderedByTheirUtf8Bytes() throws Exception {
    List<TextDocument> copies = new ArrayList<>();
    for (String id : List.of("\uff5e", "b", "\ud83d\ude00", "a", "\u00e9")) {
      copies.add(document(id, "equal words"));
    }
    try (ShardedCorpus corpus = corpus(copies, 1)) {
      assertThat(corpus.search("words", SearchUnit.CHUNK, 3))
          .extracting(Hit::documentId)
          .containsExactly("a", "b", "\u00e9");
      assertThat(corpus.search("words", SearchUnit.PARENT, 5))
          .extracting(Hit::documentId)
          .containsExactly("a", "b", "\u00e9", "\uff5e", "\ud83d\ude00");
    }
  }

  @Test
  void documentsOutOfOrderAreRefused() {
    List<TextDocument> wrong = List.of(document("b", "one"), document("a", "two"));
    assertThatThrownBy(() -> Bm25Index.build(folder, WHOLE, wrong.iterator()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("document a comes after b");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void documentCountsByTheBestOfItsChunks(int shards) throws Exception {
    List<TextDocument> chunks = new ArrayList<>();
    for (TextDocument gloss : documents(3000)) {
      String parent = "parent" + number(gloss.id()) % 40;
      chunks.add(new TextDocument(parent + "#" + gloss.id(), parent, gloss.texts()));
    }
    try (PlainLucene plain = new PlainLucene(documents(3000));
        ShardedCorpus corpus = corpus(chunks, shards)) {
      for (String query : WordNetTexts.lemmas(100)) {
        Map<String, Hit> best = new HashMap<>();
        for (Hit hit : plain.search(query, 3000)) {
          best.putIfAbsent(
              "parent" + number(hit.documentId()) % 40,
              new Hit("parent" + number(hit.documentId()) % 40, hit.score()));
        }
        assertThat(corpus.search(query, SearchUnit.PARENT, 10))
            .isEqualTo(best.values().stream().sorted(Hit.ORDER).limit(10).toList());
      }
    }
  }

  private static int number(String id) {
    return Integer.parseInt(id.substring(1));
  }

  @Test
  void scoreIsBm25sFormula() throws Exception {
    List<TextDocument> documents =
        List.of(document("x", "court court judge"), document("y", "judge"), document("z", "bank"));
    try (ShardedCorpus corpus = corpus(documents, 2)) {
      double idf = Math.log(1 + (3 - 1 + 0.5) / (1 + 0.5));
      double expected = idf * 2 / (2 + 0.9 * (1 - 0.4 + 0.4 * 3 / (5 / 3.0)));
      Hit hit = corpus.search("courts", SearchUnit.CHUNK, 1).get(0);
      assertThat(hit.documentId()).isEqualTo("x");
      assertThat((double) hit.score()).isCloseTo(expected, within(1e-6));
      assertThat((double) corpus.search("court court", SearchUnit.CHUNK, 1).get(0).score())
          .as("a repeated term counts as often as it stands")
          .isCloseTo(2 * expected, within(1e-6));
    }
  }

  @Test
  void scoreOfSeveralFieldsIsTheirSum() throws Exception {
    Bm25Config both =
        new Bm25Config(
            TextAnalysis.ENGLISH, 1.2, 0.75, List.of(DocumentField.TITLE, DocumentField.TEXT));
    List<TextDocument> documents = new ArrayList<>();
    List<String> glosses = WordNetTexts.glosses(600);
    for (int i = 0; i < 300; i++) {
      documents.add(
          new TextDocument("d" + i, "d" + i, List.of(glosses.get(i), glosses.get(599 - i))));
    }
    try (ShardedCorpus one = new ShardedCorpus(folder.resolve("one"), both, documents, 1);
        ShardedCorpus three = new ShardedCorpus(folder.resolve("three"), both, documents, 3);
        ShardedCorpus titles = fieldAlone(both, documents, 0);
        ShardedCorpus texts = fieldAlone(both, documents, 1)) {
      for (String query : WordNetTexts.lemmas(50)) {
        Map<String, Float> sums = new HashMap<>();
        titles.search(query, SearchUnit.CHUNK, 300).forEach(hit -> add(sums, hit));
        texts.search(query, SearchUnit.CHUNK, 300).forEach(hit -> add(sums, hit));
        List<Hit> found = one.search(query, SearchUnit.CHUNK, 300);
        assertThat(found).hasSameSizeAs(sums.entrySet());
        found.forEach(
            hit ->
                assertThat((double) hit.score())
                    .isCloseTo(sums.get(hit.documentId()), within(1e-5)));
        assertThat(three.search(query, SearchUnit.CHUNK, 20))
            .isEqualTo(found.subList(0, Math.min(20, found.size())));
      }
    }
  }

  private ShardedCorpus fieldAlone(Bm25Config both, List<TextDocument> documents, int field)
      throws Exception {
    Bm25Config alone =
        new Bm25Config(both.analysis(), both.k1(), both.b(), List.of(both.fields().get(field)));
    List<TextDocument> texts =
        documents.stream()
            .map(one -> document(one.id(), one.texts().get(field)))
            .sorted(Comparator.comparing(TextDocument::id))
            .toList();
    return new ShardedCorpus(folder.resolve("field" + field), alone, texts, 1);
  }

  private static void add(Map<String, Float> sums, Hit hit) {
    sums.merge(hit.documentId(), hit.score(), Float::sum);
  }

  @Test
  void wholeDocumentsAreQueriesAndOperatorsAreWords() throws Exception {
    List<TextDocument> documents = documents(500);
    try (PlainLucene plain = new PlainLucene(documents);
        ShardedCorpus corpus = corpus(documents, 3)) {
      String longQuery = String.join(" ", WordNetTexts.glosses(500).subList(0, 60));
      assertThat(corpus.search(longQuery, SearchUnit.CHUNK, 5))
          .isEqualTo(plain.search(longQuery, 5));
      String everything = String.join(" ", WordNetTexts.glosses(500));
      assertThat(corpus.search(everything, SearchUnit.CHUNK, 5)).hasSize(5);
      assertThat(corpus.search("entity AND (NOT \"physical", SearchUnit.CHUNK, 5)).isNotEmpty();
    }
  }

  @Test
  void queryWithoutTermsAndCorpusWithoutDocumentsFindNothing() throws Exception {
    try (ShardedCorpus corpus = corpus(documents(50), 2);
        ShardedCorpus none = new ShardedCorpus(folder.resolve("none"), WHOLE, List.of(), 1)) {
      assertThat(corpus.search("", SearchUnit.CHUNK, 5)).isEmpty();
      assertThat(corpus.search("the of and", SearchUnit.PARENT, 5)).isEmpty();
      assertThat(none.search("entity", SearchUnit.CHUNK, 5)).isEmpty();
      assertThat(corpus.search("entity", SearchUnit.CHUNK, 1000).size()).isBetween(1, 50);
    }
  }
}
