package dev.hone.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in every state of repair: what is kept, what is refused, and what the message says. */
class DamagedSourcesTest {
  private static final String ACCEPT = "normalize { max-reject-share = 1 }";

  @TempDir private Path folder;
  private StageContext context;

  /** A data set of pairs; {@code more} follows the source's path, and may end the source. */
  private Commit normalize(String format, String path, String more) throws IOException {
    return normalizeAs(
        "name = d, type = pairs, source { format = %s, path = \"%s\" %s }"
            .formatted(format, path, more));
  }

  private Commit normalizeAs(String dataset) throws IOException {
    context = Normalization.context(folder);
    return Normalization.run(
        context, folder, "hone { datasets = [ { %s } ], %s }".formatted(dataset, ACCEPT));
  }

  private HoneException failure(String format, String path, String more) {
    HoneException failure =
        catchThrowableOfType(HoneException.class, () -> normalize(format, path, more));
    assertThat(failure).as("a failure that a user can act on").isNotNull();
    assertThat(context.workspace().runIds()).isEmpty();
    return failure;
  }

  private Path bytes(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private Path lines(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  private static String pair(String anchor, String positive) {
    return "{\"anchor\": \"%s\", \"positive\": \"%s\"}".formatted(anchor, positive);
  }

  private static byte[] cut(byte[] content) {
    return Arrays.copyOf(content, content.length / 2);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static String manyPairs() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      text.append(pair("question " + i * 7919, "answer " + i * 104_729)).append('\n');
    }
    return text.toString();
  }

  private List<String> rows(Commit commit, TableDefinition table, String... columns) {
    return Normalization.rows(context, commit, table, columns);
  }

  private List<String> documents(Commit commit) {
    return rows(commit, Tables.DOCUMENTS, "text");
  }

  private List<String> rejects(Commit commit) {
    return rows(commit, Tables.REJECTS, "position", "reason");
  }

  @Test
  void truncatedGzipIsAnErrorThatNamesTheFile() throws IOException {
    Path json = bytes("cut.jsonl.gz", cut(gzip(manyPairs())));
    Path csv = bytes("cut.csv.gz", cut(gzip("anchor,positive\n" + manyPairs())));

    for (HoneException failure :
        List.of(
            failure(
                "json",
                json.toString(),
                ", options { schema = \"anchor string, positive string\" }"),
            failure("json", json.toString(), ""),
            failure("csv", csv.toString(), ""))) {
      assertThat(failure.code()).isEqualTo(ErrorCode.INPUT);
      assertThat(failure).hasMessageContaining("data set d").hasMessageContaining("cut.");
    }
  }

  @Test
  void truncatedParquetIsAnErrorThatNamesTheFile() throws IOException {
    Path whole = folder.resolve("whole");
    SmallWorkspace.spark()
        .sql("select 'a' as anchor, 'p' as positive")
        .coalesce(1)
        .write()
        .parquet(whole.toString());
    byte[] content;
    try (var files = Files.list(whole)) {
      content =
          Files.readAllBytes(
              files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow());
    }
    Path file = bytes("cut.parquet", cut(content));

    HoneException failure = failure("parquet", file.toString(), "");

    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT);
    assertThat(failure).hasMessageContaining("cut.parquet");
  }

