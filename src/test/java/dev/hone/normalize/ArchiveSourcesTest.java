package dev.hone.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
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
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** XML and JSON files that are read where they lie, in tar archives. */
class ArchiveSourcesTest {
  private static final String PAIR = "<pair><anchor>%s</anchor><positive>%s</positive></pair>";
  private static final String ROWS = ", options { rowTag = pair }";
  private static final SortedMap<String, String> MEMBERS =
      new TreeMap<>(
          Map.of(
              "part 1/one.xml", rows("a", "p") + "\n",
              "part 1/two+2%.xml", "<x><y>" + rows("b", "q &amp; &lt;r&gt;") + "</y></x>",
              "../../three.xml", rows("c", "s")));

  @TempDir private Path folder;

  /** What a run made of its sources. */
  private record Normal(StageContext context, Commit commit) {
    List<String> rows(TableDefinition table, String... columns) {
      return Normalization.rows(context, commit, table, columns);
    }

    List<String> documents() {
      return rows(Tables.DOCUMENTS, "text");
    }

    List<String> rejects() {
      return rows(Tables.REJECTS, "source", "position", "reason");
    }
  }

  private static String rows(String... values) {
    StringBuilder rows = new StringBuilder("<rows>");
    for (int i = 0; i < values.length; i += 2) {
      rows.append(PAIR.formatted(values[i], values[i + 1]));
    }
    return rows.append("</rows>").toString();
  }

