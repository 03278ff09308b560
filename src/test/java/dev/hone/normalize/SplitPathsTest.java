package dev.hone.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Splits that lie at paths of their own, for each kind of source. */
class SplitPathsTest {
  @TempDir private Path folder;
  private StageContext context;

  private RunConfig config(String dataset) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("run.conf"),
            "hone { datasets = [ { name = d, %s } ], normalize { max-reject-share = 1 } }"
                .formatted(dataset.replace("FOLDER", folder.toString())));
    return RunConfig.load(file, List.of());
  }

  private Commit normalize(String dataset) throws IOException {
    RunConfig config = config(dataset);
    context = Normalization.context(folder);
    return Normalization.run(context, config);
  }

  private void write(String name, String... lines) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, List.of(lines));
  }

  private List<String> rows(Commit commit, TableDefinition table, String... columns) {
    return Normalization.rows(context, commit, table, columns);
  }

  @Test
  void rowsBelongToTheSplitOfTheirPath() throws IOException {
    write("train/1.csv", "anchor,positive", "a,x", "b,y", "c,z");
    write("train/2.csv", "anchor,positive", "d,x", ",x");
    write("dev.csv", "anchor,positive", "e,y", "b,z");
    write("test.csv", "anchor,positive", "f,z", "c,x", ",y");

    Commit commit =
        normalize(
            """
            type = pairs, source {
              format = csv
              paths { train = "FOLDER/train/*.csv", validation = "FOLDER/dev.csv", test = "FOLDER/test.csv" }
            }
            """);

    assertThat(rows(commit, Tables.QUERIES, "text", "split"))
        .as("a query of two paths belongs to the stricter split")
        .containsExactly(
            "a | train", "b | validation", "c | test", "d | train", "e | validation", "f | test");
    assertThat(rows(commit, Tables.JUDGEMENTS, "query_id")).hasSize(8);
    assertThat(rows(commit, Tables.REJECTS, "source", "position"))
        .containsExactly("2.csv | record 2", "test.csv | record 3");
  }

  @Test
  void columnsAreThoseOfAllPathsTogether() throws IOException {
    write("train.jsonl", "{\"text_a\": \"a\", \"text_b\": \"b\", \"score\": 1}");
    write("test.jsonl", "{\"text_a\": \"c\", \"text_b\": \"d\", \"score\": 2.5, \"id\": \"p1\"}");

    Commit commit =
        normalize(
            """
            type = scored, columns { id = id }, source {
              format = json, paths { train = "FOLDER/train.jsonl", test = "FOLDER/test.jsonl" }
            }
            """);

    assertThat(rows(commit, Tables.SCORED_PAIRS, "text_a", "score", "split", "pair_id = 'p1'"))
        .containsExactly("a | 1.0 | train | false", "c | 2.5 | test | true");
  }

  @Test
  void parquetIsReadFromPathsTooAndUtterancesOfAnIntentStayInTheirs() throws IOException {
    write("train.jsonl", said("one"), said("two"));
    write("test.jsonl", said("three"), said("four"));
    for (String split : List.of("train", "test")) {
      SmallWorkspace.spark()
          .read()
          .json(folder.resolve(split + ".jsonl").toString())
          .write()
          .parquet(folder.resolve(split).toString());
    }

    Commit commit =
        normalize(
            """
            type = pairs, columns { group = intent }, source {
              format = parquet, paths { train = "FOLDER/train", test = "FOLDER/test" }
            }
            """);

    assertThat(rows(commit, Tables.QUERIES, "text", "split"))
        .containsExactly("four | test", "one | train", "three | test", "two | train");
    assertThat(
            context
                .read(commit, Tables.JUDGEMENTS)
                .join(
                    context.read(commit, Tables.QUERIES).selectExpr("query_id", "text as query"),
                    "query_id")
                .join(context.read(commit, Tables.DOCUMENTS), "doc_id")
                .selectExpr("concat(query, ' ', text)")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0)))
        .containsExactlyInAnyOrder("one two", "two one", "three four", "four three");
  }

  private static String said(String text) {
    return "{\"anchor\": \"%s\", \"intent\": \"greet\"}".formatted(text);
  }

  private static final String RANKING =
      """
      type = ranking
      documents { format = csv, path = "FOLDER/docs.csv" }
      queries { format = csv, %s }
      qrels { format = csv, %s }
      """;

  private void writeRanking() throws IOException {
    write("docs.csv", "id,text", "d1,text one", "d2,text two");
    write("queries-train.csv", "id,text", "1,one", "2,two");
    write("queries-test.csv", "id,text", "3,three", "4,four");
    write("qrels-train.csv", "query_id,doc_id,grade", "1,d1,1", "2,d1,1", "3,d1,1");
    write("qrels-test.csv", "query_id,doc_id,grade", "2,d2,1");
  }

  private static String paths(String name) {
    return "paths { train = \"FOLDER/%s-train.csv\", test = \"FOLDER/%s-test.csv\" }"
        .formatted(name, name);
  }

  private static String all(String name) {
    return "path = \"FOLDER/%s-*.csv\"".formatted(name);
  }

  @Test
  void queriesOfARankingDataSetBelongToTheSplitOfTheirPath() throws IOException {
    writeRanking();

    Commit commit = normalize(RANKING.formatted(paths("queries"), all("qrels")));

    assertThat(rows(commit, Tables.QUERIES, "query_id", "split"))
        .containsExactly("1 | train", "2 | train", "3 | test", "4 | test");
  }

  @Test
  void judgementsOfARankingDataSetSayTheSplitOfTheirQueries() throws IOException {
    writeRanking();

    Commit commit = normalize(RANKING.formatted(all("queries"), paths("qrels")));

    assertThat(rows(commit, Tables.QUERIES, "query_id", "split"))
        .containsExactly("1 | train", "2 | test", "3 | train", "4 | none");
  }

  @Test
  void whereBothSayASplitTheStricterHolds() throws IOException {
    writeRanking();

    Commit commit = normalize(RANKING.formatted(paths("queries"), paths("qrels")));

    assertThat(rows(commit, Tables.QUERIES, "query_id", "split"))
        .containsExactly("1 | train", "2 | test", "3 | test", "4 | test");
    assertThat(rows(commit, Tables.JUDGEMENTS, "query_id", "doc_id"))
        .containsExactly("1 | d1", "2 | d1", "2 | d2", "3 | d1");
  }

  private HoneException refused(String dataset) {
    return catchThrowableOfType(HoneException.class, () -> normalize(dataset));
  }

  private static final String PAIRS =
      """
      type = pairs, source {
        format = csv, paths { train = "FOLDER/%s", test = "FOLDER/%s" }
      }
      """;

  @Test
  void pathThatIsNotThereIsNamed() throws IOException {
    write("train.csv", "anchor,positive", "a,x");

    HoneException failure = refused(PAIRS.formatted("train.csv", "tset.csv"));

    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT);
    assertThat(failure).hasMessageContaining("data set d, source").hasMessageContaining("tset.csv");
  }

  @Test
  void fileOfTwoSplitsIsRefused() throws IOException {
    write("train.csv", "anchor,positive", "a,x");
    write("test.csv", "anchor,positive", "b,x");

    HoneException failure = refused(PAIRS.formatted("*.csv", "test.csv"));

    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT);
    assertThat(failure).hasMessageContaining("/test.csv belongs to paths.test and to paths.train");
  }

  @Test
  void changeInAnyFileAndSwappedPathsAreOtherData() throws IOException {
    write("train.csv", "anchor,positive", "a,x");
    write("test.csv", "anchor,positive", "b,x");
    String before = digest("train.csv", "test.csv");

    assertThat(digest("train.csv", "test.csv")).isEqualTo(before);
    assertThat(digest("test.csv", "train.csv")).isNotEqualTo(before);
    write("test.csv", "anchor,positive", "b,y");
    assertThat(digest("train.csv", "test.csv")).isNotEqualTo(before);
  }

  private String digest(String train, String test) throws IOException {
    RunConfig config = config(PAIRS.formatted(train, test));
    return NormalizeStage.spec(
            config.datasets(),
            config.normalize(),
            Normalization.tokenizer(),
            SmallWorkspace.spark().sparkContext().hadoopConfiguration())
        .digest();
  }
}
