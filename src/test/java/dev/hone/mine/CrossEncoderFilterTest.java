package dev.hone.mine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.model.CrossEncoderFolder;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.table.Tables;
import dev.hone.text.TextPair;
import dev.hone.torch.WordNetTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cross-encoder decides which candidates of every miner come too near to the answer. */
class CrossEncoderFilterTest {
  private static final String IDENTITY = "torch.nn.modules.linear.Identity";
  private static final String SIGMOID = "torch.nn.modules.activation.Sigmoid";
  private static final String MINERS =
      "mine.strategies=[{kind=bm25,quota=3},{kind=dense,quota=3},{kind=random,quota=2,depth=4}]";
  private static final int COUNT = 12;
  private static final List<String> GLOSSES = WordNetTexts.glosses(COUNT);
  private static final List<String> LEMMAS = WordNetTexts.lemmas(COUNT);

  @TempDir private static Path models;
  @TempDir private static Path found;
  @TempDir private Path folder;

  /** What several tests read, so that each cross-encoder scores it once. */
  private static MiningGround searched;

  private static CrossEncoderFolder sigmoid;
  private static CrossEncoderFolder identity;

  @BeforeAll
  static void prepare() throws IOException {
    searched = wordNet(found.resolve("ground"));
    sigmoid = searched.crossEncoder(found.resolve("sigmoid"), SIGMOID);
    identity = searched.crossEncoder(found.resolve("identity"), IDENTITY);
  }

  /** WordNet's first lemmas; the first one is answered by two glosses, the others by one. */
  private static MiningGround wordNet(Path workspace) {
    MiningGround ground = new MiningGround(workspace, models);
    for (int i = 0; i < COUNT; i++) {
      ground.document("wordnet", "d" + i, GLOSSES.get(i));
      ground.query("wordnet", "q" + i, LEMMAS.get(i));
      ground.judgement("wordnet", "q" + i, "d" + i, 1);
    }
    return ground.judgement("wordnet", "q0", "d5", 1);
  }

  private static Map<String, Double> scores(MiningGround ground, CrossEncoderFolder scorer) {
    List<TextPair> pairs = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int q = 0; q < COUNT; q++) {
      for (int d = 0; d < COUNT; d++) {
        pairs.add(new TextPair(LEMMAS.get(q), GLOSSES.get(d)));
        names.add("q" + q + " d" + d);
      }
    }
    List<Double> scores = ground.scores(scorer, pairs);
    Map<String, Double> byName = new TreeMap<>();
    IntStream.range(0, names.size()).forEach(i -> byName.put(names.get(i), scores.get(i)));
    return byName;
  }

  private static double positive(Map<String, Double> scores, String query) {
    double own = scores.get(query + " " + query.replace('q', 'd'));
    return query.equals("q0") ? Math.min(own, scores.get("q0 d5")) : own;
  }

  private static String scorer(CrossEncoderFolder folder) {
    return "mine.filter-scorer=" + folder.path();
  }

  @Test
  void itsScoresStandBesideTheCandidatesOfEveryMiner() {
    MineStage.Result mined = searched.stage(MINERS, scorer(sigmoid)).run();

    Map<String, Double> scores = scores(searched, sigmoid);
    List<Row> rows = searched.candidates(mined).collectAsList();
    assertThat(rows)
        .extracting(row -> row.<String>getAs("miner"))
        .contains("bm25", "dense", "random");
    for (Row row : rows) {
      String query = row.getAs("query_id");
      assertThat(row.<Double>getAs("filter_score"))
          .isEqualTo(scores.get(query + " " + row.getAs("doc_id")));
      assertThat(row.<Double>getAs("filter_positive_score")).isEqualTo(positive(scores, query));
      assertThat(row.<String>getAs("filter_digest")).isEqualTo(sigmoid.digest());
    }
    List<Row> positives =
        searched
            .context()
            .read(mined.candidates(), Tables.POSITIVE_SCORES)
            .orderBy("query_id", "doc_id")
            .collectAsList();
    assertThat(positives.stream().map(row -> row.getString(1) + " " + row.getString(2)))
        .startsWith("q0 d0", "q0 d5")
        .doesNotHaveDuplicates();
    assertThat(positives)
        .allSatisfy(
            row ->
                assertThat(row.getDouble(3))
                    .isEqualTo(scores.get(row.getString(1) + " " + row.getString(2))));
    assertThat(
            searched
                .candidates(mined)
                .filter("miner = 'dense'")
                .first()
                .<String>getAs("miner_digest"))
        .isEqualTo(searched.digest(MiningGround.BASE));
  }

  @Test
  void marginCountsFromScoresBelowZeroToo() {
    MineStage.Result narrow =
        searched.stage(MINERS, scorer(identity), "mine.relative-margin=0.05").run();
    MineStage.Result wide =
        searched.stage(MINERS, scorer(identity), "mine.relative-margin=0.5").run();

    assertThat(wide.candidates()).as("nothing is scored again").isEqualTo(narrow.candidates());
    Map<String, Double> scores = scores(searched, identity);
    assertThat(scores.values()).anyMatch(score -> score < 0).anyMatch(score -> score > 0);
    assertThat(searched.negatives(wide).count())
        .isPositive()
        .isLessThan(searched.negatives(narrow).count());
    for (Row row : searched.negatives(narrow).collectAsList()) {
      String query = row.getAs("query_id");
      double positive = positive(scores, query);
      assertThat(scores.get(query + " " + row.getAs("doc_id")))
          .isLessThanOrEqualTo(positive - 0.05 * Math.abs(positive));
    }
    long dropped =
        searched.counts(narrow).filter("filter = 'relative-margin'").collectAsList().stream()
            .mapToLong(row -> row.<Long>getAs("dropped"))
            .sum();
    assertThat(dropped).isPositive();
  }

  @Test
  void sweepTellsWhatEachMarginKeeps() {
    Sweep.Result sweep = searched.stage(MINERS, scorer(sigmoid)).sweep();

    assertThat(sweep.queries()).isEqualTo(COUNT);
    assertThat(sweep.lines().get(0).candidates()).isEqualTo(sweep.candidates()).isPositive();
    assertThat(sweep.lines())
        .filteredOn(line -> line.margin().equals(Margin.relative(0.05)))
        .singleElement()
        .satisfies(
            line -> assertThat(line.candidates()).isPositive().isLessThan(sweep.candidates()));
    assertThat(SweepTable.render(sweep)).contains("relative 0.05", "Suggested: mine.relative");
  }

  @Test
  void anotherScorerOrOtherSettingsScoreAgain() {
    assertThat(searched.stage(MINERS, scorer(identity)).run().candidates().digest())
        .isNotEqualTo(searched.stage(MINERS, scorer(sigmoid)).run().candidates().digest());
  }

  @Test
  void partitionsChangeNothing() throws Exception {
    SparkSession spark = SmallWorkspace.spark();
    String before = spark.conf().get("spark.sql.shuffle.partitions");
    List<List<String>> results = new ArrayList<>();
    try {
      for (String partitions : List.of("1", "7")) {
        spark.conf().set("spark.sql.shuffle.partitions", partitions);
        Path workspace = Files.createDirectory(folder.resolve("of-" + partitions));
        MiningGround ground = wordNet(workspace);
        MineStage.Result mined = ground.stage(MINERS, scorer(identity)).run();
        results.add(ground.rows(mined.candidates(), Tables.CANDIDATES));
      }
    } finally {
      spark.conf().set("spark.sql.shuffle.partitions", before);
    }
    assertThat(results.get(1)).isEqualTo(results.get(0));
  }
}
