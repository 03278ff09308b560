package dev.hone.search.spark;

import static org.apache.spark.sql.functions.rand;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hone.config.RunConfig;
import dev.hone.metric.Judgements;
import dev.hone.metric.Metric;
import dev.hone.metric.MetricOptions;
import dev.hone.metric.Ranking;
import dev.hone.metric.RankingMetrics;
import dev.hone.metric.ScoredDocument;
import dev.hone.normalize.Normalization;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.pipeline.StageContext;
import dev.hone.search.SearchUnit;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** BM25 over real corpora: published numbers, and the same rows from 1, 3 and 8 shards. */
@EnabledIfEnvironmentVariable(
    named = "HONE_DATA",
    matches = ".+",
    disabledReason = "HONE_DATA names no folder of data sets")
class ShardsOfDataSetsIT {
  private static final int DEPTH = 100;

  @TempDir private Path folder;

  private record Form(StageContext context, RunConfig config, Commit commit) {
    Dataset<Row> documents() {
      return context.read(commit, Tables.DOCUMENTS);
    }

    Dataset<Row> queries() {
      return context.read(commit, Tables.QUERIES);
    }
  }

  private Form form(String configuration, String fields) throws IOException {
    StageContext context = SmallWorkspace.in(folder.resolve("form")).context();
    Path file = Files.writeString(folder.resolve("run.conf"), configuration);
    RunConfig config = RunConfig.load(file, List.of("bm25.fields=" + fields));
    return new Form(context, config, Normalization.run(context, config));
  }

  private static String configuration(String dataset) throws IOException {
    return Files.readString(Path.of("conf/data/" + dataset + ".conf"));
  }

  private static List<Row> search(Form form, int shards, Dataset<Row> documents, int limit) {
    StageContext context =
        new StageContext(
            form.context().spark(),
            SmallWorkspace.in(Path.of(form.context().workspace().uri(), "shards" + shards))
                .context()
                .workspace(),
            "shards" + shards,
            form.context().cache(),
            "test");
    var indexes = new IndexStage(context, form.config().bm25()).withShards(shards).run(documents);
    long largest =
        indexes.values().stream()
            .flatMap(index -> index.shards().stream())
            .mapToLong(Shard::bytes)
            .max()
            .orElseThrow();
    return new Bm25Search(context, form.config().bm25(), indexes)
        .withBytesOfAGroup(shards > 3 ? 3 * largest : Long.MAX_VALUE)
        .search(form.queries().orderBy("query_id").limit(limit), SearchUnit.CHUNK, DEPTH)
        .orderBy("dataset", "query_id", "rank")
        .collectAsList();
  }

  @ParameterizedTest
  @MethodSource("dev.hone.normalize.Normalization#dataSetsWithDocuments")
  void rowsAreTheSameForAnyShards(String dataset) throws IOException {
    Form form = form(configuration(dataset), "[whole]");
    List<Row> expected = search(form, 1, form.documents(), 300);
    assertThat(expected).isNotEmpty();
    for (int shards : new int[] {3, 8}) {
      Dataset<Row> shuffled = form.documents().orderBy(rand(shards)).repartition(5);
      assertThat(search(form, shards, shuffled, 300)).isEqualTo(expected);
    }
  }

  @Test
  void numbersOfSciFactAreThosePublished() throws IOException {
    List<RankingMetrics> metrics = metrics(form(configuration("scifact"), "[whole]"));
    assertThat(metrics).hasSize(809);
    assertThat(mean(metrics, Metric.NDCG, 10)).isCloseTo(.6974, within(.0005));
    assertThat(mean(metrics, Metric.RECALL, 100)).isCloseTo(.9289, within(.0005));
  }

  /** Its texts begin with their titles, which must not count twice. */
  @Test
  void numberOfCranfieldIsThatOfPlainLucene() throws IOException {
    List<RankingMetrics> metrics = metrics(form(configuration("cranfield"), "[text]"));
    assertThat(metrics).hasSize(225);
    assertThat(mean(metrics, Metric.NDCG, 10)).isCloseTo(.4835, within(.0005));
  }

  /** With the number of each passage as its title; 27 numbers stand twice. */
  @Test
  void numberOfObliQaIsThatOfPlainLucene() throws IOException {
    String titled =
        configuration("obliqa").replace("text = Passage }", "title = PassageID, text = Passage }");
    List<RankingMetrics> metrics = metrics(form(titled, "[whole]"));
    assertThat(metrics).hasSize(2788);
    assertThat(mean(metrics, Metric.NDCG, 10)).isCloseTo(.6636, within(.002));
  }

  /** Every judged document of grade 1 or more is relevant alike. */
  private static List<RankingMetrics> metrics(Form form) {
    Map<String, Map<String, Integer>> judged = new HashMap<>();
    for (Row row :
        form.context()
            .read(form.commit(), Tables.JUDGEMENTS)
            .filter("grade > 0")
            .select("query_id", "doc_id")
            .collectAsList()) {
      judged.computeIfAbsent(row.getString(0), id -> new HashMap<>()).put(row.getString(1), 1);
    }
    Map<String, List<ScoredDocument>> found = new HashMap<>();
    for (Row row : search(form, 3, form.documents(), Integer.MAX_VALUE)) {
      found
          .computeIfAbsent(row.getString(1), id -> new ArrayList<>())
          .add(new ScoredDocument(row.getString(2), row.getDouble(4)));
    }
    return judged.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
        .map(
            query ->
                RankingMetrics.of(
                    Ranking.of(query.getKey(), found.getOrDefault(query.getKey(), List.of())),
                    new Judgements(query.getValue()),
                    MetricOptions.DEFAULT))
        .toList();
  }

  private static double mean(List<RankingMetrics> metrics, Metric metric, int k) {
    return metrics.stream().mapToDouble(one -> one.at(metric, k)).average().orElseThrow();
  }
}
