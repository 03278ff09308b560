package dev.hone.cluster;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.config.RunConfig;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plan of data sets that each have a loss of their own: pairs, triplets and scored pairs. */
class MixedPlanTest {
  private static final String CONFIGURATION =
      """
      hone.datasets = [
        { name = law, type = pairs, source { format = json }, negatives-per-query = 0 }
        { name = sts, type = scored, source { format = json } }
        { name = trios, type = triplets, loss = triplet, source { format = json } }
      ]
      """;

  /** Rows of the split train. */
  private static final Map<String, Integer> ROWS =
      new TreeMap<>(Map.of("law", 23, "sts", 14, "trios", 10));

  @TempDir private Path folder;

  private RunConfig config(String... sets) {
    try {
      Path file = Files.writeString(folder.resolve("run.conf"), CONFIGURATION);
      return RunConfig.load(file, List.of(sets));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Commit normalForm(SmallWorkspace workspace) {
    List<Object[]> queries = new ArrayList<>();
    List<Object[]> judgements = new ArrayList<>();
    for (String dataset : List.of("law", "trios")) {
      for (int i = 0; i < ROWS.get(dataset); i++) {
        queries.add(row(dataset, "q" + i, "query " + i, "train"));
        judgements.add(row(dataset, "q" + i, "d" + i, 1, "pair"));
      }
    }
    List<Object[]> pairs = new ArrayList<>();
    for (int i = 0; i < ROWS.get("sts") + 3; i++) {
      String split = i < ROWS.get("sts") ? "train" : "test";
      pairs.add(row("sts", "p" + i, "one " + i, "other " + i, i % 5.0, 0.0, 5.0, split));
    }
    return workspace
        .step("normalize")
        .table(Tables.QUERIES, queries.toArray(Object[][]::new))
        .table(Tables.JUDGEMENTS, judgements.toArray(Object[][]::new))
        .table(Tables.SCORED_PAIRS, pairs.toArray(Object[][]::new))
        .publish();
  }

  private Commit plan(SmallWorkspace workspace, int batch, int epochs, String... sets) {
    Commit negatives =
        workspace
            .step("negatives")
            .table(
                Tables.NEGATIVES,
                row("law", "q1", "n1", 0, "given", null, null, 1),
                row("trios", "q1", "n1", 0, "given", null, null, 1),
                row("trios", "q1", "n2", 0, "given", null, null, 2))
            .publish();
    RunConfig config = config(sets);
    return new PlanStage(
            workspace.context(),
            normalForm(workspace),
            negatives,
            config.mine().names(),
            config.train(),
            new PlanStage.Resolved(batch, epochs, 1),
            config.datasets(),
            config.seed())
        .run();
  }

  private static List<Row> rows(SmallWorkspace workspace, Commit plan) {
    return workspace
        .context()
        .read(plan, Tables.BATCH_PLAN)
        .orderBy("step", "slot")
        .collectAsList();
  }

  private List<Row> rows(String name, int batch, int epochs, String... sets) {
    SmallWorkspace workspace = SmallWorkspace.in(folder.resolve(name));
    return rows(workspace, plan(workspace, batch, epochs, sets));
  }

  private static Collection<List<Row>> steps(List<Row> plan) {
    return plan.stream()
        .collect(
            Collectors.groupingBy(
                row -> row.<Integer>getAs("step"), TreeMap::new, Collectors.toList()))
        .values();
  }

  private static String dataset(Row row) {
    return row.getAs("dataset");
  }

  private static List<Integer> sizes(List<Row> plan, String dataset) {
    return steps(plan).stream()
        .filter(step -> dataset(step.get(0)).equals(dataset))
        .map(List::size)
        .sorted()
        .toList();
  }

  @Test
  void onlyAContrastiveLossLeavesItsTailOut() {
    List<Row> plan = rows("one", 4, 1);

    assertThat(sizes(plan, "law")).containsExactly(4, 4, 4, 4, 4);
    assertThat(sizes(plan, "sts")).as("14 rows in 4 batches").containsExactly(3, 3, 4, 4);
    assertThat(sizes(plan, "trios")).as("10 rows in 3 batches").containsExactly(3, 3, 4);
    steps(plan)
        .forEach(
            step -> {
              assertThat(step.stream().map(MixedPlanTest::dataset).distinct()).hasSize(1);
              List<Integer> slots = step.stream().map(row -> row.<Integer>getAs("slot")).toList();
              for (int slot = 0; slot < slots.size(); slot++) {
                assertThat(slots.get(slot)).isEqualTo(slot);
              }
            });
  }

  @Test
  void eachRowStandsOnceInAnEpochOrIsCounted() {
    for (String sampling : List.of("proportional", "round-robin")) {
      SmallWorkspace workspace = SmallWorkspace.in(folder.resolve(sampling));
      Commit plan = plan(workspace, 4, 2, "train.sampling=" + sampling);
      List<Row> rows = rows(workspace, plan);
      List<Row> counts =
          workspace
              .context()
              .read(plan, Tables.PLAN_COUNTS)
              .orderBy("epoch", "dataset")
              .collectAsList();
      assertThat(counts).hasSize(6);
      for (Row count : counts) {
        List<String> ids =
            rows.stream()
                .filter(row -> row.getAs("epoch").equals(count.getAs("epoch")))
                .filter(row -> dataset(row).equals(count.getAs("dataset")))
                .map(row -> row.<String>getAs("query_id"))
                .toList();
        assertThat(ids).doesNotHaveDuplicates().hasSize((int) (long) count.<Long>getAs("planned"));
        assertThat(ids.size() + count.<Long>getAs("tail") + count.<Long>getAs("rest"))
            .isEqualTo((long) ROWS.get(count.<String>getAs("dataset")))
            .isEqualTo(count.<Long>getAs("rows"));
      }
    }
  }

  @Test
  void aScoredPairStandsThereByItsIdAlone() {
    List<Row> plan = rows("one", 4, 1);
    List<Row> pairs = plan.stream().filter(row -> dataset(row).equals("sts")).toList();

    assertThat(pairs.stream().map(row -> row.<String>getAs("query_id")))
        .containsExactlyInAnyOrder(
            "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11", "p12", "p13");
    assertThat(pairs).allSatisfy(row -> assertThat(row.<String>getAs("doc_id")).isNull());
    assertThat(pairs)
        .allSatisfy(row -> assertThat(row.getList(row.fieldIndex("negatives"))).isEmpty());
  }

  @Test
  void eachDataSetHasItsOwnNumberOfNegatives() {
    assertThat(negatives(rows("one", 4, 1, "train.negatives-per-query=2"), "trios"))
        .containsExactly("n1", "n2");
    assertThat(negatives(rows("two", 4, 1), "trios")).containsExactly("n1");
    assertThat(negatives(rows("three", 23, 1), "law")).isEmpty();
  }

  private static List<String> negatives(List<Row> plan, String dataset) {
    return plan.stream()
        .filter(row -> dataset(row).equals(dataset) && row.getAs("query_id").equals("q1"))
        .findFirst()
        .orElseThrow()
        .getList(plan.get(0).fieldIndex("negatives"));
  }

  private static List<String> turns(List<Row> plan) {
    return steps(plan).stream().map(step -> dataset(step.get(0))).toList();
  }

  @Test
  void dataSetsTakeTurnsByTheirSizeOrOneByOne() {
    assertThat(turns(rows("one", 4, 1)))
        .as("5, 4 and 3 updates, spread over the epoch")
        .containsExactly(
            "law", "sts", "trios", "law", "sts", "law", "trios", "sts", "law", "trios", "sts",
            "law");
    assertThat(turns(rows("two", 4, 1, "train.sampling=round-robin")))
        .as("until the triplets end")
        .containsExactly("law", "sts", "trios", "law", "sts", "trios", "law", "sts", "trios");
  }

  @Test
  void updatesAreCountedBeforeThereIsAPlan() {
    for (String sampling : List.of("proportional", "round-robin")) {
      SmallWorkspace workspace = SmallWorkspace.in(folder.resolve(sampling));
      Commit plan = plan(workspace, 4, 3, "train.sampling=" + sampling);
      RunConfig config = config("train.sampling=" + sampling);
      int updates =
          new TrainingRows(
                  workspace.context(),
                  normalForm(workspace),
                  config.train(),
                  config.datasets(),
                  config.seed())
              .updates(new PlanStage.Resolved(4, 3, 1));
      assertThat(steps(rows(workspace, plan))).hasSize(updates);
      assertThat(updates).isEqualTo(sampling.equals("proportional") ? 36 : 27);
    }
  }

  @Test
  void thePlanIsTheSameOnAnyNumberOfPartitionsAndAnotherForAnotherSeed() {
    var conf = SmallWorkspace.spark().conf();
    List<List<Row>> plans = new ArrayList<>();
    try {
      for (String partitions : List.of("1", "4", "16")) {
        conf.set("spark.sql.shuffle.partitions", partitions);
        plans.add(rows("partitions-" + partitions, 4, 2));
      }
    } finally {
      conf.set("spark.sql.shuffle.partitions", "2");
    }
    assertThat(plans.stream().distinct()).hasSize(1);
    assertThat(rows("seed", 4, 2, "seed=43")).isNotEqualTo(plans.get(0));
  }

  @Test
  void whatChangesThePlanChangesItsDigest() {
    SmallWorkspace workspace = SmallWorkspace.in(folder.resolve("digests"));
    List<String> digests = new ArrayList<>();
    int run = 0;
    for (String set :
        List.of(
            "seed=42",
            "train.sampling=round-robin",
            "train.negatives-per-query=2",
            "train.max-rows=30")) {
      digests.add(plan(workspace.run("run-" + run++), 4, 1, set).digest());
    }
    assertThat(digests).hasSize(4).doesNotHaveDuplicates();
    assertThat(plan(workspace.run("again"), 4, 1, "train.scale=3").digest())
        .as("a loss changes no order")
        .isEqualTo(digests.get(0));
  }
}
