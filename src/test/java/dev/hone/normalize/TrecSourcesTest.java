package dev.hone.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents, topics and judgements as TREC and older collections write them. */
class TrecSourcesTest {
  private static final String DOCUMENTS =
      """
      <DOC>
      <DOCNO> AP-1 </DOCNO>
      <HEADLINE><P>Wings &amp; slipstreams</P></HEADLINE>
      <DATE>today</DATE>
      <TEXT>
      <P>The first paragraph,
      <P>the second, 1 < 2 and <F P=102>marked</F>.
      <!-- not <TEXT> at all -->
      </TEXT>
      </DOC>
      <doc><docno>AP-2</docno><Odd><Odder>nested</Odder> content</Odd></doc>
      """;
  private static final String TOPICS =
      """
      <top>
      <num> Number: 301
      <title> International Organized Crime

      <desc> Description:
      Identify organizations.

      <narr> Narrative:
      A relevant document names them.
      </top>

      <top>
      <num>302</num>
      <title>Is the disease of Poliomyelitis under control?</title>
      </top>
      """;
  private static final String QRELS = "301 0 AP-1 2\n302 0  AP-2\t1\n";

  @TempDir private Path folder;

  /** What a run made of its sources. */
  private record Normal(StageContext context, Commit commit) {
    List<String> rows(TableDefinition table, String... columns) {
      return Normalization.rows(context, commit, table, columns);
    }

    List<String> documents() {
      return rows(Tables.DOCUMENTS, "doc_id", "title", "text");
    }

    List<String> queries() {
      return rows(Tables.QUERIES, "query_id", "text");
    }

    List<String> judgements() {
      return rows(Tables.JUDGEMENTS, "query_id", "doc_id", "grade");
    }

    List<String> rejects() {
      return rows(Tables.REJECTS, "source", "position", "reason", "record");
    }
  }

  @BeforeEach
  void writeWholeFiles() throws IOException {
    file("docs/ap.sgml", DOCUMENTS);
    file("topics.txt", TOPICS);
    file("qrels.txt", QRELS);
  }

