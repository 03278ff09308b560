package dev.hone.mine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.pipeline.SmallWorkspace;
import dev.hone.table.Tables;
import dev.hone.torch.WordNetTexts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of mining over real texts: what is done again, what is traced, and the edges. */
class MineStageTest {
  private static final String ALL =
      """
      mine.strategies=[
        { kind = bm25, quota = 2 }, { kind = dense, quota = 2 }, { kind = partial-match }
        { kind = domain-confusion, border = cluster, clusters = 4 }, { kind = contradiction }
        { kind = random } ]
      """;

  @TempDir private static Path models;
  @TempDir private static Path found;
  @TempDir private Path folder;

  /** What several tests read, so that it is searched once. */
  private static MiningGround searched;

  @BeforeAll
  static void prepare() {
    searched = wordNet(found, 30);
  }

  /** WordNet's first lemmas, each answered by its gloss, and each third gloss given as wrong. */
  private static MiningGround wordNet(Path workspace, int count) {
    MiningGround ground = new MiningGround(workspace, models);
    List<String> glosses = WordNetTexts.glosses(count);
    List<String> lemmas = WordNetTexts.lemmas(count);
    for (int i = 0; i < count; i++) {
      ground.document("wordnet", "d" + i, glosses.get(i));
      ground.query("wordnet", "q" + i, lemmas.get(i));
      ground.judgement("wordnet", "q" + i, "d" + i, 1);
      if (i % 3 == 0) {
        ground.judgement("wordnet", "q" + i, "d" + (i + 7) % count, 0);
      }
    }
    return ground;
  }

  private MiningGround wordNet(int count) {
    return wordNet(folder, count);
  }

  @Test
  void anotherMarginSearchesNothingAgain() {
    MineStage.Result first = searched.stage(ALL, "mine.relative-margin=0.05").run();
    MineStage.Result second =
        searched
            .stage(
                ALL.replace("quota = 2", "quota = 3"),
                "mine.relative-margin=none",
                "mine.absolute-margin=0.4",
                "mine.min-score=0",
                "mine.window=[1,50]",
                "mine.window-after-filter=true",
                "mine.min-agreement=2",
                "mine.selection=top",
                "mine.fill-up=true")
            .run();

    assertThat(second.candidates()).isEqualTo(first.candidates());
    assertThat(second.negatives().digest()).isNotEqualTo(first.negatives().digest());
    assertThat(searched.stage(ALL, "mine.depth=20").run().candidates().digest())
        .isNotEqualTo(first.candidates().digest());
  }

  @Test
  void partitionsChangeNothing() throws Exception {
    SparkSession spark = SmallWorkspace.spark();
    String before = spark.conf().get("spark.sql.shuffle.partitions");
    List<List<String>> results = new ArrayList<>();
    try {
      for (String partitions : List.of("1", "4", "16")) {
        spark.conf().set("spark.sql.shuffle.partitions", partitions);
        spark.conf().set("spark.sql.adaptive.coalescePartitions.enabled", "false");
        MiningGround ground =
            wordNet(Files.createDirectory(folder.resolve("of-" + partitions)), 30);
        MineStage.Result mined = ground.stage(ALL, "mine.selection=random").run();
        List<String> rows = new ArrayList<>();
        rows.addAll(ground.rows(mined.candidates(), Tables.CANDIDATES));
        rows.addAll(ground.rows(mined.negatives(), Tables.NEGATIVES));
        rows.addAll(ground.rows(mined.negatives(), Tables.FILTER_COUNTS));
        results.add(rows);
      }
    } finally {
      spark.conf().set("spark.sql.shuffle.partitions", before);
      spark.conf().unset("spark.sql.adaptive.coalescePartitions.enabled");
    }

    assertThat(results.get(1)).isEqualTo(results.get(0));
    assertThat(results.get(2)).isEqualTo(results.get(0));
  }

