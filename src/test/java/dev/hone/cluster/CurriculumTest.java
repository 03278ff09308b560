package dev.hone.cluster;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which negatives a row of the plan uses as training goes on. */
class CurriculumTest {
  @TempDir private Path folder;
  private int runs;

  /**
   * Three queries in batches of three: epoch e is step e. In the order of training, the negatives
   * of a are n1 (difficulty 0.9), n2 (0.1), n3 (0.5) and n4 (0.0); those of b are what the data
   * gives, g (none), and m (0.6). Query c has none.
   */
  private Commit plan(SmallWorkspace workspace, int epochs, String curriculum) {
    Commit normalForm =
        workspace
            .step("normalize")
            .table(
                Tables.QUERIES,
                row("law", "a", "writ", "train"),
                row("law", "b", "deed", "train"),
                row("law", "c", "lien", "train"))
            .table(
                Tables.JUDGEMENTS,
                row("law", "a", "p1", 1, "pair"),
                row("law", "b", "p2", 1, "pair"),
                row("law", "c", "p3", 1, "pair"))
            .publish();
    Commit negatives =
        workspace
            .step("negatives")
            .table(
                Tables.NEGATIVES,
                negative("a", "n3", "bm25", 3, 0.5),
                negative("a", "n1", "bm25", 1, 0.9),
                negative("a", "n4", "bm25", 4, 0.0),
                negative("a", "n2", "bm25", 2, 0.1),
                negative("b", "m", "bm25", 1, 0.6),
                negative("b", "g", "given", 7, null))
            .publish();
    RunConfig config =
        RunConfig.load(
            null,
            List.of(
                "datasets=[{name=law,type=pairs,source{format=json,path=none}}]",
                "train.negatives-per-query=3",
                "train.curriculum=" + curriculum));
    return new PlanStage(
            workspace.run("run-" + ++runs).context(),
            normalForm,
            negatives,
            config.mine().names(),
            config.train(),
            new PlanStage.Resolved(3, epochs, 1),
            config.datasets(),
            config.seed())
        .run();
  }

  private static Object[] negative(
      String query, String document, String strategy, int rank, Double difficulty) {
    return row(
        "law", query, document, 0, strategy, null, "m", rank, null, null, null, 1, difficulty);
  }

  /** A query's negatives, step by step. */
  private List<List<String>> negatives(int epochs, String curriculum, String query) {
    SmallWorkspace workspace = SmallWorkspace.in(folder);
    return rows(workspace, plan(workspace, epochs, curriculum)).stream()
        .filter(row -> row.getAs("query_id").equals(query))
        .map(row -> row.<String>getList(row.fieldIndex("negatives")))
        .toList();
  }

  private static List<Row> rows(SmallWorkspace workspace, Commit plan) {
    return workspace
        .context()
        .read(plan, Tables.BATCH_PLAN)
        .orderBy("step", "slot")
        .collectAsList();
  }

  @Test
  void withoutOneEveryStepUsesAll() {
    assertThat(negatives(2, "none", "a"))
        .containsExactly(List.of("n1", "n2", "n3"), List.of("n1", "n2", "n3"));
    assertThat(negatives(1, "none", "b")).containsExactly(List.of("g", "m"));
  }

  @Test
  void linearAllowsProgressItselfAndAlwaysTheEasiest() {
    // Four updates: 0, 0.25, 0.5, 0.75.
    assertThat(negatives(4, "linear", "a"))
        .containsExactly(List.of("n2"), List.of("n2"), List.of("n2", "n3"), List.of("n2", "n3"));
  }

  @Test
  void steppedGoesUpInThirds() {
    List<String> easy = List.of("n2");
    List<String> middle = List.of("n2", "n3");
    List<String> all = List.of("n1", "n2", "n3");
    assertThat(negatives(3, "stepped", "a")).containsExactly(easy, middle, all);
    assertThat(negatives(6, "stepped", "a")).containsExactly(easy, easy, middle, middle, all, all);
  }

