package dev.hone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.pipeline.SmallWorkspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The run that is scored by all is one that trec_eval takes, and hard enough to tell them apart.
 */
class MadeRunTest {
  private static final int QUERIES = 40;
  private static final int DEPTH = 30;

  @TempDir private Path folder;

  @Test
  void resultsAreDistinctAndSomeTieAndJudgedDocumentsAreFoundOrNot() {
    var spark = SmallWorkspace.in(folder).context().spark();
    MadeRun made = new MadeRun(folder.resolve("made"), QUERIES, DEPTH, 7);
    made.write(spark);
    List<Row> run = made.run(spark).select("query_id", "doc_id", "score").collectAsList();
    List<String> found = new ArrayList<>();
    Set<String> scores =
        run.stream().map(row -> row.get(0) + " " + row.get(2)).collect(Collectors.toSet());
    run.forEach(row -> found.add(row.get(0) + " " + row.get(1)));
    assertThat(found).hasSize(QUERIES * DEPTH).doesNotHaveDuplicates();
    assertThat(scores).hasSizeLessThan(found.size());
    assertThat(run).allMatch(row -> (double) (float) row.getDouble(2) == row.getDouble(2));

    List<String> judged =
        made.judged(spark).select("query_id", "doc_id").collectAsList().stream()
            .map(row -> row.get(0) + " " + row.get(1))
            .toList();
    assertThat(judged).doesNotHaveDuplicates();
    assertThat(judged).anyMatch(found::contains).anyMatch(one -> !found.contains(one));
  }

  @Test
  void aTaskTravelsAsArguments() {
    EvaluateTask task = new EvaluateTask(folder, 3, 2, 1);
    assertThat(EvaluateTask.of(task.arguments().toArray(String[]::new))).isEqualTo(task);
  }
}
