package dev.hone.search.spark;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.config.Bm25Config;
import dev.hone.config.DocumentField;
import dev.hone.config.TextAnalysis;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.pipeline.StageContext;
import dev.hone.search.SearchUnit;
import dev.hone.store.Digests;
import dev.hone.table.Tables;
import dev.hone.torch.WordNetTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** BM25 over published shards: the same rows however documents and tasks are divided. */
class Bm25SearchTest {
  private static final Bm25Config OPTIONS =
      new Bm25Config(TextAnalysis.ENGLISH, 0.9, 0.4, List.of(DocumentField.WHOLE));
  private static final StructType QUERIES =
      StructType.fromDDL("dataset STRING, query_id STRING, text STRING");

  @TempDir private Path folder;
  private StageContext context;

  @BeforeEach
  void open() {
    context = SmallWorkspace.in(folder).context();
  }

  private static List<Object[]> glosses(String dataset, int from, int to) {
    List<String> texts = WordNetTexts.glosses(to);
    List<Object[]> rows = new ArrayList<>();
    for (int i = from; i < to; i++) {
      rows.add(document(dataset, dataset + i, dataset + i, texts.get(i)));
    }
    return rows;
  }

  private static Object[] document(String dataset, String id, String parent, String text) {
    return row(dataset, id, parent, 0, null, text, null, Digests.ofText(text));
  }

  private Dataset<Row> documents(List<Object[]> rows) {
    int width = Tables.DOCUMENTS.schema().size();
    return context
        .spark()
        .createDataFrame(
            rows.stream().map(row -> RowFactory.create(Arrays.copyOf(row, width))).toList(),
            Tables.DOCUMENTS.schema());
  }

  private Dataset<Row> queries(Object[]... rows) {
    return context
        .spark()
        .createDataFrame(Arrays.stream(rows).map(RowFactory::create).toList(), QUERIES);
  }

  private Dataset<Row> lemmas(String dataset, int count) {
    List<String> lemmas = WordNetTexts.lemmas(count);
    Object[][] rows = new Object[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = row(dataset, "q" + i, lemmas.get(i));
    }
    return queries(rows);
  }

  private List<String> search(
      SortedMap<String, ShardedIndex> indexes, Dataset<Row> queries, SearchUnit unit, int k) {
    return search(new Bm25Search(context, OPTIONS, indexes), queries, unit, k);
  }

  private static List<String> search(
      Bm25Search search, Dataset<Row> queries, SearchUnit unit, int k) {
    return search
        .search(queries, unit, k)
        .orderBy("dataset", "query_id", "rank")
        .collectAsList()
        .stream()
        .map(Row::toString)
        .toList();
  }

  private StageContext otherRun(String run) {
    return new StageContext(
        context.spark(), context.workspace(), run, context.cache(), context.codeVersion());
  }