  @Test
  void everyNegativeIsTraced() {
    MineStage.Result mined = searched.stage(ALL, "mine.relative-margin=0.05").run();

    List<Row> negatives = searched.negatives(mined).collectAsList();
    assertThat(negatives)
        .extracting(row -> row.<String>getAs("strategy"))
        .contains("bm25", "dense", "domain-confusion", "random", "given");
    for (Row row : negatives) {
      boolean isGiven = row.getAs("strategy").equals("given");
      assertThat(row.<String>getAs("miner")).isEqualTo(isGiven ? null : row.getAs("strategy"));
      assertThat(row.<String>getAs("miner_digest")).hasSize(64);
      assertThat(row.<Integer>getAs("rank")).isPositive();
      assertThat(row.<Double>getAs("filter_score")).isBetween(-1.0, 1.0);
      assertThat(row.<Double>getAs("filter_positive_score")).isBetween(-1.0, 1.0);
      assertThat(row.<Integer>getAs("agreement")).isBetween(0, 2);
      assertThat(row.<Double>getAs("difficulty")).isBetween(0.0, 1.0);
      if (List.of("bm25", "dense", "domain-confusion").contains(row.<String>getAs("strategy"))) {
        assertThat(row.isNullAt(row.fieldIndex("score"))).isFalse();
        assertThat(row.<Integer>getAs("agreement")).isPositive();
      }
    }
    assertThat(searched.negatives(mined).select("query_id", "doc_id").distinct().count())
        .isEqualTo(negatives.size());
    assertThat(
            searched
                .negatives(mined)
                .filter("strategy = 'dense'")
                .first()
                .<String>getAs("miner_digest"))
        .isEqualTo(searched.digest(MiningGround.BASE));
  }

  @Test
  void filterCountsEndAtTheNegativesOfEachStrategy() {
    MineStage.Result mined = searched.stage(ALL, "mine.min-agreement=2").run();

    for (Row strategy : searched.candidates(mined).groupBy("miner").count().collectAsList()) {
      String name = strategy.getString(0);
      long left = strategy.getLong(1);
      List<Row> filters =
          searched
              .context()
              .read(mined.negatives(), Tables.FILTER_COUNTS)
              .filter("strategy = '" + name + "'")
              .collectAsList();
      long dropped = filters.stream().mapToLong(row -> row.<Long>getAs("dropped")).sum();
      assertThat(left - dropped)
          .as(name)
          .isEqualTo(searched.negatives(mined).filter("strategy = '" + name + "'").count())
          .isEqualTo(
              filters.stream().mapToLong(row -> row.<Long>getAs("kept")).min().orElseThrow());
    }
  }

  @Test
  void randomDependsOnTheSeedAlone() throws Exception {
    String random = "mine.strategies=[{kind=random,quota=3,depth=8}]";
    MiningGround ground = wordNet(40);
    MineStage.Result first = ground.stage(1, random).run();
    MineStage.Result other = ground.stage(2, random).run();
    MiningGround same = wordNet(Files.createDirectory(folder.resolve("again")), 40);
    MineStage.Result again = same.stage(1, random, "mine.fill-up=true").run();

    assertThat(same.rows(again.candidates(), Tables.CANDIDATES))
        .isEqualTo(ground.rows(first.candidates(), Tables.CANDIDATES));
    assertThat(other.candidates().digest()).isNotEqualTo(first.candidates().digest());
    assertThat(ground.found(other, "random", "q3"))
        .isNotEqualTo(ground.found(first, "random", "q3"));
  }

