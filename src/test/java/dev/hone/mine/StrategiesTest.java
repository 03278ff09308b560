package dev.hone.mine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.config.TextAnalysis;
import dev.hone.search.TermCounter;
import dev.hone.torch.WordNetTexts;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What each strategy finds among WordNet's glosses, asked a lemma with the start of another gloss:
 * the lemma's own gloss is the answer, and its number decides its domain.
 */
class StrategiesTest {
  private static final int GLOSSES = 160;
  private static final int QUERIES = 40;
  private static final String OTHER_MODEL = "builtin:bge-small-en-v1.5";

  @TempDir private static Path folder;
  private static final Map<String, String> TEXTS = new HashMap<>();
  private static TermCounter counter;
  private static MiningGround ground;
  private static MineStage.Result mined;

  @BeforeAll
  static void mine() {
    counter = new TermCounter(TextAnalysis.ENGLISH);
    ground = new MiningGround(folder, folder);
    List<String> glosses = WordNetTexts.glosses(GLOSSES);
    List<String> lemmas = WordNetTexts.lemmas(GLOSSES);
    for (int i = 0; i < GLOSSES; i++) {
      TEXTS.put(id("d", i), glosses.get(i));
      ground.document("wordnet", id("d", i), glosses.get(i), domain(i), null, source(i));
    }
    for (int i = 0; i < QUERIES; i++) {
      TEXTS.put(id("q", i), lemmas.get(i) + " " + start(glosses.get(i)));
      ground.query("wordnet", id("q", i), TEXTS.get(id("q", i)));
      ground.judgement("wordnet", id("q", i), id("d", i), 1);
    }
    mined =
        ground
            .stage(
                "mine.depth=40",
                """
                mine.strategies=[
                  { kind = bm25 }, { kind = dense }, { kind = dense, model = "%s" }
                  { kind = partial-match, min-held = 0.3, max-held = 0.7 }
                  { kind = domain-confusion, name = other-domain }
                  { kind = domain-confusion, name = other-source, border = source }
                  { kind = domain-confusion, name = other-cluster, border = cluster, clusters = 6 }
                  { kind = random, depth = 10 } ]
                """
                    .formatted(OTHER_MODEL))
            .run();
  }

  @AfterAll
  static void close() {
    counter.close();
  }

  private static String id(String kind, int number) {
    return kind + "%03d".formatted(number);
  }

  private static String domain(int number) {
    return number % 2 == 0 ? "even" : "odd";
  }

  private static String source(int number) {
    return number % 3 == 0 ? "thirds" : "others";
  }

  private static String start(String gloss) {
    String[] words = gloss.split(" ");
    return String.join(" ", List.of(words).subList(0, Math.min(6, words.length)));
  }

  private static Set<String> terms(String id) {
    return counter.terms(TEXTS.get(id)).keySet();
  }

  private static Set<String> shared(String query, String document) {
    Set<String> shared = new HashSet<>(terms(query));
    shared.retainAll(terms(document));
    return shared;
  }

  private static List<Row> candidates(String miner) {
    List<Row> rows =
        ground.candidates(mined).filter("miner = '" + miner + "'").orderBy("rank").collectAsList();
    assertThat(rows).as(miner).isNotEmpty();
    return rows;
  }

  @Test
  void bm25FindsWhatSharesWords() {
    assertThat(candidates("bm25"))
        .allSatisfy(
            row ->
                assertThat(shared(row.getAs("query_id"), row.getAs("doc_id")))
                    .as(row.mkString(" "))
                    .isNotEmpty());
  }

  @Test
  void denseFindsWhatSharesNoWord() {
    assertThat(candidates("dense"))
        .filteredOn(row -> row.<Integer>getAs("rank") <= 10)
        .anySatisfy(
            row -> assertThat(shared(row.getAs("query_id"), row.getAs("doc_id"))).isEmpty());
    assertThat(ground.found(mined, "dense", "q005")).hasSize(40).contains("d005");
  }

  @Test
  void severalModelsStandSideBySideWithTheDigestsOfTheirWeights() {
    Map<String, String> digests = new TreeMap<>();
    for (Row row :
        ground.candidates(mined).select("miner", "miner_digest").distinct().collectAsList()) {
      assertThat(digests.put(row.getString(0), row.getString(1))).isNull();
    }

    assertThat(digests)
        .containsEntry("dense", ground.digest(MiningGround.BASE))
        .containsEntry("dense-bge-small-en-v1.5", ground.digest(OTHER_MODEL))
        .containsEntry("other-domain", ground.digest(MiningGround.BASE));
    assertThat(ground.found(mined, "dense-bge-small-en-v1.5", "q005"))
        .hasSize(40)
        .isNotEqualTo(ground.found(mined, "dense", "q005"));
  }

