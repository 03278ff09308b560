package dev.hone.report;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.pipeline.SmallWorkspace;
import dev.hone.report.MiningData.Distribution;
import dev.hone.report.MiningData.FilterCount;
import dev.hone.report.MiningData.Kind;
import dev.hone.report.MiningData.MinedQuery;
import dev.hone.report.MiningData.Negative;
import dev.hone.report.MiningData.Panel;
import dev.hone.report.MiningData.Scores;
import dev.hone.report.MiningData.StrategyCount;
import dev.hone.report.ReportData.Cost;
import dev.hone.report.ReportData.Run;
import dev.hone.report.ReportData.Training;
import dev.hone.store.Commit;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the section about hard negatives is read from published tables. */
class MiningReaderTest {
  private static final Object[][] DOCUMENTS = {
    document("eyes", "d1", "an eye disease that involves the clouding of the lens of the eye"),
    document("eyes", "d2", "an eye disease that damages the optic nerve and impairs vision"),
    document("eyes", "d3", "inflammation of the iris"),
    document("eyes", "d4", "an infection of the sebaceous gland of the eyelid"),
    document("law", "c1", "a wrong for which a civil suit can be brought"),
    document("law", "c2", "an agreement between parties that is enforceable by law"),
    document("law", "c3", "a judge's ruling")
  };

  private static final Object[][] QUERIES = {
    query("eyes", "q1", "cataract"),
    query("eyes", "q2", "glaucoma"),
    query("eyes", "q3", "iritis"),
    query("eyes", "q4", "stye"),
    query("eyes", "q5", "hordeolum"),
    query("eyes", "q6", "red eye"),
    query("law", "l1", "tort")
  };

  private static final Object[][] CANDIDATES = {
    candidate("eyes", "q1", "d2", 0, "bm25", 1, 9.0, .50, .80, "d1"),
    candidate("eyes", "q1", "d3", 0, "bm25", 2, 8.0, .30, .80, "d1"),
    candidate("eyes", "q1", "d3", 0, "dense", 1, .30, .30, .80, "d1"),
    candidate("eyes", "q1", "d4", 0, "dense", 2, .20, .20, .80, "d1"),
    candidate("eyes", "q2", "d1", 0, "bm25", 1, 7.0, .60, .70, "d2"),
    candidate("eyes", "q2", "d4", 0, "dense", 1, .10, .10, .70, "d2"),
    candidate("eyes", "q3", "d4", 0, "bm25", 1, 2.0, .40, .40, "d3"),
    candidate("eyes", "q4", "d1", 0, "dense", 1, .20, .20, .90, "d4"),
    candidate("eyes", "q5", "d2", 0, "dense", 1, .20, .20, .50, "d4"),
    candidate("eyes", "q6", "d3", 0, "partial-match", 1, 1.5, .25, .60, "d2"),
    candidate("law", "l1", "c2", 0, "random", 1, null, .00, .60, "c1"),
    candidate("law", "l1", "c3", 0, "random", 2, null, .10, .60, "c1")
  };

  private static final Object[][] NEGATIVES = {
    negative("eyes", "q1", "d2", 0, "bm25", 1, 9.0, .50, .80, .5),
    negative("eyes", "q1", "d3", 0, "dense", 1, .30, .30, .80, .4),
    negative("eyes", "q2", "d1", 0, "bm25", 1, 7.0, .60, .70, .9),
    negative("eyes", "q2", "d4", 0, "dense", 1, .10, .10, .70, .2),
    negative("eyes", "q4", "d1", 0, "dense", 1, .20, .20, .90, .3),
    negative("eyes", "q5", "d2", 0, "dense", 1, .20, .20, .50, .3),
    negative("eyes", "q6", "d3", 0, "partial-match", 1, 1.5, .25, .60, .4),
    negative("law", "l1", "c2", 0, "random", 1, null, .00, .60, null),
    negative("law", "l1", "c3", 0, "random", 2, null, .10, .60, null)
  };

  private static final Object[][] FILTER_COUNTS = {
    row("eyes", 0, "bm25", "quota", 2L, 1L),
    row("eyes", 0, "bm25", "relative-margin", 3L, 1L),
    row("eyes", 0, "bm25", "known-positive", 4L, 0L),
    row("eyes", 0, "dense", "quota", 4L, 1L),
    row("eyes", 0, "dense", "relative-margin", 5L, 0L),
    row("eyes", 0, "dense", "known-positive", 5L, 0L)
  };