  @Test
  void rowsAreTheSameForAnyShardsAndPartitions(@TempDir Path other) {
    List<Object[]> rows = glosses("a", 0, 900);
    rows.addAll(glosses("b", 900, 1500));
    Dataset<Row> queries = lemmas("a", 60).union(lemmas("b", 60));
    SortedMap<String, ShardedIndex> one =
        new IndexStage(context, OPTIONS).withShards(1).run(documents(rows));
    List<String> expected = search(one, queries, SearchUnit.CHUNK, 7);
    assertThat(expected).hasSizeGreaterThan(100);
    for (int shards : new int[] {3, 8}) {
      StageContext fresh = SmallWorkspace.in(other.resolve("s" + shards)).context();
      SortedMap<String, ShardedIndex> many =
          new IndexStage(fresh, OPTIONS)
              .withShards(shards)
              .run(documents(rows).repartition(shards == 3 ? 4 : 16));
      assertThat(many.get("a").shards()).hasSize(shards);
      assertThat(search(many, queries.repartition(shards), SearchUnit.CHUNK, 7))
          .isEqualTo(expected);
      long two = 2 * many.get("a").shards().stream().mapToLong(Shard::bytes).max().orElseThrow();
      assertThat(many.get("a").groups(two)).hasSize((shards + 1) / 2);
      Bm25Search byGroups = new Bm25Search(context, OPTIONS, many).withBytesOfAGroup(two);
      assertThat(search(byGroups, queries, SearchUnit.CHUNK, 7)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 4, 1",
    "131071, 4, 1",
    "262143, 4, 1",
    "262144, 4, 2",
    "1000000, 4, 4",
    "1000000, 64, 7",
    "1048577, 1, 2",
    "8800000, 2, 9",
    "8800000, 32, 32"
  })
  void thereIsAShardForEachProcessorWithinBounds(long documents, int processors, int shards) {
    assertThat(IndexStage.shardsOf(documents, processors)).isEqualTo(shards);
  }

  @Test
  void resultsOfTwoSearchesMayBeReadTogether() {
    List<Object[]> rows = glosses("a", 0, 300);
    rows.addAll(glosses("b", 300, 600));
    SortedMap<String, ShardedIndex> indexes =
        new IndexStage(context, OPTIONS).withShards(2).run(documents(rows));
    for (Bm25Search search :
        List.of(
            new Bm25Search(context, OPTIONS, indexes),
            new Bm25Search(context, OPTIONS, indexes).withBytesOfAGroup(1))) {
      Dataset<Row> ofA = search.search(lemmas("a", 20), SearchUnit.CHUNK, 5);
      Dataset<Row> ofB = search.search(lemmas("b", 20), SearchUnit.CHUNK, 5);
      List<Row> apart = new ArrayList<>(ofA.collectAsList());
      apart.addAll(ofB.collectAsList());
      assertThat(ofA.union(ofB).collectAsList())
          .isNotEmpty()
          .containsExactlyInAnyOrderElementsOf(apart);
    }
  }

  @Test
  void laterRunTakesTheIndexOfTheSameDocuments() {
    List<Object[]> rows = glosses("a", 0, 50);
    ShardedIndex first = new IndexStage(context, OPTIONS).run(documents(rows)).get("a");
    ShardedIndex again =
        new IndexStage(otherRun("later"), OPTIONS)
            .run(documents(rows).repartition(5).union(documents(glosses("b", 0, 10))))
            .get("a");
    assertThat(again.commit().attempt()).isEqualTo(first.commit().attempt());

    rows.set(7, document("a", "a7", "a7", "a sentence that is new"));
    ShardedIndex changed =
        new IndexStage(otherRun("changed"), OPTIONS).run(documents(rows)).get("a");
    assertThat(changed.commit().attempt()).isNotEqualTo(first.commit().attempt());
  }

  @Test
  void scoresHaveAnotherDigestWithOtherSettingsAndTheSameIndex() {
    SortedMap<String, ShardedIndex> indexes =
        new IndexStage(context, OPTIONS).run(documents(glosses("a", 0, 20)));
    Bm25Config other =
        new Bm25Config(TextAnalysis.ENGLISH, 1.2, 0.75, List.of(DocumentField.WHOLE));
    assertThat(
            new IndexStage(otherRun("o"), other)
                .run(documents(glosses("a", 0, 20)))
                .get("a")
                .commit())
        .isEqualTo(indexes.get("a").commit());
    assertThat(new Bm25Search(context, other, indexes).digest())
        .isNotEqualTo(new Bm25Search(context, OPTIONS, indexes).digest());
  }

  @Test
  void statisticsOfShardsAreATable() {
    SortedMap<String, ShardedIndex> indexes =
        new IndexStage(context, OPTIONS).withShards(3).run(documents(glosses("a", 0, 90)));
    Row sums =
        context
            .read(indexes.get("a").commit(), Tables.INDEX_SHARDS)
            .selectExpr("sum(documents)", "count(distinct artifact)", "min(field)")
            .first();
    assertThat(sums.toString()).isEqualTo("[90,3,whole]");
    assertThat(indexes.get("a").statistics().get(0).documents()).isEqualTo(90);
  }

  @Test
  void documentCountsByTheBestOfItsChunks() {
    List<Object[]> rows =
        List.of(
            document("d", "long#0", "long", "court fees and costs of the trial"),
            document("d", "long#1", "long", "writ writ of habeas corpus"),
            document("d", "short", "short", "a writ is an order of a court"));
    SortedMap<String, ShardedIndex> indexes =
        new IndexStage(context, OPTIONS).withShards(2).run(documents(rows));
    Dataset<Row> queries = queries(row("d", "q", "writ of habeas corpus"));
    assertThat(search(indexes, queries, SearchUnit.PARENT, 5))
        .extracting(hit -> hit.split(",")[2])
        .containsExactly("long", "short");
    assertThat(search(indexes, queries, SearchUnit.CHUNK, 5))
        .extracting(hit -> hit.split(",")[2])
        .containsExactly("long#1", "short");
  }

  @Test
  void queryWithoutTermsDataSetWithoutDocumentsAndSmallCorpusAreNoErrors() {
    SortedMap<String, ShardedIndex> indexes =
        new IndexStage(context, OPTIONS).withShards(4).run(documents(glosses("a", 0, 3)));
    Dataset<Row> queries =
        queries(
            row("a", "no terms", "of the and"),
            row("a", "empty", ""),
            row("a", "unknown", "xylophonist"),
            row("absent", "q", "entity"),
            row("a", "good", WordNetTexts.glosses(1).get(0)));
    assertThat(search(indexes, queries, SearchUnit.CHUNK, 1000))
        .isNotEmpty()
        .allMatch(hit -> hit.startsWith("[a,good,"));
    SortedMap<String, ShardedIndex> none =
        new IndexStage(context, OPTIONS).run(documents(List.of()));
    assertThat(none).isEmpty();
    assertThat(search(none, queries, SearchUnit.CHUNK, 10)).isEmpty();
  }

  @Test
  void damagedShardIsNamedAndNotSearched() throws IOException {
    ShardedIndex index =
        new IndexStage(context, OPTIONS).run(documents(glosses("a", 0, 300))).get("a");
    Path shard = Path.of(index.shards().get(0).folder());
    Path largest = largest(shard);
    byte[] content = Files.readAllBytes(largest);
    content[content.length / 2] ^= 1;
    Files.write(largest, content);

    SortedMap<String, ShardedIndex> indexes =
        new IndexStage(context, OPTIONS).run(documents(glosses("a", 0, 300)));
    assertThatThrownBy(() -> search(indexes, lemmas("a", 5), SearchUnit.CHUNK, 5))
        .hasStackTraceContaining("Cannot search the index in " + shard)
        .hasStackTraceContaining("its content is not what was published");
  }

  private static Path largest(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
          .orElseThrow();
    }
  }
}
