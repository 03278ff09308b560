package dev.hone.cluster;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.config.RunConfig;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which row goes to which place of which batch. */
class PlanStageTest {
  @TempDir private Path folder;

  /** 23 rows in one data set and 9 in another, each query with one answer. */
  private List<Row> plan(SmallWorkspace workspace, int batch, int epochs, String... keys) {
    return rows(workspace, stage(workspace, batch, epochs, keys).run());
  }

  private static List<Row> rows(SmallWorkspace workspace, Commit plan) {
    return workspace
        .context()
        .read(plan, Tables.BATCH_PLAN)
        .orderBy("step", "slot")
        .collectAsList();
  }

  private PlanStage stage(SmallWorkspace workspace, int batch, int epochs, String... keys) {
    return stage(workspace, new PlanStage.Resolved(batch, epochs, 1), keys);
  }

  private PlanStage stage(SmallWorkspace workspace, PlanStage.Resolved resolved, String... keys) {
    Commit normalForm = normalForm(workspace);
    Commit negatives =
        workspace
            .step("negatives")
            .table(
                Tables.NEGATIVES,
                row("legal", "q1", "n2", 0, "bm25", "bm25", "m", 2),
                row("legal", "q1", "n1", 0, "bm25", "bm25", "m", 1),
                row("legal", "q2", "n3", 0, "bm25", "bm25", "m", 7),
                row("legal", "q4", "n4", 0, "bm25", "bm25", "m", 1),
                row("legal", "q4", "n5", 0, "given", null, null, 9),
                row("legal", "q5", "n6", 0, "bm25", "bm25", "m", 1),
                row("legal", "q5", "n7", 0, "dense", "dense", "m", 3))
            .publish();
    RunConfig config = RunConfig.demo(List.of(keys));
    return new PlanStage(
        workspace.context(),
        normalForm,
        negatives,
        config.mine().names(),
        config.train(),
        resolved,
        config.datasets(),
        config.seed());
  }