  private static SmallWorkspace workspace;
  private static MiningTables published;
  private static MiningData data;

  @BeforeAll
  static void publish(@TempDir Path folder) {
    workspace = SmallWorkspace.in(folder);
    published =
        new MiningTables(
            published(Tables.DOCUMENTS, DOCUMENTS),
            published(Tables.QUERIES, QUERIES),
            published(Tables.CANDIDATES, CANDIDATES),
            published(Tables.NEGATIVES, NEGATIVES),
            published(Tables.FILTER_COUNTS, FILTER_COUNTS));
    data = new MiningReader(published).read();
  }

  @Test
  void strategiesAreCountedByDataSetAndRound() {
    assertThat(data.strategies())
        .containsExactly(
            new StrategyCount("eyes", 0, "bm25", 4, 2, 2),
            new StrategyCount("eyes", 0, "dense", 5, 4, 4),
            new StrategyCount("eyes", 0, "partial-match", 1, 1, 1),
            new StrategyCount("law", 0, "random", 2, 2, 1));
  }

  @Test
  void filtersStandInTheOrderInWhichTheyAreAsked() {
    assertThat(data.filters())
        .containsExactly(
            new FilterCount("eyes", 0, "bm25", "known-positive", 4, 0),
            new FilterCount("eyes", 0, "bm25", "relative-margin", 3, 1),
            new FilterCount("eyes", 0, "bm25", "quota", 2, 1),
            new FilterCount("eyes", 0, "dense", "known-positive", 5, 0),
            new FilterCount("eyes", 0, "dense", "relative-margin", 5, 0),
            new FilterCount("eyes", 0, "dense", "quota", 4, 1));
  }

  /** Scores reach from 0 to 0.9, and so does the axis, with bins of 0.05. */
  @Test
  void scoresAreCountedInBins() {
    Scores scores = data.scores();

    assertThat(scores.low()).isZero();
    assertThat(scores.high()).isEqualTo(.9);
    assertThat(scores.panels()).extracting(Panel::dataset).containsExactly("eyes", "law");
    List<Distribution> eyes = scores.panels().get(0).distributions();
    assertThat(eyes)
        .extracting(Distribution::kind)
        .containsExactly(Kind.POSITIVE, Kind.KEPT, Kind.KEPT, Kind.KEPT, Kind.NOT_KEPT);
    assertThat(eyes)
        .extracting(Distribution::strategy)
        .containsExactly("", "bm25", "dense", "partial-match", "");
    // The lowest positives .4, .5, .6, .7, .8, .9, each once however often it was compared; the
    // last lies at the end of the last bin.
    assertThat(eyes.get(0).counts()).isEqualTo(ofEighteen(8, 10, 12, 14, 16, 17));
    assertThat(eyes.get(1).counts()).isEqualTo(ofEighteen(10, 12));
    assertThat(eyes.get(2).counts()).isEqualTo(ofEighteen(2, 4, 4, 6));
    assertThat(eyes.get(3).counts()).isEqualTo(ofEighteen(5));
    // q1 and d4, q3 and d4. The pair q1 and d3 is a negative, though not BM25's.
    assertThat(eyes.get(4).counts()).isEqualTo(ofEighteen(4, 8));
    assertThat(eyes.get(4).pairs()).isEqualTo(2);
  }

  @Test
  void theLastBinHoldsTheEndOfTheAxis() {
    Scores scores =
        mined(
                List.<Object[]>of(
                    candidate("eyes", "q1", "d2", 0, "bm25", 1, 3.0, -1.0, 1.0, "d1")),
                List.of())
            .scores();

    assertThat(List.of(scores.low(), scores.high())).containsExactly(-1.0, 1.0);
    List<Distribution> eyes = scores.panels().get(0).distributions();
    assertThat(eyes.get(0).counts()).isEqualTo(bins(40, 39));
    assertThat(eyes.get(0).median()).isEqualTo(1);
    assertThat(eyes.get(1).counts()).isEqualTo(bins(40, 0));
    assertThat(eyes.get(1).median()).isEqualTo(-1);
  }

