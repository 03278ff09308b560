package dev.hone.cli;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.pipeline.SmallWorkspace;
import dev.hone.store.IfRunning;
import dev.hone.store.Tries;
import dev.hone.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.HiveResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The views over two small runs whose rows were worked out by hand: {@code full} has everything,
 * {@code bare} only two tries, the last of which failed.
 */
class SqlViewsTest {
  private static final Path FOLDER = Path.of("jobs/sql");
  private static final String DATABASE = "sql_views_test";

  /** Spark would put the environment in for it, were it not escaped. */
  private static final String CONFIG = "{ text = \"it's ${env:PATH}\" }";

  @TempDir private static Path folder;
  private static SparkSession spark;
  private static String lastOfBare;

  @BeforeAll
  static void publish() {
    SmallWorkspace workspace = SmallWorkspace.in(folder);
    publish(workspace.run("full"));
    attempt(workspace, "full").succeeded();
    attempt(workspace, "bare").succeeded();
    Tries last = attempt(workspace, "bare");
    last.failed(3);
    lastOfBare = last.attempt();
    // Tables and views are the catalog's, which the tests of this JVM share.
    spark = SmallWorkspace.spark().newSession();
    create(DATABASE, folder);
    register(workspace);
  }

  private static void create(String database, Path folder) {
    spark.sql("CREATE DATABASE %s LOCATION '%s'".formatted(database, folder.resolve("database")));
    spark.sql("USE " + database);
  }

  @AfterAll
  static void drop() {
    spark.sql("DROP DATABASE " + DATABASE + " CASCADE");
  }

  private static void register(SmallWorkspace workspace) {
    PublishedTables.statements(workspace.context().workspace()).forEach(spark::sql);
  }

  private static Tries attempt(SmallWorkspace workspace, String runId) {
    return Tries.start(
        workspace.context().workspace(), runId, "run", IfRunning.PROCEED, CONFIG, "1.0", "cpu");
  }

  private static void publish(SmallWorkspace run) {
    run.step("normalize")
        .table(
            Tables.QUERIES,
            row("law", "q1", "one", "test", "legal"),
            row("law", "q2", "two", "test", "legal"),
            row("law", "q3", "three", "test", null))
        .table(
            Tables.AUDIT,
            row("law", "test", "leakage", "error", 2L, 0.25, "one; two"),
            row("law", "test", "near-leakage", "info", 0L, 0.0, ""),
            row("law", "all", "truncation", "warning", 1L, 0.5, "..."))
        .publish();
    run.step("negatives")
        .table(
            Tables.NEGATIVES,
            row("law", "q1", "d1", 0, "bm25", "bm25", "x", 1, 9.0, 0.25, 0.75, 1, 0.25),
            row("law", "q1", "d2", 0, "bm25", "bm25", "x", 2, 8.0, 0.5, 0.75, 2, 0.5),
            row("law", "q2", "d1", 0, "bm25", "bm25", "x", 1, 7.0, 0.25, 0.5, 2, 0.75),
            row("law", "q2", "d3", 0, "given", null, null, 1, null, null, null, null, null))
        .table(
            Tables.FILTER_COUNTS,
            row("law", 0, "bm25", "known-positive", 6L, 2L),
            row("law", 0, "bm25", "quota", 3L, 3L),
            row("law", 0, "dense", "known-positive", 0L, 5L))
        .publish();
    run.step("plan")
        .table(
            Tables.BATCH_PLAN,
            row("law", 0, 0, 0, "q1", "a"),
            row("law", 0, 0, 1, "q2", "b"),
            row("law", 0, 1, 0, "q3", "c"))
        .publish();
    run.step("train")
        .table(
            Tables.TRAINING_LOG,
            row(0, 0, "law", 1.0, 0.1, 1.0, 0.5),
            row(1, 0, "law", 0.5, 0.1, 1.0, 2.0))
        .publish();
    run.step("tune")
        .table(
            Tables.TRIALS,
            row(1, "a", 0, "ndcg", 0.5, 10.0, "dropped"),
            row(2, "b", 0, "ndcg", 0.6, 12.0, "continued"),
            row(2, "b", 1, "ndcg", 0.7, 30.0, "best"))
        .publish();
    run.step("evaluate")
        .table(
            Tables.QUERY_METRICS,
            perQuery("base", "q1", 384, "fp32", 10, 1.0),
            perQuery("base", "q2", 384, "fp32", 10, 0.5),
            perQuery("base", "q3", 384, "fp32", 10, 0.0),
            perQuery("base", "q2", 384, "fp32", null, 0.75),
            perQuery("tuned", "q1", 384, "fp32", 10, 0.5),
            perQuery("tuned", "q2", 384, "fp32", 10, 1.0),
            perQuery("tuned", "q3", 384, "fp32", 10, 0.0),
            perQuery("tuned", "q2", 384, "fp32", null, 0.25),
            perQuery("tuned", "q1", 64, "fp32", 10, 0.125),
            perQuery("tuned", "q1", 384, "binary", 10, 0.25),
            perQuery("bm25", "q1", null, null, 10, 0.75))
        .table(
            Tables.RUN_METRICS,
            averaged("base", 384, "fp32", 10, 0.5),
            averaged("tuned", 384, "fp32", 10, 0.75),
            averaged("tuned", 64, "fp32", 10, 0.25),
            averaged("tuned", 384, "int8", 10, 0.375),
            averaged("tuned", 60, "binary", 10, 0.125),
            averaged("bm25", null, null, 10, 0.5),
            averaged("other", 128, "fp32", 10, 0.25),
            averaged("base", 384, "fp32", null, 0.0),
            averaged("tuned", 384, "fp32", null, 0.0))
        .publish();
  }

