package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.model.ModelFolder;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run of eight updates that mines anew after every three, killed with {@code kill -9} between two
 * rounds, in the training of one and in the mining of another, ends with the same tables and the
 * same model as one that was never disturbed; and each round is mined with the model of its time.
 */
class RefreshedRunIT {
  private static final String CONFIGURATION =
      """
      hone {
        datasets = [
          { name = legal, type = pairs, domain = legal,
            source { format = wordnet, options { domain = legal } } }
          { name = finance, type = pairs, domain = finance,
            source { format = wordnet, options { domain = finance } } }
        ]
        mine {
          strategies = [ { kind = bm25 }, { kind = dense } ], relative-margin = none
          window = [0, 20], depth = 20
        }
        train {
          refresh-every = 3, max-steps = 8, max-rows = 400, batch-size = 32, max-length = 32
          learning-rate = 1e-4, negatives-per-query = 2, curriculum = linear
          evaluate-every = 2, validation-documents = 50
        }
      }
      """;

  private static final List<TableDefinition> TABLES =
      List.of(
          Tables.CANDIDATES,
          Tables.NEGATIVES,
          Tables.FILTER_COUNTS,
          Tables.BATCH_PLAN,
          Tables.TRAINING_LOG,
          Tables.VALIDATION_LOG,
          Tables.ADVICE,
          Tables.RUN_METRICS);

  @TempDir private static Path folder;
  private static PublishedRun killed;
  private static PublishedRun undisturbed;
  private static HoneProcess last;
  private static final Map<Path, String> PUBLISHED_BEFORE_THE_LAST = new TreeMap<>();
  private static SparkSession spark;

  @BeforeAll
  static void run() throws Exception {
    Files.writeString(folder.resolve("run.conf"), CONFIGURATION);
    HoneProcess whole = start("whole", "local[2]", folder.resolve("undisturbed"));
    assertThat(whole.exitCode()).as(whole.errors()).isZero();
    Path workspace = folder.resolve("killed");
    HoneProcess between = start("between", "local[2]", workspace);
    between.killWhen(() -> between.errors().contains("vectors (round-1): started"));
    HoneProcess training = start("training", "local[1]", workspace);
    training.killWhen(() -> training.errors().contains("] step 4/8"));
    HoneProcess mining = start("mining", "local[1]", workspace);
    mining.killWhen(() -> mining.errors().contains("negatives (round-2): started"));
    PUBLISHED_BEFORE_THE_LAST.putAll(published(workspace));
    last = start("last", "local[2]", workspace);
    assertThat(last.exitCode()).as(last.errors()).isZero();
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 2)
            .getOrCreate();
    killed = PublishedRun.in(workspace, spark);
    undisturbed = PublishedRun.in(folder.resolve("undisturbed"), spark);
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  private static HoneProcess start(String name, String master, Path workspace) throws IOException {
    return HoneProcess.start(
        folder,
        name,
        master,
        "run",
        "--config",
        folder.resolve("run.conf").toString(),
        "--workspace",
        workspace.toString());
  }

  /** Each commit with its content. */
  private static Map<Path, String> published(Path workspace) throws IOException {
    Map<Path, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(workspace.resolve("published"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(file, Files.readString(file));
      }
    }
    return contents;
  }

  private static List<Integer> integers(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(row -> row.getInt(0)).toList();
  }

  @Test
  void roundsStandInCandidatesAndNegatives() {
    for (TableDefinition table :
        List.of(Tables.CANDIDATES, Tables.NEGATIVES, Tables.FILTER_COUNTS)) {
      Dataset<Row> rows = undisturbed.rows(table);
      assertThat(integers(rows.select("round").distinct().orderBy("round")))
          .as(table.name())
          .containsExactly(0, 1, 2);
      assertThat(rows.filter("part <> concat('round-', round)").count()).isZero();
    }
  }

  @Test
  void roundIsMinedWithTheModelOfItsTime() {
    Dataset<Row> candidates = undisturbed.rows(Tables.CANDIDATES);
    for (int round : new int[] {1, 2}) {
      String model =
          ModelFolder.open(undisturbed.weights("segment", "round-" + (round - 1)).getParent())
              .digest();
      Dataset<Row> of = candidates.filter("round = " + round);
      assertThat(of.filter("miner = 'dense'").select("miner_digest").distinct().collectAsList())
          .extracting(row -> row.getString(0))
          .containsExactly(model);
      assertThat(of.select("filter_digest").distinct().collectAsList())
          .extracting(row -> row.getString(0))
          .containsExactly(model);
    }
    assertThat(candidates.filter("miner = 'dense'").select("miner_digest").distinct().count())
        .isEqualTo(3);
    assertThat(candidates.filter("miner = 'bm25'").select("miner_digest").distinct().count())
        .isOne();
  }