  @Test
  void expressionIsEvaluatedOverProgress() {
    // 1, 0.75, 0.5, 0.25.
    assertThat(negatives(4, "1 - progress", "a"))
        .containsExactly(
            List.of("n1", "n2", "n3"), List.of("n2", "n3"), List.of("n2", "n3"), List.of("n2"));
    assertThat(negatives(2, "if(progress >= 0.5, 1, -1)", "a"))
        .containsExactly(List.of("n2"), List.of("n1", "n2", "n3"));
  }

  @Test
  void difficultyThatIsNotKnownCountsAsTheEasiest() {
    assertThat(negatives(4, "linear", "b"))
        .containsExactly(List.of("g"), List.of("g"), List.of("g"), List.of("g", "m"));
  }

  @Test
  void queryWithoutNegativesHasNone() {
    assertThat(negatives(2, "linear", "c")).containsExactly(List.of(), List.of());
  }

  @Test
  void orderOfRowsIsThatWithoutCurriculum() {
    SmallWorkspace workspace = SmallWorkspace.in(folder);
    assertThat(places(workspace, plan(workspace, 3, "linear")))
        .isEqualTo(places(workspace, plan(workspace, 3, "none")));
  }

  private static List<String> places(SmallWorkspace workspace, Commit plan) {
    return rows(workspace, plan).stream()
        .map(row -> row.getInt(2) + " " + row.getInt(3) + " " + row.getAs("query_id"))
        .toList();
  }

  @Test
  void partitionsChangeNothing() throws Exception {
    var conf = SmallWorkspace.spark().conf();
    List<List<Row>> plans = new ArrayList<>();
    try {
      for (String partitions : List.of("1", "2", "7")) {
        conf.set("spark.sql.shuffle.partitions", partitions);
        SmallWorkspace workspace =
            SmallWorkspace.in(Files.createDirectory(folder.resolve("of-" + partitions)));
        plans.add(rows(workspace, plan(workspace, 5, "sqrt(progress)")));
      }
    } finally {
      conf.set("spark.sql.shuffle.partitions", "2");
    }
    assertThat(plans.get(1)).isEqualTo(plans.get(0));
    assertThat(plans.get(2)).isEqualTo(plans.get(0));
  }

  @Test
  void planIsAnotherOnlyWhereOneIsSet() {
    SmallWorkspace workspace = SmallWorkspace.in(folder);
    Commit none = plan(workspace, 1, "none");
    assertThat(none.keys()).doesNotContainKey("curriculum");
    assertThat(plan(workspace, 1, "linear").digest()).isNotEqualTo(none.digest());
    assertThat(plan(workspace, 1, "progress").digest()).isNotEqualTo(none.digest());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"none", "linear", "stepped", "0.5", "least(1, 2 * progress)", "pow(progress, 2)"})
  void whatGivesANumberAtEachProgressIsAccepted(String curriculum) {
    Curriculum.of(curriculum).check(SmallWorkspace.spark());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          liner                               | liner
          1 +                                 | PARSE_SYNTAX_ERROR
          step                                | step
          id                                  | id
          'high'                              | it gives STRING, not a number
          progress > 0.5                      | it gives BOOLEAN, not a number
          null                                | it gives VOID, not a number
          if(progress > 0.5, null, 1)         | at progress 0.501 it gives null, not a number
          nullif(progress, 0)                 | at progress 0.0 it gives null, not a number
          sqrt(progress - 0.5)                | at progress 0.0 it gives NaN, not a number
          1 / progress                        | DIVIDE_BY_ZERO
          rand()                              | it depends on more than progress
          (select 1)                          | it depends on more than progress
          row_number() over (order by progress) | it depends on more than progress
          explode(array(1, 2))                | it depends on more than progress
          max(progress)                       | MISSING_GROUP_BY
          """)
  void whatDoesNotIsRefusedBeforeAnythingIsDone(String curriculum, String why) {
    HoneException refused =
        catchThrowableOfType(
            HoneException.class, () -> Curriculum.of(curriculum).check(SmallWorkspace.spark()));
    assertThat(refused).as(curriculum).isNotNull();
    assertThat(refused.code()).isEqualTo(ErrorCode.CONFIGURATION);
    assertThat(refused).hasMessageContaining("train.curriculum = " + curriculum);
    assertThat(refused).hasMessageContaining(why).hasMessageContaining("least(1, 2 * progress)");
  }
}
