package dev.hone.evaluate;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.config.RunConfig;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.search.spark.Bm25Search;
import dev.hone.search.spark.IndexStage;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rankings and metrics of documents that were cut into chunks. */
class ChunkedEvaluationTest {
  @TempDir private Path folder;

  private static Object[] chunk(String id, String parent, int chunk, String text) {
    return row("d", id, parent, chunk, null, text, "law", "hash of " + id);
  }

  @Test
  void documentCountsOnceByItsBestChunk() throws Exception {
    SmallWorkspace workspace = SmallWorkspace.in(folder);
    Commit form =
        workspace
            .step("normalize")
            .table(
                Tables.DOCUMENTS,
                chunk("long#0", "long", 0, "court fees and costs of the trial"),
                chunk("long#1", "long", 1, "writ writ of habeas corpus"),
                chunk("short", "short", 0, "a writ is an order of a court"),
                chunk("other", "other", 0, "a contract of sale"))
            .table(Tables.QUERIES, row("d", "q", "writ of habeas corpus", "test", "law", "h"))
            .table(
                Tables.JUDGEMENTS,
                row("d", "q", "long#0", 2, "qrels"),
                row("d", "q", "long#1", 2, "qrels"),
                row("d", "q", "other", 1, "qrels"))
            .table(Tables.SCORED_PAIRS)
            .publish();
    Path file =
        Files.writeString(
            folder.resolve("run.conf"),
            "hone { datasets = [ { name = d, type = ranking, source { format = beir, path = x } } ],"
                + " evaluate { k = [1, 10] } }");
    RunConfig config = RunConfig.load(file, List.of());

    Commit evaluation =
        new EvaluateStage(workspace.context(), form, config.evaluate(), config.datasets(), 42, 1)
            .run(
                new Bm25Search(
                    workspace.context(),
                    config.bm25(),
                    new IndexStage(workspace.context(), config.bm25())
                        .run(workspace.context().read(form, Tables.DOCUMENTS))));

    assertThat(
            workspace
                .context()
                .read(evaluation, Tables.RANKINGS)
                .orderBy("rank")
                .select("doc_id", "rank")
                .collectAsList()
                .stream()
                .map(hit -> hit.getString(0) + " " + hit.getInt(1)))
        .containsExactly("long 1", "short 2");
    assertThat(
            workspace
                .context()
                .read(evaluation, Tables.QUERY_METRICS)
                .filter("k = 10 and metric in ('recall', 'mrr')")
                .orderBy("metric")
                .select("value", "relevant_count", "retrieved_count")
                .collectAsList()
                .stream()
                .map(value -> value.mkString(" ")))
        .containsExactly("1.0 2 2", "0.5 2 2");
  }
}