  private static Commit normalForm(SmallWorkspace workspace) {
    List<Object[]> queries = new ArrayList<>();
    List<Object[]> judgements = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      String dataset = i < 23 ? "legal" : "finance";
      queries.add(row(dataset, "q" + i, "query " + i, "train"));
      judgements.add(row(dataset, "q" + i, "d" + i, 1, "pair"));
    }
    queries.add(row("legal", "held", "held out", "test"));
    judgements.add(row("legal", "held", "d99", 1, "pair"));
    judgements.add(row("legal", "q0", "d98", 0, "pair"));
    return workspace
        .step("normalize")
        .table(Tables.QUERIES, queries.toArray(Object[][]::new))
        .table(Tables.JUDGEMENTS, judgements.toArray(Object[][]::new))
        .publish();
  }

  private static Map<Integer, List<Row>> steps(List<Row> plan) {
    return plan.stream().collect(Collectors.groupingBy(row -> row.<Integer>getAs("step")));
  }

  private static String query(Row row) {
    return row.getAs("query_id");
  }

  @Test
  void batchesAreFullAndOfOneDataSet() {
    List<Row> plan = plan(SmallWorkspace.in(folder), 4, 1);

    Map<Integer, List<Row>> steps = steps(plan);
    assertThat(steps.keySet()).containsExactly(0, 1, 2, 3, 4, 5, 6);
    steps
        .values()
        .forEach(
            batch -> {
              assertThat(batch).hasSize(4);
              assertThat(batch.stream().map(row -> row.getAs("dataset")).distinct()).hasSize(1);
              assertThat(batch.stream().map(row -> row.getAs("slot"))).containsExactly(0, 1, 2, 3);
            });
  }

  /** Two batches of four: what an update holds, and what the steps are, is as with one of eight. */
  @Test
  void updateOfSeveralBatchesIsOneStepOfOneDataSet() {
    SmallWorkspace workspace = SmallWorkspace.in(folder);
    PlanStage accumulating = stage(workspace, new PlanStage.Resolved(4, 1, 2));
    List<Row> plan = rows(workspace, accumulating.run());

    assertThat(steps(plan).keySet()).containsExactly(0, 1, 2);
    assertThat(plan).isEqualTo(plan(workspace.run("other"), 8, 1));
    assertThat(accumulating.run().keys()).containsEntry("accumulation", "2");
  }

  @Test
  void eachTrainingRowStandsOnceInAnEpochAndTheTailIsLeftOut() {
    List<Row> plan = plan(SmallWorkspace.in(folder), 4, 1);

    assertThat(plan.stream().map(PlanStageTest::query)).doesNotHaveDuplicates();
    assertThat(plan.stream().map(PlanStageTest::query)).doesNotContain("held");
    assertThat(plan.stream().filter(row -> row.getAs("dataset").equals("legal"))).hasSize(20);
    assertThat(plan.stream().filter(row -> row.getAs("dataset").equals("finance"))).hasSize(8);
    assertThat(plan.stream().map(row -> row.<String>getAs("doc_id"))).doesNotContain("d98");
  }

  @Test
  void eachEpochHasItsOwnOrderAndGoesOnCountingSteps() {
    List<Row> plan = plan(SmallWorkspace.in(folder), 4, 2);

    List<String> first = queriesOf(plan, 0);
    List<String> second = queriesOf(plan, 1);
    assertThat(first).hasSize(28).isNotEqualTo(second);
    assertThat(second).hasSize(28);
    assertThat(steps(plan)).hasSize(14);
  }

  private static List<String> queriesOf(List<Row> plan, int epoch) {
    return plan.stream()
        .filter(row -> row.<Integer>getAs("epoch") == epoch)
        .map(PlanStageTest::query)
        .toList();
  }

  @Test
  void planDoesNotDependOnPartitions() {
    var conf = SmallWorkspace.spark().conf();
    List<Row> two = plan(SmallWorkspace.in(folder.resolve("two")), 4, 1);
    conf.set("spark.sql.shuffle.partitions", "7");
    try {
      assertThat(plan(SmallWorkspace.in(folder.resolve("seven")), 4, 1)).isEqualTo(two);
    } finally {
      conf.set("spark.sql.shuffle.partitions", "2");
    }
  }

  @Test
  void anotherSeedGivesAnotherOrder() {
    List<Row> one = plan(SmallWorkspace.in(folder.resolve("one")), 4, 1);
    List<Row> other = plan(SmallWorkspace.in(folder.resolve("other")), 4, 1, "seed=43");

    assertThat(other.stream().map(PlanStageTest::query))
        .isNotEqualTo(one.stream().map(PlanStageTest::query).toList());
  }

  @Test
  void negativesGoWithTheirQueryInRankOrder() {
    List<Row> plan = plan(SmallWorkspace.in(folder), 23, 1, "train.negatives-per-query=2");

    assertThat(negatives(plan, "q1")).containsExactly("n1", "n2");
    assertThat(negatives(plan, "q2")).containsExactly("n3");
    assertThat(negatives(plan, "q3")).isEmpty();
    assertThat(negatives(plan, "q4"))
        .as("what the data brings comes first")
        .containsExactly("n5", "n4");
  }

  @Test
  void strategiesGoInTheOrderInWhichTheyChose() {
    assertThat(negativesOf("q5", "[{ kind = dense }, { kind = bm25 }]")).containsExactly("n7");
    assertThat(negativesOf("q5", "[{ kind = bm25 }, { kind = dense }]")).containsExactly("n6");
  }

  private List<String> negativesOf(String query, String strategies) {
    SmallWorkspace workspace = SmallWorkspace.in(folder.resolve(strategies.replaceAll("\\W", "")));
    return negatives(plan(workspace, 23, 1, "mine.strategies=" + strategies), query);
  }

  private static List<String> negatives(List<Row> plan, String query) {
    return plan.stream()
        .filter(row -> query(row).equals(query))
        .findFirst()
        .orElseThrow()
        .getList(plan.get(0).fieldIndex("negatives"));
  }

  @Test
  void dataSetSmallerThanABatchMakesTheBatchSmaller() {
    List<Row> plan = plan(SmallWorkspace.in(folder), 16, 1);

    assertThat(plan.stream().filter(row -> row.getAs("dataset").equals("finance"))).hasSize(9);
  }

  @Test
  void segmentsTogetherAreThePlanAndEachRowStandsInOne() {
    List<Row> whole = plan(SmallWorkspace.in(folder.resolve("whole")), 4, 2);
    SmallWorkspace workspace = SmallWorkspace.in(folder.resolve("parts"));
    PlanStage stage = stage(workspace, 4, 2);
    List<Row> parts = new ArrayList<>();
    for (Segment segment : Segment.of(14, 5)) {
      List<Row> part = rows(workspace, stage.run(segment));
      assertThat(part.get(0).<Integer>getAs("step")).isEqualTo(segment.from());
      assertThat(part.get(part.size() - 1).<Integer>getAs("step")).isEqualTo(segment.to() - 1);
      parts.addAll(part);
    }

    assertThat(parts).isEqualTo(whole);
  }

  @Test
  void segmentThatIsAllIsThePlan() {
    SmallWorkspace workspace = SmallWorkspace.in(folder);
    PlanStage stage = stage(workspace, 4, 1);

    Commit all = stage.run();
    assertThat(stage.run(Segment.of(7, 7).get(0))).isEqualTo(all);
    assertThat(all.keys()).doesNotContainKeys("refresh-every", "round");
  }

  @Test
  void updatesAreCountedBeforeThereIsAPlan() {
    assertThat(steps(plan(SmallWorkspace.in(folder.resolve("a")), 4, 3))).hasSize(21);
    assertThat(updates("a", 4, 3)).isEqualTo(21);
    assertThat(steps(plan(SmallWorkspace.in(folder.resolve("b")), 16, 2))).hasSize(4);
    assertThat(updates("b", 16, 2)).isEqualTo(4);
    String steps = "train.max-steps=5";
    assertThat(steps(plan(SmallWorkspace.in(folder.resolve("c")), 4, 2, steps))).hasSize(5);
    assertThat(updates("c", 4, 2, steps)).isEqualTo(5);
    String rows = "train.max-rows=13";
    assertThat(updates("d", 3, 2, rows))
        .isEqualTo(steps(plan(SmallWorkspace.in(folder.resolve("d")), 3, 2, rows)).size());
  }

  private int updates(String name, int batch, int epochs, String... keys) {
    SmallWorkspace workspace = SmallWorkspace.in(folder.resolve(name));
    RunConfig config = RunConfig.demo(List.of(keys));
    return new TrainingRows(
            workspace.context(),
            normalForm(workspace),
            config.train(),
            config.datasets(),
            config.seed())
        .updates(new PlanStage.Resolved(batch, epochs, 1));
  }
}