  @Test
  void partialMatchHoldsSomeOfTheRareTermsAndMissesOthers() {
    Map<String, Integer> frequencies = new HashMap<>();
    for (int i = 0; i < GLOSSES; i++) {
      terms(id("d", i)).forEach(term -> frequencies.merge(term, 1, Integer::sum));
    }
    for (Row row : candidates("partial-match")) {
      List<String> known =
          terms(row.getAs("query_id")).stream()
              .filter(frequencies::containsKey)
              .sorted(
                  java.util.Comparator.<String>comparingInt(frequencies::get)
                      .thenComparing(java.util.Comparator.naturalOrder()))
              .toList();
      List<String> rare = known.subList(0, Math.max(2, (known.size() + 1) / 2));
      long held = rare.stream().filter(terms(row.getAs("doc_id"))::contains).count();
      assertThat((double) held / rare.size()).as(row.mkString(" ")).isBetween(0.3, 0.7);
    }
  }

  @Test
  void partialMatchKeepsTheOrderOfBm25() {
    Set<String> queries = new HashSet<>();
    candidates("partial-match").forEach(row -> queries.add(row.getAs("query_id")));
    for (String query : queries) {
      List<String> order = ground.found(mined, "bm25", query);
      assertThat(ground.found(mined, "partial-match", query).stream().map(order::indexOf))
          .isSorted()
          .doesNotContain(-1);
    }
  }

  @Test
  void domainConfusionCrossesTheDomain() {
    for (Row row : candidates("other-domain")) {
      int query = Integer.parseInt(row.<String>getAs("query_id").substring(1));
      int document = Integer.parseInt(row.<String>getAs("doc_id").substring(1));
      assertThat(domain(document)).isNotEqualTo(domain(query));
    }
    List<String> near = ground.found(mined, "dense", "q005");
    assertThat(ground.found(mined, "other-domain", "q005"))
        .isEqualTo(
            near.stream()
                .filter(one -> domain(Integer.parseInt(one.substring(1))).equals("even"))
                .toList());
  }

  @Test
  void domainConfusionCrossesTheSourceOfTheAnswer() {
    assertThat(candidates("other-source")).isNotEmpty();
    for (int i = 0; i < QUERIES; i++) {
      String answers = source(i);
      assertThat(ground.found(mined, "other-source", id("q", i)))
          .isEqualTo(
              ground.found(mined, "dense", id("q", i)).stream()
                  .filter(one -> !source(Integer.parseInt(one.substring(1))).equals(answers))
                  .toList());
    }
  }

  @Test
  void domainConfusionCrossesTheClusterOfTheAnswer() {
    for (int i = 0; i < QUERIES; i++) {
      assertThat(ground.found(mined, "other-cluster", id("q", i))).doesNotContain(id("d", i));
    }
    Map<Integer, Integer> sizes = new TreeMap<>();
    Map<String, Integer> clusters = new HashMap<>();
    for (Row row :
        new VectorClusters(
                new MinerSearch(
                        ground.context(),
                        ground.normalForm(),
                        List.of("wordnet"),
                        Optional.empty(),
                        1)
                    .documentVectors(ground.vectors(MiningGround.BASE)),
                6,
                42)
            .assigned()
            .collectAsList()) {
      clusters.put(row.getString(1), row.getInt(2));
      sizes.merge(row.getInt(2), 1, Integer::sum);
    }
    assertThat(sizes).hasSize(6);
    assertThat(candidates("other-cluster"))
        .allSatisfy(
            row ->
                assertThat(clusters.get(row.<String>getAs("doc_id")))
                    .isNotEqualTo(clusters.get(row.<String>getAs("query_id").replace('q', 'd'))));
  }

  @Test
  void randomDrawsOtherDocumentsForEachQuery() {
    Set<List<String>> drawn = new HashSet<>();
    for (int i = 0; i < QUERIES; i++) {
      List<String> one = ground.found(mined, "random", id("q", i));
      assertThat(one).hasSize(10).doesNotHaveDuplicates();
      drawn.add(one);
    }
    assertThat(drawn).hasSize(QUERIES);
  }

  @Test
  void everyCandidateHasTheScoreOfOneFilterScorerAndItsPositive() {
    List<Row> rows = ground.candidates(mined).collectAsList();
    String base = ground.digest(MiningGround.BASE);
    Map<String, Double> scores = new HashMap<>();
    for (Row row : rows) {
      assertThat(row.<String>getAs("filter_digest")).isEqualTo(base);
      assertThat(row.<String>getAs("filter_positive_id"))
          .isEqualTo(row.<String>getAs("query_id").replace('q', 'd'));
      Double before =
          scores.put(
              row.getAs("query_id") + " " + row.getAs("doc_id"), row.<Double>getAs("filter_score"));
      assertThat(before == null || before.equals(row.<Double>getAs("filter_score"))).isTrue();
    }
  }
}