  private static Object[] perQuery(
      String model, String query, Integer dim, String precision, Integer k, double value) {
    String metric = k == null ? "bpref" : "ndcg";
    return row(model, "law", "test", query, dim, precision, metric, k, value, 1, 10);
  }

  private static Object[] averaged(
      String model, Integer dim, String precision, Integer k, double value) {
    String metric = k == null ? "spearman" : "ndcg";
    return row(model, "law", "test", dim, precision, metric, k, value, value, value, 3L);
  }

  /** Rows as {@code sql} prints them. */
  private static List<String> rows(String query) {
    return CollectionConverters.asJava(
        HiveResult.hiveResultString(spark.sql(query).queryExecution().executedPlan()));
  }

  @Test
  void configurationsAreShownToTheLetter() {
    assertThat(spark.sql("SELECT DISTINCT config FROM runs").collectAsList())
        .containsExactly(RowFactory.create(CONFIG));
  }

  @Test
  void aQueryGetsTheViewsThatItReads() {
    assertThat(SqlViews.needed(List.of("select 1 from run_metrics")))
        .isEqualTo(new SqlViews.Needed(false, List.of()));
    assertThat(SqlViews.needed(List.of("select 1", "select place from `Leaderboard`")).statements())
        .satisfiesExactly(
            first -> assertThat(first).contains("VIEW headline_run_metrics"),
            second -> assertThat(second).contains("VIEW leaderboard"));
    assertThat(SqlViews.needed(List.of("select count(*) from RUNS")).runs()).isTrue();
    assertThat(SqlViews.needed(List.of("select * from run_status")).runs()).isTrue();
    assertThat(SqlViews.needed(List.of("SHOW VIEWS")).statements()).hasSameSizeAs(SqlViews.NAMES);
  }

  @Test
  void modelsAreRankedByTheirLargestDimensionInFp32() {
    assertThat(
            rows(
                "SELECT run_id, metric, k, place, model, value, gain, query_count FROM leaderboard"
                    + " ORDER BY metric, place, model"))
        .containsExactly(
            "full\tndcg\t10\t1\ttuned\t0.75\t0.25\t3",
            "full\tndcg\t10\t2\tbase\t0.5\t0.0\t3",
            "full\tndcg\t10\t2\tbm25\t0.5\t0.0\t3",
            "full\tndcg\t10\t4\tother\t0.25\t-0.25\t3",
            "full\tspearman\tNULL\t1\tbase\t0.0\t0.0\t3",
            "full\tspearman\tNULL\t1\ttuned\t0.0\t0.0\t3");
  }

  @Test
  void aRegressionIsAQueryThatTrainingMadeWorse() {
    assertThat(
            rows(
                "SELECT metric, k, query_id, text, domain, base, tuned, change, bm25"
                    + " FROM regressions ORDER BY query_id"))
        .containsExactly(
            "ndcg\t10\tq1\tone\tlegal\t1.0\t0.5\t-0.5\t0.75",
            "bpref\tNULL\tq2\ttwo\tlegal\t0.75\t0.25\t-0.5\tNULL");
  }