  @Test
  void textInAnotherEncodingIsRefusedUntilTheEncodingIsNamed() throws IOException {
    byte[] csv =
        "anchor,positive\ncafé,coffee\ntea,thé\nmilk,lait\n".getBytes(StandardCharsets.ISO_8859_1);
    byte[] json =
        (pair("café", "x") + "\n" + pair("plain", "lait") + "\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    Path csvFile = bytes("latin.csv", csv);
    Path jsonFile = bytes("latin.jsonl", json);

    Commit asUtf8 = normalize("csv", csvFile.toString(), "");
    assertThat(documents(asUtf8)).containsExactly("lait");
    assertThat(rejects(asUtf8))
        .hasSize(2)
        .allMatch(reject -> reject.contains("not valid UTF-8") && reject.contains("encoding"));
    Commit named = normalize("csv", csvFile.toString(), ", options { encoding = ISO-8859-1 }");
    assertThat(documents(named)).containsExactly("coffee", "lait", "thé");
    assertThat(rejects(named)).isEmpty();

    Commit jsonAsUtf8 = normalize("json", jsonFile.toString(), "");
    assertThat(documents(jsonAsUtf8)).containsExactly("lait");
    assertThat(rejects(jsonAsUtf8)).hasSize(1);
    assertThat(
            rows(
                normalize("json", jsonFile.toString(), ", options { encoding = ISO-8859-1 }"),
                Tables.QUERIES,
                "text"))
        .containsExactly("café", "plain");
  }

  @Test
  void fewUndecodedCharactersStayAndAreCounted() throws IOException {
    String text = "The nuclear factor \uFFFDB in a mouse model. " + "It was measured. ".repeat(20);
    Path file = lines("few.jsonl", pair("a", text), pair("b", "plain"), pair("c", "\uFFFD x"));

    Commit commit = normalize("json", file.toString(), "");

    assertThat(documents(commit)).containsExactly(text.strip(), "plain");
    assertThat(rejects(commit)).hasSize(1).allMatch(reject -> reject.contains("one in 200"));
    assertThat(context.read(commit, Tables.AUDIT).filter("check = 'undecoded'").first().getLong(4))
        .isEqualTo(1);
  }

  @Test
  void halfALineOfJsonIsARejectAndTheOthersStay() throws IOException {
    Path file = folder.resolve("half.jsonl");
    Files.writeString(
        file, pair("a", "p") + "\n" + pair("b", "q") + "\n{\"anchor\": \"c\", \"posi");

    Commit commit = normalize("json", file.toString(), "");

    assertThat(documents(commit)).containsExactly("p", "q");
    assertThat(rejects(commit)).containsExactly("record 3 | the record cannot be parsed");
  }

  @Test
  void brokenRecordIsARejectWhereNestedArraysAreExploded() throws IOException {
    Path file = lines("nested.jsonl", "{\"qas\": [" + pair("a", "p") + "]}", "{\"qas\": [");

    Commit commit =
        normalize(
            "json",
            file.toString(),
            ", explode = [ \"explode(qas) as qa\" ] },"
                + " columns { anchor = qa.anchor, positive = qa.positive");

    assertThat(documents(commit)).containsExactly("p");
    assertThat(rejects(commit)).containsExactly("record 2 | the record cannot be parsed");
  }

  @Test
  void jsonThatIsNoObjectIsAReject() throws IOException {
    Path file = lines("odd.jsonl", pair("a", "p"), "42", "\"text\"", "null", pair("b", "q"));

    Commit commit = normalize("json", file.toString(), "");

    assertThat(documents(commit)).containsExactly("p", "q");
    assertThat(rejects(commit)).hasSize(3);
  }

  @Test
  void whatIsNotThereOrEmptyOrClosedIsAnErrorOfTheInput() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path nothing = lines("nothing.jsonl");

    assertThat(failure("json", folder + "/gone.jsonl", "").code()).isEqualTo(ErrorCode.INPUT);
    assertThat(failure("json", folder + "/*.gone", "").code()).isEqualTo(ErrorCode.INPUT);
    for (Path path : List.of(empty, nothing)) {
      HoneException failure =
          failure(
              "json", path.toString(), ", options { schema = \"anchor string, positive string\" }");
      assertThat(failure.code()).isEqualTo(ErrorCode.INPUT);
      assertThat(failure).hasMessageContaining("data set d");
    }
  }