  @Test
  void quantilesAreInterpolatedBetweenScores() {
    Distribution positives = data.scores().panels().get(0).distributions().get(0);

    double[] expected = {.425, .525, .65, .775, .875};
    for (int i = 0; i < expected.length; i++) {
      assertThat(positives.quantiles().get(i)).isCloseTo(expected[i], Offset.offset(1e-9));
    }
  }

  /** q1 and q2 have two strategies, q4 comes before q5; q6 alone shows a partial match. */
  @Test
  void examplesAreQueriesWithMostStrategiesAndOneOfEachStrategy() {
    assertThat(data.examples())
        .extracting(MinedQuery::queryId)
        .containsExactly("q1", "q2", "q4", "l1", "q6");
  }

  @Test
  void anExampleCarriesTextsAndScores() {
    List<MinedQuery> examples = data.examples();

    assertThat(examples.get(0))
        .isEqualTo(
            new MinedQuery(
                "eyes",
                "q1",
                "cataract",
                "an eye disease that involves the clouding of the lens of the eye",
                .8,
                List.of(
                    new Negative(
                        "bm25",
                        "an eye disease that damages the optic nerve and impairs vision",
                        1,
                        9.0,
                        .5,
                        .5,
                        0),
                    new Negative("dense", "inflammation of the iris", 1, .3, .3, .4, 0))));
    assertThat(examples.get(3).negatives())
        .containsExactly(
            new Negative(
                "random",
                "an agreement between parties that is enforceable by law",
                1,
                Double.NaN,
                0,
                Double.NaN,
                1));
  }

  @Test
  void partitionsDoNotShow() {
    MiningData one = read(table -> table.coalesce(1));

    assertThat(read(table -> table.repartition(7))).isEqualTo(one);
    assertThat(read(table -> table.repartition(3))).isEqualTo(one);
  }

  @Test
  void aBoundedNumberOfDataSetsIsShown() {
    List<Object[]> candidates = new ArrayList<>();
    List<Object[]> negatives = new ArrayList<>();
    for (char name = 'a'; name <= 'i'; name++) {
      String dataset = String.valueOf(name);
      int found = name == 'h' ? 2 : 1;
      for (int rank = 1; rank <= found; rank++) {
        candidates.add(candidate(dataset, "q", "d" + rank, 0, "bm25", rank, 3.0, .4, .5, "d9"));
        negatives.add(negative(dataset, "q", "d" + rank, 0, "bm25", rank, 3.0, .4, .5, .6));
      }
    }

    MiningData many = mined(candidates, negatives);

    assertThat(many.scores().panels())
        .extracting(Panel::dataset)
        .containsExactly("a", "b", "c", "d", "e", "h");
    assertThat(many.scores().hidden()).isEqualTo(3);
    assertThat(many.examples())
        .extracting(MinedQuery::dataset)
        .containsExactly("a", "b", "c", "d", "e", "h");
  }

  @Test
  void scoresThatAreMissingAreNotDrawn() {
    MiningData unscored =
        mined(
            List.<Object[]>of(candidate("eyes", "q1", "d2", 0, "given", 1, null, null, null, null)),
            List.<Object[]>of(negative("eyes", "q1", "d2", 0, "given", 1, null, null, null, null)));

    assertThat(unscored.scores()).isEqualTo(Scores.NONE);
    assertThat(unscored.examples().get(0).positive()).isEmpty();
    assertThat(unscored.examples().get(0).negatives().get(0).filterScore()).isNaN();
  }