  private static byte[] tar(Map<String, String> members) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      tar.putArchiveEntry(new TarArchiveEntry("part 1/"));
      tar.closeArchiveEntry();
      for (Map.Entry<String, String> member : members.entrySet()) {
        byte[] content = member.getValue().getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(member.getKey(), true);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    }
    return bytes.toByteArray();
  }

  /** A data set of pairs; {@code more} follows the source's path, and may end the source. */
  private Normal normalize(String format, String name, byte[] archive, String more)
      throws IOException {
    Path path = Files.write(folder.resolve(name), archive);
    StageContext context = Normalization.context(folder);
    return new Normal(
        context,
        Normalization.run(
            context,
            folder,
            """
            hone {
              normalize { max-reject-share = 1 }
              datasets = [ { name = d, type = pairs, source { format = %s, path = "%s" %s } } ]
            }
            """
                .formatted(format, path, more)));
  }

  private HoneException failure(String format, String name, byte[] archive, String more) {
    HoneException failure =
        catchThrowableOfType(HoneException.class, () -> normalize(format, name, archive, more));
    assertThat(failure).as("a failure that a user can act on").isNotNull();
    return failure;
  }

  @Test
  void elementsOfAllMembersAreRowsWhateverTheArchiveIsCalled() throws IOException {
    byte[] tar = tar(MEMBERS);

    Normal plain = normalize("xml", "a.tar", tar, ROWS);
    assertThat(plain.documents()).containsExactly("p", "q & <r>", "s");
    assertThat(plain.rows(Tables.QUERIES, "text")).containsExactly("a", "b", "c");
    assertThat(plain.rejects()).isEmpty();
    assertThat(plain.rows(Tables.DOCUMENTS, "source"))
        .containsExactly("part 1", "part 1", "three.xml");
    assertThat(normalize("xml", "a.tar.gz", gzip(tar), ROWS).documents())
        .isEqualTo(plain.documents());
    assertThat(normalize("xml", "a.TGZ", gzip(tar), ROWS).documents()).isEqualTo(plain.documents());
  }

  @Test
  void attributesAndNestedElementsAreColumnsAsInFiles() throws IOException {
    String member =
        """
        <?xml version="1.0" encoding="ISO-8859-1"?>
        <d:all xmlns:d="urn:d"><doc no="1 &quot;one&quot;">
          <qa><q kind="k">a</q><a><![CDATA[p <1>]]></a></qa><qa><q>b</q><a>q</a></qa>
        </doc></d:all>
        """;

    Normal normal =
        normalize(
            "xml",
            "a.tar",
            tar(Map.of("m.xml", member, "n.xml", "<doc><qa></doc>")),
            ", options { rowTag = doc }, explode = [ \"explode(qa) as one\" ] },"
                + " columns { anchor = \"concat(_no, one.q._VALUE)\", positive = one.a");

    assertThat(normal.rows(Tables.QUERIES, "text")).containsExactly("1 \"one\"a", "1 \"one\"b");
    assertThat(normal.documents()).containsExactly("p <1>", "q");
    assertThat(normal.rejects()).singleElement().asString().startsWith("a.tar!n.xml | record 1 | ");
  }

  @Test
  void brokenMemberIsARejectWithItsNameAndTheOthersStay() throws IOException {
    SortedMap<String, String> members = new TreeMap<>(MEMBERS);
    members.put("part 1/two+2%.xml", rows("b", "q", "c", "r</wrong>", "d", "s"));
    members.put("part 1/readme.txt", "no XML");
    members.put("part 1/._one.xml", "hidden");

    Normal normal = normalize("xml", "a.tar.gz", gzip(tar(members)), ROWS);
    Normal chosen =
        normalize(
            "xml",
            "a.tar.gz",
            gzip(tar(members)),
            ", options { rowTag = pair, pathGlobFilter = \"*.xml\" }");

    String reason =
        "the record cannot be parsed; where the file is not well-formed, nor can what follows it";
    assertThat(normal.documents()).containsExactly("p", "q", "s");
    assertThat(normal.rejects())
        .containsExactly(
            "a.tar.gz!part 1/readme.txt | record 1 | " + reason,
            "a.tar.gz!part 1/two+2%.xml | record 2 | " + reason);
    assertThat(normal.rows(Tables.REJECTS, "record"))
        .anyMatch(record -> record.startsWith("<pair><anchor>c</anchor><positive>r"));
    assertThat(chosen.rejects()).hasSize(1);
  }

  @Test
  void entitiesAreNeverExpandedNorReadFromFiles() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret.txt"), "a secret");
    StringBuilder bomb = new StringBuilder("<!DOCTYPE rows [\n<!ENTITY e0 \"ha\">\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("<!ENTITY e%d \"&e%d;&e%d;&e%d;\">\n".formatted(i, i - 1, i - 1, i - 1));
    }
    bomb.append("<!ENTITY file SYSTEM \"file://").append(secret).append("\">\n]>\n");
    bomb.append(rows("a", "p", "b", "&e29;", "c", "&file;"));

    Normal normal = normalize("xml", "a.tar", tar(Map.of("m.xml", bomb.toString())), ROWS);

    assertThat(normal.documents()).containsExactly("p");
    assertThat(normal.rows(Tables.REJECTS, "record"))
        .hasSize(2)
        .noneMatch(record -> record.contains("secret") || record.contains("haha"));
  }

  @Test
  void truncatedArchiveIsAnErrorThatNamesItWhereverItIsCut() throws IOException {
    byte[] tar = tar(MEMBERS);
    byte[] gzip = gzip(tar);
    int record = 512;
    int end = 3 * 2 * record + record; // a header and a block for each member, and the folder's

    for (int cut : List.of(record + record + 20, 3 * record, end - record - 100, end)) {
      HoneException failure = failure("xml", "cut.tar", Arrays.copyOf(tar, cut), ROWS);
      assertThat(failure.code()).isEqualTo(ErrorCode.INPUT);
      assertThat(failure).hasMessageContaining("cut.tar").hasMessageContaining("cut off");
    }
    HoneException failure =
        failure("xml", "cut.tar.gz", Arrays.copyOf(gzip, gzip.length - 30), ROWS);
    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT);
    assertThat(failure).hasMessageContaining("cut.tar.gz").hasMessageContaining("cut off");
  }

  @Test
  void fileThatIsNoArchiveIsAnErrorThatNamesIt() {
    byte[] text = "no archive ".repeat(200).getBytes(StandardCharsets.UTF_8);

    HoneException failure = failure("xml", "text.tar", text, ROWS);

    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT);
    assertThat(failure).hasMessageContaining("text.tar");
  }

  @Test
  void jsonIsReadByLinesOrAsWholeMembers() throws IOException {
    String first = "{\"anchor\": \"a\", \"positive\": \"p\"}";
    String second = "{\"anchor\": \"b\", \"positive\": \"q\"}";
    byte[] lines =
        tar(new TreeMap<>(Map.of("1.jsonl", first + "\n\n" + second, "2.jsonl", "{\"anch\n42")));
    byte[] whole =
        tar(
            new TreeMap<>(
                Map.of(
                    "1.json",
                    "[" + first + ",\n" + second + "]",
                    "2.json",
                    "{\n\"anchor\": \"c\", \"positive\": \"r\"\n}",
                    "3.json",
                    "[]",
                    "4.json",
                    "[" + first + ", {\"anch")));

    Normal byLines = normalize("json", "lines.tgz", gzip(lines), "");
    Normal byMembers = normalize("json", "whole.tar", whole, ", options { multiLine = true }");

    assertThat(byLines.documents()).containsExactly("p", "q");
    assertThat(byLines.rejects())
        .containsExactly(
            "lines.tgz!2.jsonl | record 1 | the record cannot be parsed",
            "lines.tgz!2.jsonl | record 2 | the record cannot be parsed");
    assertThat(byMembers.documents()).containsExactly("p", "q", "r");
    assertThat(byMembers.rejects())
        .containsExactly("whole.tar!4.json | record 1 | the record cannot be parsed");
  }

  @Test
  void wrongSettingsAreErrorsOfTheConfiguration() throws IOException {
    byte[] tar = tar(MEMBERS);

    HoneException csv = failure("csv", "a.tar.gz", gzip(tar), "");
    HoneException noTag = failure("xml", "a.tar", tar, "");

    assertThat(List.of(csv, noTag)).allMatch(failure -> failure.code() == ErrorCode.CONFIGURATION);
    assertThat(csv).hasMessageContaining("csv").hasMessageContaining("Unpack");
    assertThat(noTag).hasMessageContaining("rowTag");
  }
}
