package dev.hone.mine;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.config.MineConfig;
import dev.hone.config.RunConfig;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which candidates become negatives, and which filter each other one is counted by. */
class SelectionTest {
  private static final long SEED = 42;

  @TempDir private Path folder;
  private SmallWorkspace workspace;
  private Commit normalForm;

  /** The query "writ" is answered by d1 here and by d2's text in another data set. */
  @BeforeEach
  void publishNormalForm() {
    workspace = SmallWorkspace.in(folder);
    normalForm =
        workspace
            .step("normalize")
            .table(
                Tables.DOCUMENTS,
                document("law", "d1", "a legal document"),
                document("law", "d2", "an order of a court"),
                document("law", "d3", "the answer of a test query"),
                document("law", "d4", "writ"),
                document("law", "d5", "a written law"),
                document("law", "d6", "a sealed letter"),
                document("law", "d7", "a promise"),
                grouped("law", "d8", "a document of the law", "n-1"),
                grouped("law", "d9", "a letter of the law", "n-2"),
                document("law", "d10", "Held out"),
                document("other", "o1", "an order of a court"),
                grouped("other", "o2", "a paper of the law", "n-1"))
            .table(
                Tables.QUERIES,
                row("law", "q1", "writ", "train"),
                row("law", "q2", "Held out", "test"),
                row("law", "q3", "deed", "train"),
                row("other", "p1", "writ", "train"))
            .table(
                Tables.JUDGEMENTS,
                row("law", "q1", "d1", 1, "pair"),
                row("law", "q2", "d3", 1, "pair"),
                row("law", "q3", "d1", 1, "triplet"),
                row("law", "q3", "d2", 0, "triplet"),
                row("law", "q3", "d6", 0, "triplet"),
                row("law", "q3", "d7", null, "neutral"),
                row("other", "p1", "o1", 1, "pair"),
                row("other", "p1", "o2", 1, "pair"))
            .publish();
  }

  private static Object[] document(String dataset, String id, String text) {
    return row(dataset, id, id, 0, null, text);
  }

  private static Object[] grouped(String dataset, String id, String text, String group) {
    return row(dataset, id, id, 0, null, text, null, null, group);
  }

  private Selection select(String keys, Object[]... candidates) {
    Commit commit = workspace.step("candidates").table(Tables.CANDIDATES, candidates).publish();
    List<String> sets = new ArrayList<>(List.of("mine.selection=top"));
    sets.addAll(List.of(keys.split(";")));
    MineConfig options = RunConfig.demo(sets).mine();
    Dataset<Row> rows = workspace.context().read(commit, Tables.CANDIDATES);
    return new Selection(workspace.context(), normalForm, Rules.of(options, SEED), rows);
  }

  /** A BM25 candidate of q1, whose positive has a filter score of 0.8. */
  private static Object[] found(String document, int rank, double filterScore) {
    return found("bm25", document, rank, filterScore);
  }

  private static Object[] found(String miner, String document, int rank, double filterScore) {
    return row(
        "law", "q1", document, 0, miner, "digest of " + miner, rank, 10.0 - rank, filterScore, 0.8);
  }

  /** What the data grades 0 for q3. */
  private static Object[] given(String document, int rank) {
    return row("law", "q3", document, 0, "given", "data", rank, null, 0.79, 0.8);
  }

  private static List<String> ids(Dataset<Row> negatives) {
    return negatives.filter("query_id = 'q1'").orderBy("rank").collectAsList().stream()
        .map(row -> row.<String>getAs("doc_id"))
        .toList();
  }

  private static long dropped(Selection selection, String filter) {
    return counted(selection, "bm25", filter);
  }

  private static long counted(Selection selection, String strategy, String filter) {
    return selection
        .counts()
        .filter("strategy = '" + strategy + "' and filter = '" + filter + "'")
        .first()
        .<Long>getAs("dropped");
  }

  @Test
  void whatIsKnownToAnswerTheQueryIsNoNegative() {
    Selection selection =
        select(
            "mine.strategies=[{kind=bm25,quota=9}]",
            found("d1", 1, 0.1),
            found("d2", 2, 0.1),
            found("d3", 3, 0.1),
            found("d4", 4, 0.1),
            found("d5", 5, 0.1));

    assertThat(ids(selection.negatives())).containsExactly("d5");
    assertThat(dropped(selection, "known-positive")).isEqualTo(2);
    assertThat(dropped(selection, "held-out")).isEqualTo(1);
    assertThat(dropped(selection, "own-text")).isEqualTo(1);
  }

