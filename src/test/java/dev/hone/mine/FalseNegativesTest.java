package dev.hone.mine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.torch.WordNetTexts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Over random judgements of real texts that repeat across data sets: whatever the strategies find,
 * nothing that is known to answer a query's text is its negative.
 */
class FalseNegativesTest {
  private static final List<String> DATASETS = List.of("a", "b", "c");
  private static final int TEXTS = 30;

  @TempDir private static Path models;
  @TempDir private Path folder;

  private final Map<String, String> documentTexts = new HashMap<>();
  private final Map<String, String> groups = new HashMap<>();
  private final Map<String, String> queryTexts = new HashMap<>();
  private final Set<String> known = new HashSet<>();
  private final Set<String> heldOut = new HashSet<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noKnownPositiveIsANegative(long seed) {
    MiningGround ground = randomGround(new Random(seed));
    MineStage.Result mined =
        ground
            .stage(
                seed,
                """
                mine.strategies=[
                  { kind = bm25, quota = 5 }, { kind = dense, quota = 5 }
                  { kind = partial-match, quota = 5 }, { kind = contradiction, quota = 5 }
                  { kind = domain-confusion, quota = 5 }, { kind = random, quota = 5 } ]
                """,
                "mine.relative-margin=none",
                "mine.fill-up=true")
            .run();

    List<Row> negatives = ground.negatives(mined).collectAsList();
    assertThat(negatives).hasSizeGreaterThan(100);
    for (Row row : negatives) {
      String query = queryTexts.get(row.getAs("dataset") + " " + row.getAs("query_id"));
      String document = row.getAs("dataset") + " " + row.getAs("doc_id");
      String text = documentTexts.get(document);
      assertThat(known).doesNotContain(query + "\n" + text);
      assertThat(text).isNotEqualTo(query);
      if (groups.containsKey(document)) {
        assertThat(known).doesNotContain(query + "\ngroup " + groups.get(document));
      }
      if (!row.getAs("strategy").equals("given")) {
        assertThat(heldOut).doesNotContain(text);
      }
    }
  }

  private MiningGround randomGround(Random random) {
    MiningGround ground = new MiningGround(folder, models);
    List<String> texts = new ArrayList<>(WordNetTexts.glosses(TEXTS));
    texts.addAll(WordNetTexts.lemmas(TEXTS / 2)); // the text of a query may be a document too
    List<String> asked = WordNetTexts.lemmas(TEXTS / 2);
    for (String dataset : DATASETS) {
      for (int i = 0; i < TEXTS; i++) {
        String id = "d" + i;
        String text = texts.get(random.nextInt(texts.size()));
        String group = random.nextInt(3) == 0 ? "g" + random.nextInt(6) : null;
        documentTexts.put(dataset + " " + id, text);
        if (group != null) {
          groups.put(dataset + " " + id, group);
        }
        ground.document(dataset, id, text, "domain-" + random.nextInt(2), group);
      }
      for (int i = 0; i < TEXTS / 2; i++) {
        query(ground, dataset, "q" + i, asked.get(random.nextInt(asked.size())), random);
      }
    }
    return ground;
  }

  private void query(MiningGround ground, String dataset, String id, String text, Random random) {
    boolean isHeldOut = random.nextInt(10) == 0;
    queryTexts.put(dataset + " " + id, text);
    ground.query(dataset, id, text, isHeldOut ? "test" : "train", null);
    if (isHeldOut) {
      heldOut.add(text);
    }
    List<Integer> documents = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      documents.add(random.nextInt(TEXTS));
    }
    for (int number : Set.copyOf(documents)) {
      Integer[] grades = {null, 0, 0, 1, 2};
      Integer grade = grades[random.nextInt(grades.length)];
      String document = dataset + " d" + number;
      ground.judgement(dataset, id, "d" + number, grade);
      if (grade == null || grade > 0) {
        known.add(text + "\n" + documentTexts.get(document));
        if (groups.containsKey(document)) {
          known.add(text + "\ngroup " + groups.get(document));
        }
      }
      if (grade != null && grade > 0 && isHeldOut) {
        heldOut.add(documentTexts.get(document));
      }
    }
  }
}
