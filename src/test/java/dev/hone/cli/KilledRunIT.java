package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.model.ModelFolder;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
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
 * A run of eight updates that mines anew after every three, whose driver is killed with {@code kill
 * -9} while it writes tables, twice trains, and mines a later round, on one thread, ends with the
 * same tables and the same model as one that was never disturbed, on two; and each round is mined
 * with the model of its time.
 */
class KilledRunIT {
  private static final String CONFIGURATION =
      """
      hone {
        datasets = [
          { name = legal, type = pairs, domain = legal, SOURCE }
          { name = finance, type = pairs, domain = finance, SOURCE }
          { name = triplets, type = triplets, train-on = false, SOURCE }
          { name = scored, type = scored, prompts { document = "term: " }, SOURCE }
          { name = nli, type = nli, train-on = false, SOURCE }
          { name = ranking, type = ranking, train-on = false, SOURCE }
        ]
        mine {
          strategies = [ { kind = bm25 }, { kind = dense } ], relative-margin = none
          window = [0, 20], depth = 20
        }
        train {
          refresh-every = 3, max-steps = 8, max-rows = 400, batch-size = 32, max-length = 32
          learning-rate = 1e-4, negatives-per-query = 2, curriculum = linear
          guide = "builtin:all-MiniLM-L6-v2", guide-margin = 0.02
          checkpoint-every = 1, evaluate-every = 2, validation-documents = 50
        }
        evaluate.probes = [ ["plaintiff", "someone who brings an action in a court of law"] ]
      }
      """
          .replace("SOURCE", "source { format = wordnet, options { domain = legal } }");

  /** WordNet has no bad record, and trials are those of tune. */
  private static final Set<TableDefinition> EMPTY = Set.of(Tables.REJECTS, Tables.TRIALS);

  @TempDir private static Path folder;
  private static PublishedRun killed;
  private static PublishedRun undisturbed;
  private static HoneProcess last;
  private static HoneProcess other;
  private static final Map<Path, String> PUBLISHED_BEFORE_THE_LAST = new TreeMap<>();
  private static SparkSession spark;