  @Test
  void eachStepUsesTheNegativesOfItsRound() {
    Dataset<Row> plan = undisturbed.rows(Tables.BATCH_PLAN);
    assertThat(integers(plan.select("step").distinct().orderBy("step")))
        .isEqualTo(IntStream.range(0, 8).boxed().toList());
    assertThat(plan.filter("part <> concat('round-', cast(floor(step / 3) as int))").count())
        .isZero();
    assertThat(plan.select("dataset", "query_id", "doc_id").distinct().count())
        .isEqualTo(plan.count());
    Dataset<Row> used =
        plan.selectExpr(
            "dataset",
            "query_id",
            "cast(floor(step / 3) as int) as round",
            "explode(negatives) as doc_id");
    assertThat(used.select("round").distinct().count()).isEqualTo(3);
    String[] key = {"dataset", "query_id", "round", "doc_id"};
    assertThat(used.join(undisturbed.rows(Tables.NEGATIVES), key, "left_anti").count()).isZero();
  }

  @Test
  void logHasEachStepOnceOnTheScheduleOfTheWholeRun() {
    List<Row> log =
        undisturbed
            .rows(Tables.TRAINING_LOG)
            .select("step", "learning_rate", "part")
            .orderBy("step")
            .collectAsList();
    assertThat(log).extracting(row -> row.getInt(0)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(log).extracting(row -> row.getString(2)).containsOnly("all");
    // One update of eight warms up, then the rate falls by a seventh of itself each time.
    for (int step = 0; step < 8; step++) {
      double expected = step == 0 ? 0 : 1e-4 * (8 - step) / 7;
      assertThat(log.get(step).getDouble(1)).isEqualTo(expected);
    }
  }

  @Test
  void adviceIsOfTheWholeRunAndInTheLog() {
    List<Row> advice =
        undisturbed
            .rows(Tables.ADVICE)
            .filter("kind = 'small-dataset'")
            .orderBy("dataset")
            .collectAsList();
    assertThat(advice).extracting(row -> row.getAs("dataset")).containsExactly("finance", "legal");
    for (Row one : advice) {
      assertThat(one.<Integer>getAs("step_from")).isZero();
      assertThat(one.<Integer>getAs("step_to")).isEqualTo(7);
      assertThat(last.errors())
          .contains("small-dataset, steps 0 to 7, data set " + one.getAs("dataset") + ": ")
          .contains(one.<String>getAs("suggestion"));
    }
  }

  @Test
  void validationsGoOnOverTheRounds() {
    Dataset<Row> log = undisturbed.rows(Tables.VALIDATION_LOG);
    assertThat(integers(log.select("step").distinct().orderBy("step")))
        .containsExactly(0, 2, 4, 6, 8);
    assertThat(log.filter("step = 0 and (criterion <> 0 or value <> base_value)").count()).isZero();
    assertThat(log.select("dataset", "base_value").distinct().count()).isEqualTo(2);
    double highest = log.agg(functions.max("criterion")).first().getDouble(0);
    assertThat(highest).as("training that helps").isPositive();
    assertThat(log.filter("best").select("criterion").distinct().first().getDouble(0))
        .isEqualTo(highest);
  }

  @Test
  void finishedRoundsAreNotRedone() throws IOException {
    assertThat(published(folder.resolve("killed"))).containsAllEntriesOf(PUBLISHED_BEFORE_THE_LAST);
    assertThat(last.errors())
        .contains(
            "segment (round-0): published already",
            "vectors (round-1): published already",
            "negatives (round-1): published already",
            "plan (round-1): published already",
            "segment (round-1): published already",
            "vectors (round-2): published already",
            "candidates (round-2): published already")
        .contains("] step 7/8")
        .doesNotContain("negatives (round-2): published already", "] step 1/8", "] step 4/8");
  }

  @Test
  void modelsAreEqualByteByByte() {
    for (String step : List.of("segment", "train")) {
      for (String part : step.equals("train") ? List.of("all") : List.of("round-0", "round-1")) {
        assertThat(killed.weights(step, part))
            .hasSameBinaryContentAs(undisturbed.weights(step, part));
      }
    }
    assertThat(killed.exportedWeights())
        .hasSameBinaryContentAs(undisturbed.weights("train", "all"));
  }

  @TestFactory
  Stream<DynamicTest> everyTableHasTheRowsOfTheUndisturbedRun() {
    return TABLES.stream()
        .map(
            table ->
                DynamicTest.dynamicTest(
                    table.name(),
                    () -> {
                      assertThat(killed.rows(table).count()).isPositive();
                      killed.assertSameRows(undisturbed, table);
                    }));
  }
}