  @Test
  void everyRoundIsCountedAndTheLastIsShown() {
    Commit normalForm =
        workspace
            .step("normalize")
            .table(Tables.DOCUMENTS, DOCUMENTS)
            .table(Tables.QUERIES, QUERIES)
            .table(Tables.JUDGEMENTS)
            .table(Tables.SCORED_PAIRS)
            .table(Tables.AUDIT)
            .publish();
    MinedRound second =
        round(
            1,
            new Object[][] {
              candidate("eyes", "q5", "d3", 1, "dense", 1, .35, .35, .45, "d4"),
              candidate("eyes", "q5", "d1", 1, "dense", 2, .15, .15, .45, "d4")
            },
            new Object[][] {negative("eyes", "q5", "d3", 1, "dense", 1, .35, .35, .45, .8)},
            new Object[][] {row("eyes", 1, "dense", "quota", 1L, 1L)});
    List<MinedRound> rounds = List.of(round(0, CANDIDATES, NEGATIVES, FILTER_COUNTS), second);

    MiningData both =
        new ReportStage(
                workspace.context(), Map.of("normalize", normalForm), rounds, List.of(), Map.of())
            .read(
                new Run("r1", "all-MiniLM-L6-v2", "test", Measure.NDCG_10, "hone {}"),
                List.of(),
                Training.NONE,
                new Cost("", 0, 0))
            .mining();

    assertThat(both.strategies())
        .hasSize(5)
        .contains(
            new StrategyCount("eyes", 0, "dense", 5, 4, 4),
            new StrategyCount("eyes", 1, "dense", 2, 1, 1));
    assertThat(both.filters()).contains(new FilterCount("eyes", 1, "dense", "quota", 1, 1));
    assertThat(both.lastRound()).isEqualTo(1);
    assertThat(both.scores().panels()).hasSize(1);
    assertThat(both.scores().panels().get(0).distributions().get(0).pairs()).isEqualTo(1);
    assertThat(both.examples()).hasSize(1);
    assertThat(both.examples().get(0).positiveScore()).isEqualTo(.45);
    assertThat(both.examples().get(0).negatives())
        .containsExactly(new Negative("dense", "inflammation of the iris", 1, .35, .35, .8, 0));
  }

  private static MiningData mined(List<Object[]> candidates, List<Object[]> negatives) {
    return new MiningReader(
            new MiningTables(
                published.documents(),
                published.queries(),
                table(Tables.CANDIDATES, candidates),
                table(Tables.NEGATIVES, negatives),
                table(Tables.FILTER_COUNTS, List.of())))
        .read();
  }

  private static MinedRound round(
      int number, Object[][] candidates, Object[][] negatives, Object[][] filterCounts) {
    SmallWorkspace run = workspace.run("round-" + number);
    Map<String, String> keys = Map.of("round", String.valueOf(number));
    return new MinedRound(
        run.step("candidates").table(Tables.CANDIDATES, candidates).publish(keys, Map.of()),
        run.step("negatives")
            .table(Tables.NEGATIVES, negatives)
            .table(Tables.FILTER_COUNTS, filterCounts)
            .publish(keys, Map.of()));
  }

  private static MiningData read(UnaryOperator<Dataset<Row>> partitions) {
    return new MiningReader(
            new MiningTables(
                partitions.apply(published.documents()),
                partitions.apply(published.queries()),
                partitions.apply(published.candidates()),
                partitions.apply(published.negatives()),
                partitions.apply(published.filterCounts())))
        .read();
  }

  private static Dataset<Row> published(TableDefinition table, Object[]... rows) {
    Commit commit = workspace.step(table.name().replace('_', '-')).table(table, rows).publish();
    return workspace.context().read(commit, table);
  }

  private static Dataset<Row> table(TableDefinition table, List<Object[]> rows) {
    return SmallWorkspace.spark()
        .createDataFrame(rows.stream().map(RowFactory::create).toList(), table.schema());
  }

  private static List<Long> ofEighteen(int... occupied) {
    return bins(18, occupied);
  }

  /** How many of some scores lie in each bin, by the numbers of their bins. */
  private static List<Long> bins(int bins, int... occupied) {
    return LongStream.range(0, bins)
        .map(bin -> IntStream.of(occupied).filter(one -> one == bin).count())
        .boxed()
        .toList();
  }

  private static Object[] document(String dataset, String id, String text) {
    return row(dataset, id, id, 0, null, text, dataset, "hash of " + id, null);
  }

  private static Object[] query(String dataset, String id, String text) {
    return row(dataset, id, text, "train", dataset);
  }

  private static Object[] candidate(
      String dataset,
      String query,
      String document,
      int round,
      String miner,
      int rank,
      Double score,
      Double filterScore,
      Double positiveScore,
      String positive) {
    return row(
        dataset,
        query,
        document,
        round,
        miner,
        "digest",
        rank,
        score,
        filterScore,
        positiveScore,
        "digest",
        positive);
  }

  private static Object[] negative(
      String dataset,
      String query,
      String document,
      int round,
      String strategy,
      int rank,
      Double score,
      Double filterScore,
      Double positiveScore,
      Double difficulty) {
    return row(
        dataset,
        query,
        document,
        round,
        strategy,
        strategy,
        "digest",
        rank,
        score,
        filterScore,
        positiveScore,
        1,
        difficulty);
  }
}