  @Test
  void anotherFilterScorerScoresTheCandidatesOfEveryMiner() {
    MiningGround ground = wordNet(20);
    MineStage.Result mined =
        ground
            .stage(
                "mine.strategies=[{kind=bm25},{kind=dense}]",
                "mine.filter-scorer=builtin:e5-small-v2")
            .run();

    assertThat(ground.candidates(mined).select("filter_digest").distinct().collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly(ground.digest("builtin:e5-small-v2"));
    assertThat(
            ground
                .candidates(mined)
                .filter("miner = 'dense'")
                .first()
                .<String>getAs("miner_digest"))
        .isEqualTo(ground.digest(MiningGround.BASE));
  }

  @Test
  void aCorpusSmallerThanTheDepthIsFoundWhole() {
    MiningGround ground = wordNet(5);
    MineStage.Result mined =
        ground
            .stage(
                "mine.strategies=[{kind=dense,quota=9},{kind=random,quota=9}]",
                "mine.relative-margin=none",
                "mine.depth=1000")
            .run();

    assertThat(ground.found(mined, "dense", "q1")).hasSize(5);
    assertThat(ground.found(mined, "random", "q1")).hasSize(5);
    assertThat(ground.negatives(mined).filter("query_id = 'q1'").collectAsList())
        .extracting(row -> row.<String>getAs("doc_id"))
        .containsExactlyInAnyOrder("d0", "d2", "d3", "d4");
  }

  @Test
  void whereAllDocumentsArePositiveNoneIsANegative() {
    MiningGround ground = new MiningGround(folder, models);
    List<String> glosses = WordNetTexts.glosses(6);
    ground.query("wordnet", "q", "an entity");
    for (int i = 0; i < 6; i++) {
      ground.document("wordnet", "d" + i, glosses.get(i)).judgement("wordnet", "q", "d" + i, 1);
    }
    MineStage.Result mined = ground.stage(ALL, "mine.relative-margin=none").run();

    assertThat(ground.candidates(mined).count()).isPositive();
    assertThat(ground.negatives(mined).count()).isZero();
    assertThat(
            ground
                .counts(mined)
                .filter("strategy = 'dense' and filter = 'known-positive'")
                .first()
                .<Long>getAs("dropped"))
        .isEqualTo(6);
  }

  @Test
  void aQueryWithoutTermsIsMinedByWhatNeedsNone() {
    MiningGround ground = wordNet(12);
    ground.query("wordnet", "empty", "the of").judgement("wordnet", "empty", "d3", 1);
    MineStage.Result mined = ground.stage(ALL, "mine.relative-margin=none").run();

    assertThat(ground.found(mined, "bm25", "empty")).isEmpty();
    assertThat(ground.found(mined, "partial-match", "empty")).isEmpty();
    assertThat(ground.found(mined, "dense", "empty")).hasSize(12);
    assertThat(ground.negatives(mined).filter("query_id = 'empty'").collectAsList())
        .isNotEmpty()
        .extracting(row -> row.<String>getAs("strategy"))
        .doesNotContain("bm25", "partial-match");
  }

  @Test
  void withoutAnyStrategyWhatTheDataGivesIsAll() {
    MiningGround ground = wordNet(12);
    MineStage.Result mined = ground.stage("mine.strategies=[]").run();

    assertThat(ground.negatives(mined).collectAsList())
        .hasSize(4)
        .extracting(row -> row.<String>getAs("strategy"))
        .containsOnly("given");
    MineStage.Result nothing = ground.stage("mine.strategies=[{kind=given,quota=0}]").run();
    assertThat(nothing.candidates()).isEqualTo(mined.candidates());
    assertThat(ground.negatives(nothing).count()).isZero();
  }

  @Test
  void laterRoundSearchesAgainOnlyWithTheModelThatHasChanged() throws Exception {
    String strategies =
        """
        mine.strategies=[
          { kind = bm25, quota = 2 }, { kind = dense, name = tuned MODEL }
          { kind = dense, name = other, model = "builtin:bge-small-en-v1.5" }
          { kind = partial-match }, { kind = random } ]
        """;
    String[] later = {
      strategies.replace("MODEL", ", model = \"builtin:e5-small-v2\""),
      "mine.filter-scorer=builtin:e5-small-v2"
    };
    MiningGround ground = wordNet(30);
    MineStage.Result first = ground.stage(strategies.replace("MODEL", "")).run();
    MineStage.Result second = ground.stage(later).run(Round.later(1, first.candidates()));
    MiningGround fresh = wordNet(Files.createDirectory(folder.resolve("fresh")), 30);
    MineStage.Result alone = fresh.stage(later).run(new Round(1, Optional.empty()));

    assertThat(second.candidates().digest()).isEqualTo(alone.candidates().digest());
    assertThat(ground.rows(second.candidates(), Tables.CANDIDATES))
        .isEqualTo(fresh.rows(alone.candidates(), Tables.CANDIDATES));
    assertThat(ground.rows(second.negatives(), Tables.NEGATIVES))
        .isEqualTo(fresh.rows(alone.negatives(), Tables.NEGATIVES));
    assertThat(ground.found(second, "tuned", "q3"))
        .isNotEqualTo(ground.found(first, "tuned", "q3"));
    assertThat(ground.found(second, "bm25", "q3")).isEqualTo(ground.found(first, "bm25", "q3"));
    assertThat(ground.candidates(second).select("round").distinct().collectAsList())
        .extracting(row -> row.getInt(0))
        .containsExactly(1);
    assertThat(ground.negatives(second).select("round").distinct().collectAsList())
        .extracting(row -> row.getInt(0))
        .containsExactly(1);
    assertThat(ground.candidates(second).select("filter_digest").distinct().collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly(ground.digest("builtin:e5-small-v2"));
  }
}
