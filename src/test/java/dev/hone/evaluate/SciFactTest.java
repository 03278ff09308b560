package dev.hone.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hone.config.RunConfig;
import dev.hone.normalize.Normalization;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.pipeline.StageContext;
import dev.hone.search.spark.Bm25Search;
import dev.hone.search.spark.IndexStage;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * SciFact from its files to its metrics: Lucene over the normalized documents, asked the training
 * queries, reaches what Lucene reaches over the original files.
 */
@EnabledIfEnvironmentVariable(
    named = "HONE_DATA",
    matches = ".+",
    disabledReason = "HONE_DATA names no folder that holds scifact/")
class SciFactTest {
  @TempDir private static Path folder;
  private static StageContext context;
  private static Commit evaluation;

  @BeforeAll
  static void evaluate() {
    context = SmallWorkspace.in(folder).context();
    RunConfig config =
        RunConfig.load(Path.of("conf/data/scifact.conf"), List.of("evaluate.split=train"));
    Commit form = Normalization.run(context, config);
    evaluation =
        new EvaluateStage(context, form, config.evaluate(), config.datasets(), 42, 1)
            .run(bm25(context, form, config));
  }

  private static Bm25Search bm25(StageContext context, Commit form, RunConfig config) {
    return new Bm25Search(
        context,
        config.bm25(),
        new IndexStage(context, config.bm25()).run(context.read(form, Tables.DOCUMENTS)));
  }

  private static Row metric(String name, int k) {
    return context
        .read(evaluation, Tables.RUN_METRICS)
        .filter("dataset = 'scifact' and metric = '%s' and k = %d".formatted(name, k))
        .select("value", "query_count")
        .first();
  }

  @Test
  void ndcgIsThatOfLuceneOverTheOriginalFiles() {
    assertThat(metric("ndcg", 10).getDouble(0)).isCloseTo(0.6974, within(0.0005));
    assertThat(metric("ndcg", 10).getLong(1)).isEqualTo(809);
  }

  @Test
  void recallIsThatOfLuceneOverTheOriginalFiles() {
    assertThat(metric("recall", 100).getDouble(0)).isCloseTo(0.9289, within(0.0005));
  }
}
