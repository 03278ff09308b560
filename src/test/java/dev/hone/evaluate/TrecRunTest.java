package dev.hone.evaluate;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another system's run files, measured as trec_eval 9.0.8 measures them. */
class TrecRunTest {
  @TempDir private Path folder;
  private SmallWorkspace workspace;
  private Commit form;

  private static Object[] judgement(String query, String document, int grade) {
    return row("d", query, document, grade, "qrels");
  }

  private static Object[] document(String id) {
    return row("d", id, id, 0, null, "text of " + id);
  }

  @BeforeEach
  void publish() {
    workspace = SmallWorkspace.in(folder);
    form =
        workspace
            .step("normalize")
            .table(
                Tables.DOCUMENTS,
                document("d1"),
                document("d2"),
                document("d3"),
                document("d4"),
                document("d5"),
                document("d7"),
                document("d9"))
            .table(
                Tables.QUERIES,
                row("d", "q1", "one", "test"),
                row("d", "q2", "two", "test"),
                row("d", "q3", "three", "test"),
                row("d", "q4", "four", "test"),
                row("d", "q9", "nine", "test"))
            .table(
                Tables.JUDGEMENTS,
                judgement("q1", "d1", 3),
                judgement("q1", "d2", 2),
                judgement("q1", "d3", 1),
                judgement("q1", "d4", 0),
                judgement("q1", "d5", 2),
                judgement("q2", "d1", 1),
                judgement("q2", "d2", 1),
                judgement("q3", "d9", 0),
                judgement("q4", "d7", 1))
            .table(Tables.SCORED_PAIRS)
            .publish();
  }

  private Path runFolder() throws IOException {
    return Files.createDirectories(folder.resolve("their run"));
  }

  private Commit evaluated(Path run) throws IOException {
    RunConfig config =
        RunConfig.load(
            Files.writeString(
                folder.resolve("run.conf"),
                "hone { datasets = [ { name = d, type = ranking, source { format = beir, path = x } } ]\n evaluate { k = [3, 5], primary-metric = \"ndcg@3\", confidence-draws = 100 } }"),
            List.of());
    return new EvaluateStage(workspace.context(), form, config.evaluate(), config.datasets(), 42, 1)
        .run(TrecRun.open("theirs", run.toString(), List.of("d"), new Configuration(false)));
  }

  private HoneException failure(String name, String lines) throws IOException {
    Path file = Files.writeString(folder.resolve(name), lines);
    HoneException e = catchThrowableOfType(HoneException.class, () -> evaluated(file));
    assertThat(e.code()).isEqualTo(ErrorCode.INPUT);
    return e;
  }

  @Test
  void valuesAreTrecEvalsWhateverTheOrderOfLinesAndTheRankColumn() throws IOException {
    Path run = runFolder();
    Files.writeString(
        run.resolve("a.run"),
        "q1 Q0 d3 1 .5 x\nq2 Q0 dC 9 0.5 x\n\nq1 Q0 d4 2 .8 x\nq2 Q0 dB 1 5e-1 x\nq9 Q0 d1 1 .4 x\n");
    try (OutputStream packed =
        new GZIPOutputStream(Files.newOutputStream(run.resolve("b.run.gz")))) {
      packed.write(
          "q1 Q0 dX 3 .7 x\nq1\tQ0\td2\t4\t.9\tx\nq1 Q0 d1 5 .6 x\nq2 Q0 dA 2 .9 x\nq2 Q0 d1 3 .5 x\nq3 Q0 d9 1 .4 x\nunknown Q0 d9 1 .4 x\n"
              .getBytes(StandardCharsets.UTF_8));
    }
    Files.writeString(run.resolve("_SUCCESS"), "no line of a run");

    Commit commit = evaluated(run);

    Map<String, Double> values = new TreeMap<>();
    for (Row row :
        workspace
            .context()
            .read(commit, Tables.QUERY_METRICS)
            .filter("metric in ('ndcg', 'mrr', 'map', 'recall', 'precision', 'f1')")
            .select("query_id", "metric", "k", "value", "dim", "precision", "model")
            .collectAsList()) {
      values.put(row.getString(0) + " " + row.getString(1) + "@" + row.getInt(2), row.getDouble(3));
      assertThat(row.isNullAt(4) && row.isNullAt(5)).isTrue();
      assertThat(row.getString(6)).isEqualTo("theirs");
    }
    // q9 has no judgements; q3 and q4 count 0.
    assertThat(values).hasSize(4 * 6 * 2);
    Map<String, Double> expected =
        Map.of(
            "q1 ndcg@3",
            .3801,
            "q1 ndcg@5",
            .6463,
            "q1 map@5",
            .5250,
            "q1 recall@3",
            .25,
            "q2 ndcg@3",
            .0,
            "q2 ndcg@5",
            .2641,
            "q2 map@5",
            .1250,
            "q2 mrr@5",
            .25,
            "q3 ndcg@5",
            .0,
            "q4 ndcg@5",
            .0);
    expected.forEach(
        (name, value) -> assertThat(values.get(name)).as(name).isCloseTo(value, within(5e-5)));
  }

  @Test
  void aLineThatIsNoneIsNamedByFileAndNumber() throws IOException {
    assertThat(failure("bad.run", "q1 Q0 d1 1 .5 x\n\nq1 Q0 d2 2 high x\n"))
        .hasMessageContaining("the run theirs: file:")
        .hasMessageContaining(
            "bad.run line 3: its score, \"high\", is no number: q1 Q0 d2 2 high x");
  }

  @Test
  void aDocumentThatStandsTwiceForAQueryIsNamedWithBothPlaces() throws IOException {
    assertThat(failure("twice.run", "q1 Q0 d1 1 .5 x\nq2 Q0 d1 1 .5 x\nq1 Q0 d1 2 .4 x\n"))
        .hasMessageContaining("twice.run line 3: it holds document d1 for query q1 again, after")
        .hasMessageContaining("twice.run line 1");
  }

  @Test
  void aRunOfOtherQueriesIsAnError() throws IOException {
    assertThat(failure("other.run", "q77 Q0 d1 1 .5 x\n"))
        .hasMessageContaining("no line for a judged query of [d], split test");
  }

  @Test
  void aMissingFileIsAnErrorBeforeAnythingIsDone() {
    assertThat(
            catchThrowableOfType(
                HoneException.class,
                () ->
                    TrecRun.open(
                        "theirs", folder + "/none", List.of("d"), new Configuration(false))))
        .hasMessageContaining("Cannot read the run theirs at")
        .hasMessageContaining("there is no file");
  }
}