  private Path file(String name, String text) throws IOException {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private Path file(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  private static byte[] gzip(String text, Charset encoding) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(encoding));
    }
    return bytes.toByteArray();
  }

  private Normal normalize() throws IOException {
    return normalize("", "", "");
  }

  /** What is added to a source's settings may change its path too. */
  private Normal normalize(String documents, String queries, String qrels) throws IOException {
    String config =
        """
        hone {
          normalize { max-reject-share = 1 }
          datasets = [ { name = d, type = ranking
            documents = { format = trec, path = "%1$s/docs" } { %2$s }
            queries = { format = trec, path = "%1$s/topics.txt" } { %3$s }
            qrels = { format = trec, path = "%1$s/qrels.txt" } { %4$s }
          } ]
        }
        """
            .formatted(folder, documents, queries, qrels);
    StageContext context = Normalization.context(folder);
    return new Normal(context, Normalization.run(context, folder, config));
  }

  private HoneException failure(String documents, String queries, String qrels) {
    HoneException failure =
        catchThrowableOfType(HoneException.class, () -> normalize(documents, queries, qrels));
    assertThat(failure).as("a failure that a user can act on").isNotNull();
    return failure;
  }

  @Test
  void sgmlDocumentsTopicsAndJudgementsBecomeARanking() throws IOException {
    Normal normal = normalize();

    assertThat(normal.documents())
        .containsExactly(
            "AP-1 | Wings & slipstreams | The first paragraph, the second, 1 < 2 and marked .",
            "AP-2 | null | nested content");
    assertThat(normal.queries())
        .containsExactly(
            "301 | International Organized Crime",
            "302 | Is the disease of Poliomyelitis under control?");
    assertThat(normal.judgements()).containsExactly("301 | AP-1 | 2", "302 | AP-2 | 1");
    assertThat(normal.rejects()).isEmpty();
  }

  @Test
  void columnsAreExpressionsOverAllFieldsOfARecord() throws IOException {
    Normal normal =
        normalize(
            "columns { title = \"fields['date']\", text = \"concat(fields['f'], ' ', position)\" }",
            "columns { text = \"concat_ws(' ', title, description, narrative)\" }",
            "columns { grade = \"cast(iteration as int) + 3\" }, path = " + folder + "/qrels.txt");

    assertThat(normal.documents()).contains("AP-1 | today | marked 1");
    assertThat(normal.queries())
        .contains(
            "301 | International Organized Crime Identify organizations. A relevant document names"
                + " them.");
    assertThat(normal.judgements()).containsExactly("301 | AP-1 | 3");
    assertThat(normal.rejects())
        .contains("ap.sgml | record 2 | text is empty | {\"doc_id\":\"AP-2\",\"text\":\"\"}");
  }

  @Test
  void taggedFilesOfOldCollectionsAreKnownByTheirFirstLine() throws IOException {
    file(
        "docs/ap.sgml",
        """
        .I 1
        .T
        a wing in a
        slipstream .
        .A
        brenckman,m.
        .B
        j. ae. scs.
        .W
        an experiment
        .5 of it
        .I 2
        .T
        only a title
        .N
        CA58
        """);
    file("topics.txt", "\uFEFF\n.I 001\n.W\nwhat similarity\nlaws .\n.I 004\n.W\nwhat problems\n");
    file("qrels.txt", "1 0 1 1\n2 0 2 1\n");

    Normal normal = normalize("", "columns { id = position }", "");

    assertThat(normal.documents())
        .containsExactly(
            "1 | a wing in a slipstream . | an experiment .5 of it", "2 | only a title | ");
    assertThat(normal.queries()).containsExactly("1 | what similarity laws .", "2 | what problems");
    assertThat(normal.judgements()).containsExactly("1 | 1 | 1", "2 | 2 | 1");
    assertThat(
            normalize("columns { text = \"concat(authors, source, fields['w'])\" }", "", "")
                .documents())
        .contains("1 | a wing in a slipstream . | brenckman,m.j. ae. scs.an experiment .5 of it");
  }

  @Test
  void manyCompressedFilesBelowAFolderAreReadEachFromItsFirstRecord() throws IOException {
    Files.delete(folder.resolve("docs/ap.sgml"));
    StringBuilder qrels = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      String text =
          "<DOC><DOCNO>A%d</DOCNO>one</DOC>\n<DOC><DOCNO>B%d</DOCNO></DOC>".formatted(i, i);
      file("docs/part " + i % 3 + "/" + i + ".gz", gzip(text, StandardCharsets.UTF_8));
      qrels.append("301 0 A").append(i).append(" 1\n");
    }
    file("docs/_SUCCESS", "no data");
    file("qrels.txt", qrels.toString());

    Normal normal = normalize();

    assertThat(normal.documents()).hasSize(20).allMatch(row -> row.startsWith("A"));
    assertThat(normal.rejects())
        .hasSize(20)
        .allMatch(row -> row.contains(".gz | record 2 | text is empty | "));
    assertThat(normalize("path = \"" + folder + "/docs/part 1/1*.gz\"", "", "").documents())
        .extracting(row -> row.substring(0, row.indexOf(' ')))
        .containsExactly("A1", "A10", "A13", "A16", "A19");
  }

  @Test
  void encodingIsUtf8UnlessItIsNamed() throws IOException {
    String latin = "<DOC><DOCNO>1</DOCNO>caf\u00E9</DOC><DOC><DOCNO>2</DOCNO>tea</DOC>";
    file("docs/ap.sgml", latin.getBytes(StandardCharsets.ISO_8859_1));
    file("qrels.txt", "301 0 2 1\n");

    Normal unnamed = normalize();
    Normal named = normalize("options { encoding = ISO-8859-1 }", "", "");

    assertThat(unnamed.documents()).containsExactly("2 | null | tea");
    assertThat(unnamed.rejects())
        .singleElement()
        .asString()
        .startsWith("ap.sgml | record 1 | text is not valid UTF-8");
    assertThat(named.documents()).containsExactly("1 | null | caf\u00E9", "2 | null | tea");
  }

  @Test
  void whatIsNoWholeRecordIsARejectThatShowsItsBeginning() throws IOException {
    file(
        "docs/ap.sgml",
        """
        <DOC><DOCNO>1</DOCNO>whole</DOC>
        <DOC><TEXT>without an id</TEXT></DOC>
        <DOC><DOCNO>3</DOCNO>without an end
        <DOC><DOCNO>4</DOCNO>whole too</DOC>
        <DOCNO>5</DOCNO>without a beginning</DOC>
        <DOC><DOCNO>6</DOCNO>cut o""");
    file("topics.txt", TOPICS + "<top>\n<num> Number: 303\n<title> cut");
    file("qrels.txt", "301 0 1 1\n301 4 1\n\n302 0 4 1 surplus\n302 0 4 high\n");

    Normal normal = normalize();

    String brokenReason =
        "the record has no beginning or no end: it is cut off, or a tag of it is missing";
    String lineReason = "the line has not four fields: query_id, iteration, doc_id, grade";
    assertThat(normal.documents()).containsExactly("1 | null | whole", "4 | null | whole too");
    assertThat(normal.judgements()).containsExactly("301 | 1 | 1");
    assertThat(normal.rejects())
        .containsExactlyInAnyOrder(
            "ap.sgml | record 2 | doc_id is missing | {\"text\":\"without an id\"}",
            "ap.sgml | record 3 | " + brokenReason + " | <doc><DOCNO>3</DOCNO>without an end\n",
            "ap.sgml | record 5 | " + brokenReason + " | <DOCNO>5</DOCNO>without a beginning</DOC>",
            "ap.sgml | record 6 | " + brokenReason + " | <doc><DOCNO>6</DOCNO>cut o",
            "topics.txt | record 3 | " + brokenReason + " | <top>\n<num> Number: 303\n<title> cut",
            "qrels.txt | record 2 | " + lineReason + " | 301 4 1",
            "qrels.txt | record 3 | " + lineReason + " | 302 0 4 1 surplus",
            "qrels.txt | record 4 | grade high is no integer | "
                + "{\"query_id\":\"302\",\"doc_id\":\"4\",\"written\":\"high\"}");
  }

  @Test
  void fileOfAnotherFormIsAnErrorThatNamesItAndWhatIsExpected() throws IOException {
    Path json = file("other/a.jsonl", "{\"id\": 1}");
    Path three = file("three.txt", "1 184 2\n1 29 2\n");
    String path = "path = \"%s\"";

    HoneException documents = failure(path.formatted(json), "", "");
    HoneException topics = failure(path.formatted(folder + "/topics.txt"), "", "");
    HoneException queries = failure("", path.formatted(json), "");
    HoneException qrels = failure("", "", path.formatted(three));

    assertThat(List.of(documents, topics, queries, qrels))
        .allMatch(failure -> failure.code() == ErrorCode.INPUT);
    assertThat(documents).hasMessageContaining("other/a.jsonl").hasMessageContaining("<DOCNO>");
    assertThat(topics).hasMessageContaining("topics.txt").hasMessageContaining("<DOCNO>");
    assertThat(queries).hasMessageContaining("other/a.jsonl").hasMessageContaining("<num>");
    assertThat(qrels).hasMessageContaining("three.txt").hasMessageContaining("split()");
  }

  @Test
  void truncatedGzipIsAnErrorThatNamesTheFile() throws IOException {
    byte[] whole = gzip(DOCUMENTS.repeat(500), StandardCharsets.UTF_8);
    Path cut = file("cut/ap.gz", Arrays.copyOf(whole, whole.length / 2));

    HoneException failure = failure("path = \"" + cut + "\"", "", "");

    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT);
    assertThat(failure).hasMessageContaining("cut/ap.gz").hasMessageContaining("cut off");
  }

  @Test
  void wrongSettingsAreErrorsThatSayWhatIsRight() throws IOException {
    HoneException option = failure("options { header = true }", "", "");
    HoneException encoding = failure("options { encoding = latin-33 }", "", "");
    HoneException nothing = failure("path = \"" + folder + "/gone\"", "", "");
    HoneException column = failure("columns { text = body }", "", "");
    Path rows =
        Files.writeString(
            folder.resolve("rows.conf"),
            "hone { datasets = [ { name = d, type = ranking, source { format = trec, path = x } } ] }");
    HoneException wholeFolder =
        catchThrowableOfType(HoneException.class, () -> RunConfig.load(rows, List.of()));

    assertThat(List.of(option, encoding, column, wholeFolder))
        .allMatch(failure -> failure.code() == ErrorCode.CONFIGURATION);
    assertThat(nothing.code()).isEqualTo(ErrorCode.INPUT);
    assertThat(option).hasMessageContaining("header").hasMessageContaining("encoding");
    assertThat(encoding).hasMessageContaining("latin-33").hasMessageContaining("ISO-8859-1");
    assertThat(column).hasMessageContaining("body");
    assertThat(wholeFolder).hasMessageContaining("trec").hasMessageContaining("qrels");
  }
}
