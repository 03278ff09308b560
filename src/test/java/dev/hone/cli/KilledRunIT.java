package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
 * A run whose driver is killed with {@code kill -9} while it writes tables, mines and, twice,
 * trains, on one thread, ends with the same tables and the same model as one that was never
 * disturbed, on two.
 */
class KilledRunIT {
  private static final String CONFIGURATION =
      """
      hone {
        datasets = [
          { name = legal, type = pairs, domain = legal, SOURCE }
          { name = finance, type = pairs, domain = finance, SOURCE }
          { name = triplets, type = triplets, train-on = false, SOURCE }
          { name = scored, type = scored, train-on = false, SOURCE }
          { name = nli, type = nli, train-on = false, SOURCE }
          { name = ranking, type = ranking, train-on = false, SOURCE }
        ]
        mine { strategies = [ { kind = bm25 }, { kind = dense } ] }
        train {
          max-rows = 640, batch-size = 64, learning-rate = 1e-4, checkpoint-every = 3
          evaluate-every = 5, validation-documents = 50
        }
      }
      """
          .replace("SOURCE", "source { format = wordnet, options { domain = legal } }");

  @TempDir private static Path folder;
  private static PublishedRun killed;
  private static PublishedRun undisturbed;
  private static HoneProcess last;
  private static final Map<Path, String> PUBLISHED_BEFORE_THE_LAST = new TreeMap<>();
  private static SparkSession spark;

  @BeforeAll
  static void run() throws Exception {
    Files.writeString(folder.resolve("run.conf"), CONFIGURATION);
    Path workspace = folder.resolve("killed");
    killedWhileTablesAreWritten(workspace);
    killedInMining(workspace);
    killedInTraining(workspace);
    killedInResumedTraining(workspace);
    PUBLISHED_BEFORE_THE_LAST.putAll(contents(workspace.resolve("published")));
    last = start("last", "local[1]", workspace);
    assertThat(last.exitCode()).as(last.errors()).isZero();
    HoneProcess other = start("other", "local[2]", folder.resolve("undisturbed"));
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

  private static void killedInMining(Path workspace) throws Exception {
    HoneProcess process = start("mining", "local[1]", workspace);
    process.killWhen(() -> Files.exists(workspace.resolve("data/candidates")));
    assertThat(contents(workspace.resolve("published")).keySet())
        .extracting(file -> file.getParent().getFileName().toString())
        .containsOnly("normalize", "vectors", "index");
  }

  private static void killedInTraining(Path workspace) throws Exception {
    HoneProcess process = start("training", "local[1]", workspace);
    process.killWhen(() -> checkpoints(workspace).contains("3.json"));
    assertThat(process.errors())
        .contains("normalize: published already", "vectors (base): published already")
        .doesNotContain("training goes on from the checkpoint");
    assertThat(checkpoints(workspace)).containsExactly("0.json", "3.json"); // the best, the newest
  }

  /** At any moment of the first two seconds: between updates, in one, or in a checkpoint. */
  private static void killedInResumedTraining(Path workspace) throws Exception {
    long moment = new Random().nextInt(2_000);
    System.out.println("killed " + moment + " ms after it went on");
    HoneProcess process = start("resumed", "local[2]", workspace);
    long[] seen = new long[1];
    process.killWhen(
        () -> {
          if (seen[0] == 0 && process.errors().contains("goes on from the checkpoint at step 3")) {
            seen[0] = System.nanoTime();
          }
          return seen[0] > 0 && System.nanoTime() - seen[0] >= moment * 1_000_000;
        });
    assertThat(process.errors()).doesNotContain("] step 1/", "] step 2/", "] step 3/");
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
            "plan: published already",
            "training goes on from the checkpoint at step ")
        .doesNotContain("train: published already", "] step 1/", "] step 2/", "] step 3/");
    assertThat(attempts())
        .containsAllEntriesOf(
            Map.of(
                "vectors",
                2L,
                "index",
                3L,
                "negatives",
                1L,
                "plan",
                1L,
                "evaluate",
                3L,
                "report",
                1L));
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
                      if (!table.equals(Tables.REJECTS)) { // WordNet has no bad record
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
    assertThat(log).extracting(row -> row.getInt(0)).containsExactly(0, 5, 9); // 9 updates in all
    assertThat(log).extracting(row -> row.getLong(3)).containsOnly(2L);
    double highest = log.stream().mapToDouble(row -> row.getDouble(1)).max().orElseThrow();
    assertThat(log)
        .filteredOn(row -> row.getBoolean(2))
        .hasSize(1)
        .allMatch(row -> row.getDouble(1) == highest);
  }

  @Test
  void modelsAreEqualByteByByte() throws IOException {
    assertThat(killed.exportedWeights()).hasSameBinaryContentAs(undisturbed.exportedWeights());
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