  @Test
  void whatSharesAGroupWithAKnownAnswerIsNoNegative() {
    Selection selection =
        select("mine.strategies=[{kind=bm25,quota=9}]", found("d8", 1, 0.1), found("d9", 2, 0.1));

    assertThat(ids(selection.negatives()))
        .as("d8 is in the group of o2, which answers the same text in another data set")
        .containsExactly("d9");
    assertThat(dropped(selection, "known-positive")).isEqualTo(1);
  }

  @Test
  void aGroupIsKnownToAnswerOnlyTheQueriesThatItAnswers() {
    Selection selection =
        select(
            "mine.strategies=[{kind=bm25,quota=9}]",
            row("law", "q3", "d8", 0, "bm25", "m", 1, 9.0, 0.1, 0.8, "f"));

    assertThat(selection.negatives().filter("doc_id = 'd8'").count()).isEqualTo(1);
  }

  @Test
  void theTextOfAHeldOutQueryIsNoMinedNegative() {
    Selection selection =
        select("mine.strategies=[{kind=bm25,quota=9}]", found("d10", 1, 0.1), found("d5", 2, 0.1));

    assertThat(ids(selection.negatives())).containsExactly("d5");
    assertThat(dropped(selection, "held-out")).isEqualTo(1);
  }

  @Test
  void relativeMarginDropsWhatScoresAboveAShareOfThePositive() {
    Selection selection =
        select(
            "mine.strategies=[{kind=bm25,quota=9}];mine.relative-margin=0.25",
            found("d5", 1, 0.61),
            found("d6", 2, 0.6),
            found("d7", 3, 0.2));

    assertThat(ids(selection.negatives())).containsExactly("d6", "d7");
    assertThat(dropped(selection, "relative-margin")).isEqualTo(1);
  }

  @Test
  void quotaTakesTheFirstInRankAmongWhatIsLeft() {
    Selection selection =
        select(
            "mine.strategies=[{kind=bm25,quota=1}]",
            found("d1", 1, 0.1),
            found("d7", 2, 0.1),
            found("d6", 3, 0.1));

    assertThat(ids(selection.negatives())).containsExactly("d7");
    assertThat(dropped(selection, "quota")).isEqualTo(1);
  }

  @Test
  void whatTheDataGradesZeroIsANegativeWhateverMarginsSay() {
    Selection selection =
        select(
            "mine.strategies=[{kind=bm25,quota=9}];mine.window=[50,60]",
            given("d2", 1),
            given("d6", 2),
            row("law", "q3", "d6", 0, "bm25", "m", 1, 9.0, 0.1, 0.8, "f"));

    List<Row> given =
        selection.negatives().filter("query_id = 'q3'").orderBy("doc_id").collectAsList();
    assertThat(given.stream().map(row -> row.<String>getAs("doc_id"))).containsExactly("d2", "d6");
    assertThat(given.stream().map(row -> row.<String>getAs("strategy"))).containsOnly("given");
    assertThat(given.stream().map(row -> row.<String>getAs("miner"))).containsOnlyNulls();
    assertThat(given.stream().map(row -> row.<Integer>getAs("agreement"))).containsExactly(0, 1);
    assertThat(given.stream().map(row -> row.<Double>getAs("difficulty")))
        .allSatisfy(difficulty -> assertThat(difficulty).isBetween(0.0, 1.0));
  }

  @Test
  void windowCountsRanksFromZero() {
    Selection selection =
        select(
            "mine.strategies=[{kind=bm25,quota=9}];mine.window=[1,2]",
            found("d5", 1, 0.1),
            found("d6", 2, 0.1),
            found("d7", 3, 0.1));

    assertThat(ids(selection.negatives())).containsExactly("d6");
    assertThat(dropped(selection, "window")).isEqualTo(2);
  }

  @Test
  void windowAfterFilterCountsAmongWhatIsLeft() {
    Selection selection =
        select(
            "mine.strategies=[{kind=bm25,quota=9}];mine.window=[1,2];mine.window-after-filter=true",
            found("d1", 1, 0.1),
            found("d5", 2, 0.1),
            found("d6", 3, 0.1),
            found("d7", 4, 0.1));

    assertThat(ids(selection.negatives())).containsExactly("d6");
    assertThat(dropped(selection, "known-positive")).isEqualTo(1);
    assertThat(dropped(selection, "window-after-filter")).isEqualTo(2);
  }