  @Test
  void expressionThatFailsOnARowNamesItselfAndTheDataSet() throws IOException {
    Path file =
        lines("n.jsonl", "{\"anchor\": \"a\", \"n\": \"1\"}", "{\"anchor\": \"b\", \"n\": \"x\"}");

    HoneException failure =
        failure(
            "json", file.toString(), "}, columns { positive = \"cast(cast(n as int) as string)\"");

    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT);
    assertThat(failure).hasMessageContaining("data set d").hasMessageContaining("try_cast");
  }

  @Test
  void columnThatIsNotThereIsAnErrorOfTheConfiguration() throws IOException {
    Path file = lines("c.jsonl", pair("a", "p"));

    HoneException missing = failure("json", file.toString(), "}, columns { positive = answer");
    HoneException invalid = failure("json", file.toString(), "}, columns { positive = \"trim(\"");

    assertThat(missing.code()).isEqualTo(ErrorCode.CONFIGURATION);
    assertThat(missing).hasMessageContaining("answer");
    assertThat(invalid.code()).isEqualTo(ErrorCode.CONFIGURATION);
  }

  @Test
  void judgementsWithTooFewOrTooManyFieldsAreRejects() throws IOException {
    Files.createDirectory(folder.resolve("qrels"));
    lines("corpus.jsonl", "{\"_id\": \"d\", \"title\": \"\", \"text\": \"a text\"}");
    lines("queries.jsonl", "{\"_id\": \"q\", \"text\": \"a query\"}");
    lines(
        "qrels/test.tsv",
        "query-id\tcorpus-id\tscore",
        "q\td\t1",
        "q\td",
        "q\tQ0\td\t1\textra",
        "q\td\thigh");

    Commit commit =
        normalizeAs(
            "name = d, type = ranking, source { format = beir, path = \"%s\" }".formatted(folder));

    assertThat(rows(commit, Tables.JUDGEMENTS, "query_id", "doc_id", "grade"))
        .containsExactly("q | d | 1");
    assertThat(rejects(commit))
        .hasSize(3)
        .anyMatch(reject -> reject.startsWith("record 3 | "))
        .anyMatch(reject -> reject.startsWith("record 4 | "))
        .contains("record 5 | grade high is no integer");
  }

  @Test
  void rowsOfCsvWithTooFewOrTooManyFieldsAreRejectsAndShiftNothing() throws IOException {
    Path file = lines("rows.csv", "anchor,positive", "a,p", "b", "c,r,more", "e,s");

    Commit commit = normalize("csv", file.toString(), "");

    assertThat(documents(commit)).containsExactly("p", "s");
    assertThat(rejects(commit)).hasSize(2);
  }

  @Test
  void byteOrderMarkIsNoPartOfTheFirstColumnsName() throws IOException {
    Path csv = folder.resolve("bom.csv");
    Files.writeString(csv, "\uFEFFanchor,positive\na,p\n");
    Path json = folder.resolve("bom.jsonl");
    Files.writeString(json, "\uFEFF" + pair("a", "p") + "\n" + pair("b", "q") + "\n");

    assertThat(documents(normalize("csv", csv.toString(), ""))).containsExactly("p");
    assertThat(documents(normalize("json", json.toString(), ""))).containsExactly("p", "q");
  }

  @Test
  void entitiesOfXmlAreNeverExpandedNorReadFromFiles() throws IOException {
    Path secret = lines("secret.txt", "a secret");
    StringBuilder bomb = new StringBuilder("<?xml version=\"1.0\"?>\n<!DOCTYPE rows [\n");
    bomb.append("<!ENTITY e0 \"ha\">\n");
    for (int i = 1; i < 30; i++) {
      bomb.append(
          "<!ENTITY e%d \"&e%d;&e%d;&e%d;&e%d;\">\n".formatted(i, i - 1, i - 1, i - 1, i - 1));
    }
    bomb.append("<!ENTITY file SYSTEM \"file://").append(secret).append("\">\n]>\n<rows>\n");
    bomb.append("<row><anchor>a</anchor><positive>p</positive></row>\n");
    bomb.append("<row><anchor>b</anchor><positive>&e29;</positive></row>\n");
    bomb.append("<row><anchor>c</anchor><positive>&file;</positive></row>\n</rows>\n");
    Path file = folder.resolve("bomb.xml");
    Files.writeString(file, bomb.toString());

    Commit commit = normalize("xml", file.toString(), ", options { rowTag = row }");

    assertThat(documents(commit)).containsExactly("p");
    assertThat(rejects(commit)).hasSize(2).noneMatch(reject -> reject.contains("secret"));
  }

  @Test
  void xmlThatIsNotWellFormedIsARejectThatSaysWhatIsLostWithIt() throws IOException {
    Path file =
        lines(
            "broken.xml",
            "<rows>",
            "<row><anchor>a</anchor><positive>p</positive></row>",
            "<row><anchor>b</anchor><positive>q</wrong></row>",
            "<row><anchor>c</anchor><positive>r</positive></row>",
            "</rows>");

    Commit commit = normalize("xml", file.toString(), ", options { rowTag = row }");

    assertThat(documents(commit)).containsExactly("p");
    assertThat(rejects(commit))
        .containsExactly(
            "record 2 | the record cannot be parsed, nor can what follows it in its file");
  }

  @Test
  void controlCharactersAreNoPartOfATextAndOneAloneIsNone() throws IOException {
    Path file = lines("control.jsonl", pair("a\\u0000b", "p\\u0007\\tq"), pair("c", "\\u0000"));

    Commit commit = normalize("json", file.toString(), "");

    assertThat(rows(commit, Tables.QUERIES, "text")).containsExactly("a b");
    assertThat(documents(commit)).containsExactly("p q");
    assertThat(rejects(commit)).containsExactly("record 2 | positive is empty");
  }
}
