package dev.hone.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that a careless reader would lose, mix up or count wrongly without a word. */
class NothingIsLostTest {
  private static final String ACCEPT = ", normalize { max-reject-share = 1 }";

  @TempDir private Path folder;
  private StageContext context;

  private Commit normalize(String dataset, String more) throws IOException {
    context = Normalization.context(folder);
    return again(dataset, more);
  }

  private Commit again(String dataset, String more) throws IOException {
    return Normalization.run(
        context, folder, "hone { datasets = [ { %s } ] %s }".formatted(dataset, more));
  }

  private Path write(String name, String... lines) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, List.of(lines));
  }

  private List<String> rows(Commit commit, TableDefinition table, String... columns) {
    return Normalization.rows(context, commit, table, columns);
  }

  private static String pairs(String format, Object path) {
    return "name = d, type = pairs, source { format = %s, path = \"%s\" }".formatted(format, path);
  }

  private String ranking(String where, String... qrels) throws IOException {
    Path documents =
        write(
            "docs.jsonl",
            "{\"id\": \"d1\", \"text\": \"a text\"}",
            "{\"id\": \"d2\", \"text\": \" \"}");
    Path queries =
        write(
            "queries.jsonl",
            "{\"id\": \"q1\", \"text\": \"one\", \"lang\": \"en\"}",
            "{\"id\": \"q2\", \"text\": \"two\", \"lang\": \"de\"}");
    return """
        name = d, type = ranking, where = "%s"
        documents { format = json, path = "%s" }
        queries { format = json, path = "%s" }
        qrels { format = csv, path = "%s" }
        """
        .formatted(where, documents, queries, write("qrels.csv", qrels));
  }

  @Test
  void recordsThatAnOpenQuoteSwallowsAreNoTextOfAnother() throws IOException {
    List<String> lines = new ArrayList<>(List.of("anchor,positive"));
    for (int i = 0; i < 60; i++) {
      lines.add("question %d,%sanswer %d".formatted(i, i == 10 ? "\"" : "", i));
    }
    Path file = write("quote.csv", lines.toArray(String[]::new));

    Commit commit = normalize(pairs("csv", file), ACCEPT);

    assertThat(rows(commit, Tables.DOCUMENTS, "doc_id")).hasSize(10);
    assertThat(rows(commit, Tables.REJECTS, "position", "reason"))
        .containsExactly(
            "record 11 | the record cannot be parsed; where a quote in it is not closed, nor can"
                + " what follows it");
  }

  @Test
  void textOfManyLinesIsNoOpenQuote() throws IOException {
    String poem = "\"a line,\nanother line\na third, a fourth,\nfive\nsix,\nseven\neight\"";
    Path file = write("poem.csv", "anchor,positive", "a," + poem);

    assertThat(rows(normalize(pairs("csv", file), ""), Tables.REJECTS, "reason")).isEmpty();
  }

  @Test
  void filesWithAnotherOrderOfColumnsAreNotMixedUp() throws IOException {
    write("csv/1.csv", "anchor,positive", "ask one,reply one");
    write("csv/2.csv", "positive,anchor", "reply two,ask two");

    assertThatThrownBy(() -> normalize(pairs("csv", folder + "/csv/*.csv"), ""))
        .isInstanceOfSatisfying(
            HoneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT))
        .hasMessageContaining("header");
  }

  @Test
  void pathsOfSplitsMayHaveHeadersOfTheirOwn() throws IOException {
    Path train = write("train.csv", "anchor,positive", "ask one,reply one");
    Path test = write("test.csv", "positive,anchor", "reply two,ask two");

    Commit commit =
        normalize(
            "name = d, type = pairs, source { format = csv, paths { train = \"%s\", test = \"%s\" } }"
                .formatted(train, test),
            "");

    assertThat(rows(commit, Tables.QUERIES, "text")).containsExactly("ask one", "ask two");
  }

  @Test
  void headerWithoutANameIsNoObstacle() throws IOException {
    Path file = write("index.csv", ",anchor,positive", "0,a,p", "1,b,q");

    assertThat(rows(normalize(pairs("csv", file), ""), Tables.DOCUMENTS, "text"))
        .containsExactly("p", "q");
  }

  @Test
  void beirJudgementsWithoutAHeaderAreAllReadAndOtherFilesAreNot() throws IOException {
    write("beir/corpus.jsonl", "{\"_id\": \"d1\", \"text\": \"a text\"}");
    write("beir/corpus.jsonl.bak", "{\"_id\": \"d9\", \"text\": \"old\"}");
    write(
        "beir/queries.jsonl",
        "{\"_id\": \"q0\", \"text\": \"x\"}",
        "{\"_id\": \"q1\", \"text\": \"y\"}");
    write("beir/qrels/test.tsv", "q0\td1\t1", "q1\td1\t2");

    Commit commit =
        normalize(
            "name = d, type = ranking, source { format = beir, path = \"%s/beir\" }"
                .formatted(folder),
            "");

    assertThat(rows(commit, Tables.JUDGEMENTS, "query_id", "grade"))
        .containsExactly("q0 | 1", "q1 | 2");
    assertThat(rows(commit, Tables.DOCUMENTS, "doc_id")).containsExactly("d1");
  }

  @Test
  void openCommentTakesNoDocumentWithIt() throws IOException {
    Path documents =
        write(
            "docs.sgml",
            "<DOC><DOCNO>1</DOCNO><TEXT>one</TEXT></DOC>",
            "<!-- begin of part two",
            "<DOC><DOCNO>2</DOCNO><TEXT>if (a <!--b) <!-- closed --> end</TEXT></DOC>",
            "<DOC><DOCNO>3</DOCNO><TEXT>three</TEXT></DOC>");
    String dataset =
        """
        name = d, type = ranking
        documents { format = trec, path = "%s" }
        queries { format = json, path = "%s" }
        qrels { format = trec, path = "%s" }
        """
            .formatted(
                documents,
                write("q.jsonl", "{\"id\": \"q\", \"text\": \"one\"}"),
                write("qrels.txt", "q 0 1 1"));

    Commit commit = normalize(dataset, ACCEPT);

    assertThat(rows(commit, Tables.DOCUMENTS, "doc_id")).containsExactly("1", "2", "3");
    assertThat(rows(commit, Tables.REJECTS, "record"))
        .hasSize(1)
        .allMatch(record -> record.contains("begin of part two"));
  }

  @Test
  void filesOfOneNameInSeveralFoldersAreAllLookedAtForChanges() throws IOException {
    write("gl/a/x.csv", "anchor,positive", "ask,OLD");
    write("gl/b/x.csv", "anchor,positive", "other,same");
    String dataset = pairs("csv", folder + "/gl/*/x.csv");
    normalize(dataset, "");

    write("gl/a/x.csv", "anchor,positive", "ask,NEW");

    assertThatThrownBy(() -> again(dataset, ""))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("the data differ");
  }

  @Test
  void sharesOfRejectsAreThoseOfEachSource() throws IOException {
    String dataset = ranking("", "query_id,doc_id,grade", "q1,gone,1");

    assertThatThrownBy(() -> normalize(dataset, ", normalize { max-reject-share = 0.6 }"))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("1 of 1 records of qrels were refused")
        .hasMessageNotContaining("records of documents");
  }

  @Test
  void shareOfRejectsCountsRowsNotTheirTexts() throws IOException {
    Path file =
        write(
            "hard.jsonl",
            "{\"query\": \"a\", \"positive\": \"\", \"negatives\": [\"1\", \"2\", \"3\", \"4\"]}",
            "{\"query\": \"b\", \"positive\": \"p\", \"negatives\": [\"5\", \"6\", \"7\", \"8\"]}");

    assertThatThrownBy(
            () ->
                normalize(
                    "name = d, type = hard-negatives, source { format = json, path = \"%s\" }"
                        .formatted(file),
                    ", normalize { max-reject-share = 0.4 }"))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("1 of 2 records were refused");
  }

  @Test
  void whatWhereLeavesOutIsNoReject() throws IOException {
    String dataset =
        ranking("lang = 'en'", "query_id,doc_id,grade", "q1,d1,1", "q2,d1,1", "q1,d2,1");

    Commit commit = normalize(dataset, ACCEPT);

    assertThat(rows(commit, Tables.QUERIES, "query_id")).containsExactly("q1");
    assertThat(rows(commit, Tables.REJECTS, "reason"))
        .containsExactly("its query or its document is refused", "text is empty");
  }

  @Test
  void splitOfARankingSetMayComeFromAnyColumnOfItsQueries() throws IOException {
    String dataset = ranking("", "query_id,doc_id,grade", "q1,d1,1", "q2,d1,1");

    Commit commit = normalize(dataset + "\nsplit { by = lang }", ACCEPT);

    assertThat(rows(commit, Tables.QUERIES, "split")).doesNotContain("none").hasSize(2);
    assertThatThrownBy(() -> normalize(dataset + "\nsplit { by = nowhere }", ACCEPT))
        .isInstanceOfSatisfying(
            HoneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessageContaining("nowhere");
  }

  @Test
  void documentWithoutARoomForItsTextStaysWhole() throws IOException {
    String title = "a long title of many words ".repeat(12);
    Path documents =
        write("long.jsonl", "{\"id\": \"x\", \"title\": \"" + title + "\", \"text\": \"\"}");
    String dataset =
        """
        name = d, type = ranking
        documents { format = json, path = "%s" }
        queries { format = json, path = "%s" }
        qrels { format = csv, path = "%s" }
        """
            .formatted(
                documents,
                write("q.jsonl", "{\"id\": \"q\", \"text\": \"one\"}"),
                write("qrels.csv", "query_id,doc_id,grade", "q,x,1"));

    Commit commit = normalize(dataset, ", normalize { chunk-tokens = 32 }");

    assertThat(rows(commit, Tables.DOCUMENTS, "parent_id")).containsExactly("x");
    assertThat(rows(commit, Tables.JUDGEMENTS, "doc_id"))
        .isEqualTo(rows(commit, Tables.DOCUMENTS, "doc_id"));
  }

  @Test
  void blankIdsAreNoneAndRepeatedOnesAreCounted() throws IOException {
    Path file =
        write(
            "ids.jsonl",
            "{\"id\": \"1\", \"anchor\": \"a\", \"positive\": \"p\"}",
            "{\"id\": \" 1 \", \"anchor\": \"b\", \"positive\": \"q\"}",
            "{\"id\": \"\", \"anchor\": \"c\", \"positive\": \"r\"}",
            "{\"id\": \" \", \"anchor\": \"d\", \"positive\": \"s\"}");

    Commit commit = normalize(pairs("json", file) + ", columns { id = id }", "");

    assertThat(rows(commit, Tables.QUERIES, "text", "conflict"))
        .containsExactly("a | true", "c | false", "d | false");
    assertThat(
            context.read(commit, Tables.AUDIT).filter("check = 'repeated-id'").first().getLong(4))
        .isEqualTo(1);
  }

  @Test
  void aSourcesOwnGroupColumnMakesNoIntents() throws IOException {
    Path file = write("g.jsonl", "{\"anchor\": \"a\", \"answer\": \"p\", \"group\": \"g\"}");

    assertThatThrownBy(() -> normalize(pairs("json", file), ""))
        .isInstanceOfSatisfying(
            HoneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessageContaining("no column positive");
  }

  @Test
  void wordsThatNameNoSplitAreAWarning() throws IOException {
    Path file =
        write(
            "s.jsonl",
            "{\"anchor\": \"a\", \"positive\": \"p\", \"part\": \"train\"}",
            "{\"anchor\": \"b\", \"positive\": \"q\", \"part\": \"tst\"}");

    Commit commit = normalize(pairs("json", file) + ", split { column = part }", "");

    assertThat(rows(commit, Tables.AUDIT, "split", "check", "severity"))
        .contains("none | queries | warning", "train | queries | info");
  }

  @Test
  void answersOfASetThatIsNotTrainedOnAreLookedForInTraining() throws IOException {
    Path train = write("tr.jsonl", "{\"anchor\": \"a\", \"positive\": \"shared answer\"}");
    Path test = write("ev.jsonl", "{\"anchor\": \"b\", \"positive\": \"shared answer\"}");

    Commit commit =
        normalize(
            pairs("json", train)
                + ", split { train = 1, validation = 0, test = 0 } }, { name = ev, train-on = false,"
                + " type = pairs, source { format = json, path = \"%s\" }, split { train = 0,"
                    .formatted(test)
                + " validation = 0, test = 1 }",
            "");

    assertThat(
            context
                .read(commit, Tables.AUDIT)
                .filter("check = 'leakage' and dataset = 'ev'")
                .first()
                .getLong(4))
        .isEqualTo(1);
  }

  @Test
  void archivesOfOtherKindsAreRefusedByName() throws IOException {
    Path file = write("a.tar.bz2", "no archive");

    assertThatThrownBy(() -> normalize(pairs("json", file), ""))
        .isInstanceOfSatisfying(
            HoneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessageContaining("a.tar.bz2");
  }

  @Test
  void emptyFileIsAnErrorOfTheInput() throws IOException {
    Path file = Files.createFile(folder.resolve("empty.csv"));

    assertThatThrownBy(() -> normalize(pairs("csv", file), ""))
        .isInstanceOfSatisfying(
            HoneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT))
        .hasMessageContaining("empty.csv");
  }

  @Test
  void invisibleTextIsNoText() throws IOException {
    Path file = write("z.jsonl", "{\"anchor\": \"a\", \"positive\": \"\u200B\uFEFF\"}");

    assertThat(rows(normalize(pairs("json", file), ACCEPT), Tables.REJECTS, "reason"))
        .containsExactly("positive is empty");
  }
}