  @Test
  void absoluteMarginAndBoundsDropByTheFilterScoreAlone() {
    Selection selection =
        select(
            "mine.strategies=[{kind=bm25,quota=9}];mine.relative-margin=none;"
                + "mine.absolute-margin=0.2;mine.min-score=0.1;mine.max-score=0.55",
            found("d5", 1, 0.7),
            found("d6", 2, 0.58),
            found("d7", 3, 0.3),
            found("d9", 4, 0.05));

    assertThat(ids(selection.negatives())).containsExactly("d7");
    assertThat(dropped(selection, "absolute-margin")).isEqualTo(1);
    assertThat(dropped(selection, "max-score")).isEqualTo(1);
    assertThat(dropped(selection, "min-score")).isEqualTo(1);
  }

  @Test
  void fewerMinersThanMustAgreeDropACandidate() {
    Selection selection =
        select(
            "mine.strategies=[{kind=bm25,quota=9},{kind=dense,quota=0}];mine.min-agreement=2",
            found("d5", 1, 0.1),
            found("d6", 2, 0.1),
            found("dense", "d6", 1, 0.1));

    assertThat(ids(selection.negatives())).containsExactly("d6");
    assertThat(dropped(selection, "agreement")).isEqualTo(1);
    assertThat(selection.negatives().first().<Integer>getAs("agreement")).isEqualTo(2);
  }

  @Test
  void aDocumentThatAnEarlierStrategyGivesCostsALaterOneNothing() {
    Selection selection =
        select(
            "mine.strategies=[{kind=bm25,quota=1},{kind=dense,quota=1}]",
            found("d5", 1, 0.1),
            found("dense", "d5", 1, 0.1),
            found("dense", "d6", 2, 0.1));

    assertThat(ids(selection.negatives())).containsExactly("d5", "d6");
    assertThat(counted(selection, "dense", "duplicate")).isEqualTo(1);
    assertThat(counted(selection, "dense", "quota")).isZero();
  }

  @Test
  void aShortfallIsFilledFromOtherStrategiesOnlyWhereAskedFor() {
    String strategies = "mine.strategies=[{kind=bm25,quota=2},{kind=dense,quota=1}]";
    Object[][] candidates = {
      found("d5", 1, 0.1),
      found("d1", 2, 0.1),
      found("dense", "d6", 1, 0.1),
      found("dense", "d7", 2, 0.1),
      found("dense", "d9", 3, 0.1)
    };

    assertThat(ids(select(strategies, candidates).negatives())).containsExactly("d5", "d6");
    Selection filled = select(strategies + ";mine.fill-up=true", candidates);
    assertThat(ids(filled.negatives())).containsExactlyInAnyOrder("d5", "d6", "d7");
    assertThat(counted(filled, "dense", "quota")).isEqualTo(1);
  }

  @Test
  void whatTheDataGivesHasAQuotaWhereOneIsNamed() {
    Object[][] given = {given("d2", 1), given("d6", 2)};

    assertThat(select("mine.strategies=[]", given).negatives().count()).isEqualTo(2);
    assertThat(select("mine.strategies=[{kind=given,quota=1}]", given).negatives().count())
        .isEqualTo(1);
    assertThat(select("mine.strategies=[{kind=given,quota=0}]", given).negatives().count())
        .isZero();
  }

  @Test
  void countsOfAStrategyEndAtItsNegatives() {
    Selection selection =
        select(
            "mine.strategies=[{kind=bm25,quota=1},{kind=dense,quota=1}]",
            found("d1", 1, 0.1),
            found("d5", 2, 0.1),
            found("d6", 3, 0.79),
            found("d7", 4, 0.1),
            found("dense", "d5", 1, 0.1),
            found("dense", "d4", 2, 0.1),
            found("dense", "d9", 3, 0.1));

    for (String strategy : List.of("bm25", "dense")) {
      List<Row> counts = selection.counts().filter("strategy = '" + strategy + "'").collectAsList();
      long left = strategy.equals("bm25") ? 4 : 3;
      for (Row filter : counts) {
        assertThat(filter.<Long>getAs("kept") + filter.<Long>getAs("dropped")).isEqualTo(left);
        left = filter.getAs("kept");
      }
      assertThat(selection.negatives().filter("strategy = '" + strategy + "'").count())
          .isEqualTo(left)
          .isEqualTo(1);
    }
  }
}