  @BeforeAll
  static void run() throws Exception {
    Files.writeString(folder.resolve("run.conf"), CONFIGURATION);
    // Beside those that are killed, which come one after the other and take long.
    other = start("other", "local[2]", folder.resolve("undisturbed"));
    Path workspace = folder.resolve("killed");
    killedWhileTablesAreWritten(workspace);
    endedInTraining(workspace);
    killedInResumedTraining(workspace);
    killedInALaterRound(workspace);
    PUBLISHED_BEFORE_THE_LAST.putAll(contents(workspace.resolve("published")));
    last = start("last", "local[1]", workspace);
    assertThat(last.exitCode()).as(last.errors()).isZero();
    assertThat(other.exitCode()).as(other.errors()).isZero();
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
    if (other != null) {
      other.kill();
    }
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

  private static void killedWhileTablesAreWritten(Path workspace) throws Exception {
    HoneProcess process = start("tables", "local[1]", workspace);
    process.killWhen(() -> holdsFile(workspace.resolve("data/normalize"), "judgements"));
    assertThat(contents(workspace.resolve("published"))).isEmpty();
  }

  /** In the second round, whose first update has a checkpoint. */
  private static void endedInTraining(Path workspace) throws Exception {
    HoneProcess process = start("training", "local[1]", workspace);
    int code = process.endWhen(() -> checkpoints(workspace).contains("4.json"));
    assertThat(code).as("SIGTERM: " + process.errors()).isEqualTo(128 + 15);
    assertThat(process.errors())
        .contains("ended by a signal")
        .doesNotContain("fault in Hone", "fatal error");
    assertThat(process.errors())
        .contains("normalize: published after", "segment (round-0): published after")
        .doesNotContain("training goes on from the checkpoint");
    // The best and the newest two of each round; its last update has none.
    assertThat(checkpoints(workspace)).contains("1.json", "2.json", "4.json");
    assertThat(checkpoints(workspace)).isSubsetOf("0.json", "1.json", "2.json", "4.json", "5.json");
  }

  /** At any moment of the first two seconds: between updates, in one, or in a checkpoint. */
  private static void killedInResumedTraining(Path workspace) throws Exception {
    long moment = new Random().nextInt(2_000);
    System.out.println("killed " + moment + " ms after it went on");
    HoneProcess process = start("resumed", "local[2]", workspace);
    long[] seen = new long[1];
    process.killWhen(
        () -> {
          if (seen[0] == 0 && process.errors().contains("goes on from the checkpoint at step ")) {
            seen[0] = System.nanoTime();
          }
          return seen[0] > 0 && System.nanoTime() - seen[0] >= moment * 1_000_000;
        });
    assertThat(process.errors())
        .contains("segment (round-0): published already")
        .doesNotContain("] step 1/", "] step 2/", "] step 3/", "] step 4/");
  }

  private static void killedInALaterRound(Path workspace) throws Exception {
    HoneProcess process = start("later", "local[1]", workspace);
    process.killWhen(() -> process.errors().contains("negatives (round-2): started"));
  }

  /** Notes of complete checkpoints. */
  private static List<String> checkpoints(Path workspace) {
    return contents(workspace.resolve("checkpoints")).keySet().stream()
        .map(file -> file.getFileName().toString())
        .filter(name -> name.matches("\\d+\\.json"))
        .sorted()
        .toList();
  }

  private static boolean holdsFile(Path step, String table) {
    return Files.exists(step)
        && contents(step).keySet().stream().anyMatch(file -> file.toString().contains(table));
  }

  /** Each file below a folder with its content, or with its size where it is no JSON. */
  private static Map<Path, String> contents(Path folder) {
    Map<Path, String> contents = new TreeMap<>();
    if (!Files.exists(folder)) {
      return contents;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        boolean json = file.toString().endsWith(".json");
        contents.put(file, json ? Files.readString(file) : String.valueOf(Files.size(file)));
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      return contents; // it changes while we look; the next look sees it whole
    }
    return contents;
  }

  @Test
  void finishedStepsAreNotRedone() throws IOException {
    assertThat(contents(folder.resolve("killed/published")))
        .containsAllEntriesOf(PUBLISHED_BEFORE_THE_LAST);
    assertThat(last.errors())
        .contains(
            "normalize: published already",
            "vectors (base): published already",
            "index (legal): published already",
            "candidates (round-0): published already",
            "negatives (round-0): published already",
            "plan (round-0): published already",
            "segment (round-0): published already",
            "vectors (round-1): published already",
            "negatives (round-1): published already",
            "plan (round-1): published already",
            "segment (round-1): published already",
            "vectors (round-2): published already",
            "candidates (round-2): published already")
        .contains("] step 7/8")
        .doesNotContain("negatives (round-2): published already", "] step 1/8", "] step 4/8");
    assertThat(attempts())
        .containsAllEntriesOf(
            Map.of(
                "vectors", 4L, "index", 3L, "plan", 3L, "train", 1L, "evaluate", 3L, "report", 1L));
  }

  /** Tries of each step, published or not. */
  private static Map<String, Long> attempts() throws IOException {
    Map<String, Long> attempts = new TreeMap<>();
    try (Stream<Path> steps = Files.list(folder.resolve("killed/data"))) {
      for (Path step : steps.toList()) {
        try (Stream<Path> tries = Files.list(step)) {
          attempts.put(step.getFileName().toString(), tries.count());
        }
      }
    }
    return attempts;
  }

  @TestFactory
  Stream<DynamicTest> nothingIsThereTwice() {
    return Tables.ALL.stream()
        .map(
            table ->
                DynamicTest.dynamicTest(
                    table.name(),
                    () -> {
                      Dataset<Row> rows = killed.rows(table);
                      Column[] key =
                          Stream.concat(
                                  Stream.of(functions.col("part")),
                                  Arrays.stream(table.keyColumns()))
                              .toArray(Column[]::new);
                      assertThat(rows.select(key).distinct().count()).isEqualTo(rows.count());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> everyTableHasTheRowsOfTheUndisturbedRun() {
    return Tables.ALL.stream()
        .map(
            table ->
                DynamicTest.dynamicTest(
                    table.name(),
                    () -> {
                      if (!EMPTY.contains(table)) {
                        assertThat(killed.rows(table).count()).isPositive();
                      }
                      killed.assertSameRows(undisturbed, table);
                    }));
  }

  @Test
  void bothRunsHaveOneId() {
    assertThat(killed.id()).isEqualTo(undisturbed.id());
  }

  @Test
  void modelIsThatOfTheBestValidation() {
    List<Row> log =
        killed
            .rows(Tables.VALIDATION_LOG)
            .groupBy("step")
            .agg(functions.max("criterion"), functions.max("best"), functions.count("dataset"))
            .orderBy("step")
            .collectAsList();
    assertThat(log).extracting(row -> row.getInt(0)).containsExactly(0, 2, 4, 6, 8);
    assertThat(log).extracting(row -> row.getLong(3)).containsOnly(3L);
    double highest = log.stream().mapToDouble(row -> row.getDouble(1)).max().orElseThrow();
    assertThat(log)
        .filteredOn(row -> row.getBoolean(2))
        .hasSize(1)
        .allMatch(row -> row.getDouble(1) == highest);
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
  void eachDataSetIsTrainedWithItsOwnLoss() {
    assertThat(undisturbed.commit("train", "all").keys())
        .containsEntry("finance: loss", "mnrl")
        .containsEntry("legal: loss", "mnrl")
        .containsEntry("scored: loss", "cosent")
        .containsEntry("scored: prompts", "|term: ")
        .containsEntry("scale", "20.0")
        .containsEntry("prompts", "|");
    assertThat(undisturbed.rows(Tables.TRAINING_LOG).select("dataset").distinct().count())
        .isEqualTo(3);
    assertThat(undisturbed.rows(Tables.PLAN_COUNTS).filter("rows <> planned + tail + rest").count())
        .isZero();
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
    assertThat(advice)
        .extracting(row -> row.getAs("dataset"))
        .containsExactly("finance", "legal", "scored");
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
    assertThat(log.select("dataset", "base_value").distinct().count()).isEqualTo(3);
    assertThat(log.select("dataset", "metric").distinct().orderBy("dataset").collectAsList())
        .extracting(row -> row.getString(1))
        .containsExactly("ndcg", "ndcg", "spearman");
    double highest = log.agg(functions.max("criterion")).first().getDouble(0);
    assertThat(highest).as("training that helps").isPositive();
    assertThat(log.filter("best").select("criterion").distinct().first().getDouble(0))
        .isEqualTo(highest);
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

  @Test
  void sqlPrintsTheNumbersOfTheSummary() throws Exception {
    HoneProcess sql =
        HoneProcess.start(
            folder,
            "sql",
            "local[1]",
            "sql",
            "--workspace",
            killed.workspace().uri(),
            "-e",
            "select dataset, model, round(value, 4) from run_metrics where metric = 'ndcg' and k = 10"
                + " and dataset = 'legal' order by model");
    assertThat(sql.exitCode()).as(sql.errors()).isZero();
    List<String> expected =
        last.output()
            .lines()
            .dropWhile(line -> !line.startsWith("legal"))
            .limit(3)
            .map(line -> line.replaceFirst("^legal", "").trim().split("\\s+"))
            .map(cells -> "legal\t" + cells[0] + "\t" + Double.valueOf(cells[1]))
            .sorted()
            .collect(Collectors.toList());
    expected.add(0, "dataset\tmodel\tround(value, 4)");
    assertThat(sql.output().lines()).containsExactlyElementsOf(expected);
  }
}