  @Test
  void theWorstQueryIsTheFirst() {
    assertThat(
            rows(
                "SELECT place, query_id, value, best_model, best_value FROM worst_queries"
                    + " WHERE model = 'tuned' AND metric = 'ndcg' ORDER BY place"))
        .containsExactly(
            "1\tq3\t0.0\tbase\t0.0", "2\tq1\t0.5\tbase\t1.0", "3\tq2\t1.0\ttuned\t1.0");
  }

  @Test
  void smallerVectorsAreMeasuredByWhatTheyKeep() {
    assertThat(
            rows(
                "SELECT model, metric, dim, precision, bytes, value, change, kept"
                    + " FROM dimension_precision WHERE model <> 'base' ORDER BY model, metric, bytes"))
        .containsExactly(
            "other\tndcg\t128\tfp32\t512\t0.25\t0.0\t1.0",
            "tuned\tndcg\t60\tbinary\t8\t0.125\t-0.625\t" + 0.125 / 0.75,
            "tuned\tndcg\t64\tfp32\t256\t0.25\t-0.5\t" + 0.25 / 0.75,
            "tuned\tndcg\t384\tint8\t384\t0.375\t-0.375\t0.5",
            "tuned\tndcg\t384\tfp32\t1536\t0.75\t0.0\t1.0",
            "tuned\tspearman\t384\tfp32\t1536\t0.0\t0.0\tNULL");
  }

  @Test
  void aStrategyIsSeenWithWhatItFoundAndWhatWasLeft() {
    assertThat(
            rows(
                "SELECT strategy, candidates, negatives, queries, difficulty, median_difficulty, gap,"
                    + " shared FROM negatives_by_strategy ORDER BY strategy"))
        .containsExactly(
            "bm25\t8\t3\t2\t0.5\t0.5\t" + (0.5 + 0.25 + 0.25) / 3 + "\t2",
            "dense\t5\t0\t0\tNULL\tNULL\tNULL\t0",
            "given\tNULL\t1\t1\tNULL\tNULL\tNULL\t0");
  }

  @Test
  void aRunsGainStandsBesideItsTime() {
    // Two rows at 0.5 a second and one at 2: 4.5 seconds.
    assertThat(
            rows(
                "SELECT metric, base, tuned, gain, updates, training_seconds, gain_per_hour, tries,"
                    + " try_seconds > 0, gpu_hours, estimated_cost, trials, trial_seconds"
                    + " FROM cost_against_quality WHERE k = 10"))
        .containsExactly("ndcg\t0.5\t0.75\t0.25\t2\t4.5\t200.0\t1\ttrue\t0.0\t0.0\t2\t52.0");
  }

  @Test
  void leaksAreCountedByKind() {
    assertThat(rows("SELECT dataset, kind, found, texts, severity FROM leakage ORDER BY kind"))
        .containsExactly("law\texact\t2\t8\terror", "law\tnear\t0\tNULL\tinfo");
  }

  @Test
  void theStatusOfARunIsThatOfItsLastTry() {
    assertThat(
            rows(
                "SELECT run_id, command, attempt = '%s', status, error_code, seconds >= 0, tries,"
                        .formatted(lastOfBare)
                    + " code_version, model_digest, device, gpu_hours FROM run_status"
                    + " ORDER BY run_id"))
        .containsExactly(
            "bare\trun\ttrue\tfailed\t3\ttrue\t2\t1.0\tNULL\tcpu\t0.0",
            "full\trun\tfalse\tsucceeded\tNULL\ttrue\t1\t1.0\tNULL\tcpu\t0.0");
  }

  @Test
  void anEmptyWorkspaceHasEmptyViews(@TempDir Path empty) {
    create("sql_views_empty", empty);
    try {
      register(SmallWorkspace.in(empty));
      assertThat(SqlViews.NAMES)
          .allSatisfy(view -> assertThat(rows("SELECT * FROM " + view)).isEmpty());
      assertThat(rows("SELECT * FROM runs")).isEmpty();
    } finally {
      spark.sql("USE " + DATABASE);
      spark.sql("DROP DATABASE sql_views_empty CASCADE");
    }
  }

  @Test
  void everyFileOfTheFolderIsAView() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              SqlViews.NAMES.stream().map(name -> name + ".sql").toList());
    }
  }

  @Test
  void everyFileSaysWhichQuestionItAnswers() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      assertThat(files.filter(Files::isRegularFile))
          .allSatisfy(
              file -> assertThat(Files.readAllLines(file).get(0)).startsWith("-- ").endsWith("?"));
    }
  }
}
