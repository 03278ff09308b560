package dev.hone.mine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.model.CrossEncoderFolder;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.table.Tables;
import dev.hone.text.TextPair;
import dev.hone.torch.WordNetTexts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
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
  @TempDir private Path folder;

  /** WordNet's first lemmas; the first one is answered by two glosses, the others by one. */
  private MiningGround wordNet(Path workspace) {
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
  void itsScoresStandBesideTheCandidatesOfEveryMiner() throws Exception {
    MiningGround ground = wordNet(folder);
    CrossEncoderFolder model = ground.crossEncoder(folder.resolve("model"), SIGMOID);
    MineStage.Result mined = ground.stage(MINERS, scorer(model)).run();

    Map<String, Double> scores = scores(ground, model);
    List<Row> rows = ground.candidates(mined).collectAsList();
    assertThat(rows)
        .extracting(row -> row.<String>getAs("miner"))
        .contains("bm25", "dense", "random");
    for (Row row : rows) {
      String query = row.getAs("query_id");
      assertThat(row.<Double>getAs("filter_score"))
          .isEqualTo(scores.get(query + " " + row.getAs("doc_id")));
      assertThat(row.<Double>getAs("filter_positive_score")).isEqualTo(positive(scores, query));
      assertThat(row.<String>getAs("filter_digest")).isEqualTo(model.digest());
    }
    List<Row> positives =
        ground
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
            ground
                .candidates(mined)
                .filter("miner = 'dense'")
                .first()
                .<String>getAs("miner_digest"))
        .isEqualTo(ground.digest(MiningGround.BASE));
  }

  @Test
  void marginCountsFromScoresBelowZeroToo() throws Exception {
    MiningGround ground = wordNet(folder);
    CrossEncoderFolder model = ground.crossEncoder(folder.resolve("model"), IDENTITY);
    MineStage.Result narrow =
        ground.stage(MINERS, scorer(model), "mine.relative-margin=0.05").run();
    MineStage.Result wide = ground.stage(MINERS, scorer(model), "mine.relative-margin=0.5").run();

    assertThat(wide.candidates()).as("nothing is scored again").isEqualTo(narrow.candidates());
    Map<String, Double> scores = scores(ground, model);
    assertThat(scores.values()).anyMatch(score -> score < 0).anyMatch(score -> score > 0);
    assertThat(ground.negatives(wide).count())
        .isPositive()
        .isLessThan(ground.negatives(narrow).count());
    for (Row row : ground.negatives(narrow).collectAsList()) {
      String query = row.getAs("query_id");
      double positive = positive(scores, query);
      assertThat(scores.get(query + " " + row.getAs("doc_id")))
          .isLessThanOrEqualTo(positive - 0.05 * Math.abs(positive));
    }
    long dropped =
        ground.counts(narrow).filter("filter = 'relative-margin'").collectAsList().stream()
            .mapToLong(row -> row.<Long>getAs("dropped"))
            .sum();
    assertThat(dropped).isPositive();
  }

  @Test
  void sweepTellsWhatEachMarginKeeps() throws Exception {
    MiningGround ground = wordNet(folder);
    CrossEncoderFolder model = ground.crossEncoder(folder.resolve("model"), SIGMOID);
    Sweep.Result sweep = ground.stage(MINERS, scorer(model)).sweep();

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
  void anotherScorerOrOtherSettingsScoreAgain() throws Exception {
    MiningGround ground = wordNet(folder);
    CrossEncoderFolder sigmoid = ground.crossEncoder(folder.resolve("sigmoid"), SIGMOID);
    CrossEncoderFolder identity = ground.crossEncoder(folder.resolve("identity"), IDENTITY);
    assertThat(ground.stage(MINERS, scorer(identity)).run().candidates().digest())
        .isNotEqualTo(ground.stage(MINERS, scorer(sigmoid)).run().candidates().digest());
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
        CrossEncoderFolder model = ground.crossEncoder(workspace.resolve("model"), IDENTITY);
        MineStage.Result mined = ground.stage(MINERS, scorer(model)).run();
        results.add(ground.rows(mined.candidates(), Tables.CANDIDATES));
      }
    } finally {
      spark.conf().set("spark.sql.shuffle.partitions", before);
    }
    assertThat(results.get(1)).isEqualTo(results.get(0));
  }
}
