package dev.hone.evaluate;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.config.RunConfig;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.search.spark.Bm25Search;
import dev.hone.search.spark.IndexStage;
import dev.hone.store.Commit;
import dev.hone.store.Digests;
import dev.hone.table.Columns;
import dev.hone.table.Headline;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one model's evaluation publishes: three documents, one query, two dimensions, by hand. */
class EvaluateStageTest {
  @TempDir private Path folder;
  private SmallWorkspace workspace;
  private Commit form;
  private Commit vectors;

  private static Object[] document(String id, String text) {
    return row("d", id, id, 0, null, text);
  }

  private static Object[] vector(String role, String text, float... values) {
    return row(role, Digests.ofText(text), new Float[] {values[0], values[1]}, false);
  }

  @BeforeEach
  void publish() {
    workspace = SmallWorkspace.in(folder);
    form =
        workspace
            .step("normalize")
            .table(
                Tables.DOCUMENTS,
                document("a", "text a"),
                document("b", "text b"),
                document("c", "query"))
            .table(Tables.QUERIES, row("d", "q", "query", "test"))
            .table(Tables.JUDGEMENTS, row("d", "q", "a", 1, "qrels"))
            .table(Tables.SCORED_PAIRS)
            .publish();
    vectors =
        workspace
            .step("vectors")
            .table(
                Tables.VECTORS,
                vector("document", "text a", 0, 1),
                vector("document", "text b", 1, 0),
                vector("document", "query", -0.8f, 0.6f),
                vector("query", "query", 0.6f, 0.8f))
            .publish(Map.of("unit-length", "true"), Map.of());
  }

  private RunConfig config(String settings) throws IOException {
    return RunConfig.load(
        Files.writeString(
            folder.resolve("run.conf"),
            "hone { datasets = [ { name = d, type = ranking, source { format = beir, path = x } } ]\n evaluate { confidence-draws = 100, %s } }"
                .formatted(settings)),
        List.of());
  }

  private EvaluateStage stage(String runId, RunConfig config) {
    return new EvaluateStage(
        workspace.run(runId).context(), form, config.evaluate(), config.datasets(), 42, 1);
  }

  private Commit evaluated(String runId, String settings, Integer... dims) throws IOException {
    return stage(runId, config(settings)).run(new MeasuredModel("base", vectors, List.of(dims)));
  }

  private Dataset<Row> read(Commit commit, TableDefinition table) {
    return workspace.context().read(commit, table);
  }

  private static List<String> lines(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(row -> row.mkString(" ")).toList();
  }

  @Test
  void everyFormOfTheVectorsIsARowAndTheWholeOnesAreTheHeadline() throws IOException {
    Commit commit = evaluated("a", "k = [10], precisions = [binary]", 2, 1);

    // In 2 dimensions a, .8, is first. Its bits are those of c, which stands first of the two by
    // trec_eval's order. In 1 dimension b is first; by bits a and c are level again.
    List<String> expected =
        List.of("2 fp32 1.0", "2 binary 0.5", "1 fp32 0.5", "1 binary 0.3333333333333333");
    assertThat(
            lines(
                read(commit, Tables.QUERY_METRICS)
                    .filter("metric = 'mrr'")
                    .select("dim", "precision", "value")))
        .containsExactlyInAnyOrderElementsOf(expected);
    Dataset<Row> means = read(commit, Tables.RUN_METRICS).filter("metric = 'mrr'");
    assertThat(lines(means.filter("dataset = 'd'").select("dim", "precision", "value")))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(lines(means.filter("dataset = '*'").select("dim", "precision", "value")))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(lines(Headline.of(means).select("dataset", "dim", "precision", "value")))
        .containsExactlyInAnyOrder("d 2 fp32 1.0", "* 2 fp32 1.0");
    assertThat(lines(read(commit, Tables.RANKINGS).orderBy("rank").select("doc_id", "rank")))
        .containsExactly("a 1", "b 2", "c 3");
  }

  @Test
  void whatElseIsMeasuredChangesNoModelsEvaluation() throws IOException {
    Commit first = evaluated("a", "k = [10]", 2);

    assertThat(evaluated("b", "k = [10], baselines = [bm25]", 2)).isEqualTo(first);
    assertThat(evaluated("c", "k = [10]", 2, 1).digest()).isNotEqualTo(first.digest());
    assertThat(evaluated("d", "k = [10], precisions = [int8]", 2).digest())
        .isNotEqualTo(first.digest());
  }

  @Test
  void aDocumentWithTheQuerysTextIsLeftOutWhereThatIsAsked() throws IOException {
    Commit commit = evaluated("a", "k = [10], exclude-identical = true, precisions = [binary]", 2);

    assertThat(lines(read(commit, Tables.RANKINGS).orderBy("rank").select("doc_id", "rank")))
        .containsExactly("a 1", "b 2");
    assertThat(lines(read(commit, Tables.QUERY_METRICS).select("retrieved_count").distinct()))
        .containsExactly("2");
  }

  @Test
  void hybridFusesRanksAndItsRunFileScoresTheSameWhenItIsRead() throws IOException {
    RunConfig config = config("k = [1, 10], write-runs = true, baselines = [hybrid]");
    Bm25Search search =
        new Bm25Search(
            workspace.context(),
            config.bm25(),
            new IndexStage(workspace.context(), config.bm25()).run(read(form, Tables.DOCUMENTS)));

    Commit hybrid = stage("a", config).run(search, new MeasuredModel("base", vectors, List.of(2)));

    // BM25 finds c alone; the model's order is a, b, c.
    Path written = workspace.context().localCopy(hybrid, EvaluateStage.RUNS);
    assertThat(Files.readAllLines(written.resolve("hybrid/d.run")))
        .containsExactly(
            "q Q0 c 1 " + (1 / 61.0 + 1 / 63.0) + " hybrid",
            "q Q0 a 2 " + 1 / 61.0 + " hybrid",
            "q Q0 b 3 " + 1 / 62.0 + " hybrid");
    Commit again =
        stage("a", config)
            .run(
                TrecRun.open("again", written + "/hybrid", List.of("d"), new Configuration(false)));
    String[] columns = {"query_id", "dim", "precision", "metric", "k", "value"};
    assertThat(lines(read(again, Tables.QUERY_METRICS).select(Columns.of(columns))))
        .hasSizeGreaterThanOrEqualTo(12)
        .containsExactlyInAnyOrderElementsOf(
            lines(read(hybrid, Tables.QUERY_METRICS).select(Columns.of(columns))));
  }
}
