package dev.hone.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What normalize makes of texts where it is asked to: HTML, chunks, duplicates; and its audit. */
class NormalizeOptionsTest {
  @TempDir private Path folder;
  private StageContext context;

  private Commit normalize(String datasets, String options) throws IOException {
    context = Normalization.context(folder);
    return Normalization.run(
        context,
        folder,
        "hone { datasets = [ %s ]\nnormalize { %s } }".formatted(datasets, options));
  }

  private Path write(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  /** A BEIR folder of four documents, two queries and their judgements. */
  private String beir(String[] documents, String[] queries, String... judgements)
      throws IOException {
    Files.createDirectories(folder.resolve("qrels"));
    write("corpus.jsonl", documents);
    write("queries.jsonl", queries);
    String[] lines = new String[judgements.length + 1];
    lines[0] = "query-id\tcorpus-id\tscore";
    for (int i = 0; i < judgements.length; i++) {
      lines[i + 1] = judgements[i].replace(' ', '\t');
    }
    write("qrels/train.tsv", lines);
    return "{ name = b, type = ranking, source { format = beir, path = \"%s\" } }"
        .formatted(folder);
  }

  private static String document(String id, String text) {
    return "{\"_id\": \"%s\", \"title\": \"\", \"text\": \"%s\"}".formatted(id, text);
  }

  private static String query(String id, String text) {
    return "{\"_id\": \"%s\", \"text\": \"%s\"}".formatted(id, text);
  }

  private List<String> rows(Commit commit, TableDefinition table, String... columns) {
    return Normalization.rows(context, commit, table, columns);
  }

  private List<String> audit(Commit commit, String check) {
    return rows(
            commit,
            Tables.AUDIT,
            "if(check = '%s', concat_ws(' | ', dataset, split, severity, count, share, examples), '')"
                .formatted(check))
        .stream()
        .filter(row -> !row.isEmpty())
        .toList();
  }

  private static String numbered(String word, int count) {
    return IntStream.range(0, count).mapToObj(i -> word + i).collect(Collectors.joining(" "));
  }

  @Test
  void htmlIsStrippedWhereAskedForAndCharacterReferencesResolved() throws IOException {
    Path file =
        write(
            "p.jsonl",
            "{\"anchor\": \"<b>What</b> is R&amp;D?\", \"positive\": \"<p>Research<br>and</p><script>x()</script><p>development</p>\"}",
            "{\"anchor\": \"is 1 < 2 plain\", \"positive\": \"yes, 1 < 2\"}");
    String pairs =
        "{ name = p, type = pairs, source { format = json, path = \"%s\" } }".formatted(file);

    Commit stripped = normalize(pairs, "html = strip");
    assertThat(rows(stripped, Tables.QUERIES, "text"))
        .containsExactly("What is R&D?", "is 1 < 2 plain");
    assertThat(rows(stripped, Tables.DOCUMENTS, "text"))
        .containsExactly("Research and development", "yes, 1 < 2");
    assertThat(rows(normalize(pairs, ""), Tables.QUERIES, "text"))
        .containsExactly("<b>What</b> is R&amp;D?", "is 1 < 2 plain");
  }

  @Test
  void longDocumentsBecomeChunksWithTheirParentsJudgements() throws IOException {
    String data =
        beir(
            new String[] {document("long", numbered("term", 40)), document("short", "one term")},
            new String[] {query("q", "which term")},
            "q long 2",
            "q short 1");

    Commit commit = normalize(data, "chunk-tokens = 32, chunk-overlap = 4");

    List<String> documents =
        rows(commit, Tables.DOCUMENTS, "doc_id", "parent_id", "chunk", "tokens <= 32");
    assertThat(documents)
        .hasSizeGreaterThan(3)
        .contains("long#0 | long | 0 | true", "long#1 | long | 1 | true")
        .contains("short | short | 0 | true")
        .allMatch(row -> row.endsWith("true"));
    assertThat(rows(commit, Tables.JUDGEMENTS, "query_id", "doc_id", "grade"))
        .hasSameSizeAs(documents)
        .contains("q | long#0 | 2", "q | long#1 | 2", "q | short | 1");
    assertThat(rows(commit, Tables.DOCUMENTS, "content_hash = sha2(text, 256)"))
        .containsOnly("true");
  }

  @Test
  void chunkWhoseIdIsTakenIsRefused() throws IOException {
    String data =
        beir(
            new String[] {document("d", numbered("term", 40)), document("d#1", "another")},
            new String[] {query("q", "which term")},
            "q d 1");

    HoneException failure =
        catchThrowableOfType(HoneException.class, () -> normalize(data, "chunk-tokens = 32"));

    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT);
    assertThat(failure).hasMessageContaining("d#1");
  }

  @Test
  void nearDuplicatesShareAGroupOverDocumentsAndQueries() throws IOException {
    String text = numbered("clause", 60);
    String data =
        beir(
            new String[] {
              document("a", text + " one"),
              document("b", text + " two"),
              document("c", text + " three"),
              document("other", numbered("paragraph", 60))
            },
            new String[] {query("q", text + " four"), query("r", "which paragraph")},
            "q a 1",
            "r other 1");

    Commit commit = normalize(data, "near-duplicates = 0.8");

    List<String> groups = rows(commit, Tables.DOCUMENTS, "doc_id", "group_id");
    String group = groups.get(0).substring("a | ".length());
    assertThat(group).startsWith("n-");
    assertThat(groups)
        .containsExactly("a | " + group, "b | " + group, "c | " + group, "other | null");
    assertThat(rows(commit, Tables.QUERIES, "query_id", "group_id"))
        .containsExactly("q | " + group, "r | null");
  }

  @Test
  void chainOfNearDuplicatesIsOneGroup() throws IOException {
    String[] documents =
        IntStream.range(0, 12)
            .mapToObj(i -> document("d" + i, numbered("x", 200).substring(12 * i, 500 + 12 * i)))
            .toArray(String[]::new);
    String data = beir(documents, new String[] {query("q", "x")}, "q d0 1");

    Commit commit = normalize(data, "near-duplicates = 0.8");

    assertThat(rows(commit, Tables.DOCUMENTS, "group_id").stream().distinct()).hasSize(1);
  }

  @Test
  void equalTextsWithIdsStayApartUnlessTheyAreMerged() throws IOException {
    String data =
        beir(
            new String[] {document("a", "one text"), document("b", "one text")},
            new String[] {query("q", "ask"), query("r", "ask")},
            "q a 1",
            "q b 2",
            "r b 0");

    Commit apart = normalize(data, "");
    assertThat(rows(apart, Tables.DOCUMENTS, "doc_id")).containsExactly("a", "b");
    assertThat(audit(apart, "duplicate-documents")).containsExactly("b | all | info | 1 | 0.5 | a");

    Commit merged = normalize(data, "merge-duplicates = true");
    assertThat(rows(merged, Tables.DOCUMENTS, "doc_id")).containsExactly("a");
    assertThat(rows(merged, Tables.QUERIES, "query_id")).containsExactly("q");
    assertThat(rows(merged, Tables.JUDGEMENTS, "query_id", "doc_id", "grade", "conflict"))
        .containsExactly("q | a | 2 | true");
  }

  @Test
  void auditCountsWhatTheModelWouldNotSee() throws IOException {
    String data =
        beir(
            new String[] {document("long", numbered("a ", 300)), document("short", "one term")},
            new String[] {query("q", "which term")},
            "q long 1");

    Commit commit = normalize(data, "");

    assertThat(audit(commit, "truncation").get(0))
        .startsWith("b | all | warning | 1 | 0.5 | median 4, 95 % up to ");
    assertThat(audit(commit, "truncation-relevant").get(0))
        .startsWith("b | all | warning | 1 | 1.0");
    assertThat(audit(commit, "truncation-queries").get(0)).startsWith("b | all | info | 0 | 0.0");

    HoneException failure =
        catchThrowableOfType(HoneException.class, () -> normalize(data, "max-truncation = 0.4"));
    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT);
    assertThat(failure)
        .hasMessageContaining("1 of 2 documents have more tokens")
        .hasMessageContaining("normalize.max-truncation = 0.4");
  }

  @Test
  void leakageExactAndNearIsFoundAndStopsWhereAskedTo() throws IOException {
    String common = numbered("article", 50);
    Path file =
        write(
            "p.jsonl",
            "{\"anchor\": \"first\", \"positive\": \"%s\", \"part\": \"train\"}".formatted(common),
            "{\"anchor\": \"second\", \"positive\": \"%s\", \"part\": \"test\"}".formatted(common),
            "{\"anchor\": \"third\", \"positive\": \"%s end\", \"part\": \"test\"}"
                .formatted(common));
    String pairs =
        "{ name = p, type = pairs, source { format = json, path = \"%s\" }, split { column = part } }"
            .formatted(file);

    Commit commit = normalize(pairs, "near-duplicates = 0.8");

    assertThat(audit(commit, "leakage"))
        .containsExactly("p | test | error | 1 | 0.25 | " + common.substring(0, 80));
    assertThat(audit(commit, "near-leakage").get(0)).startsWith("p | test | warning | 1 | ");
    HoneException failure =
        catchThrowableOfType(HoneException.class, () -> normalize(pairs, "max-leakage = 0.2"));
    assertThat(failure.code()).isEqualTo(ErrorCode.INPUT);
    assertThat(failure).hasMessageContaining("normalize.max-leakage = 0.2");
  }

  @Test
  void smallDataSetIsAWarningThatNamesTheLossThatFits() throws IOException {
    String data =
        beir(
            new String[] {document("a", "one text")},
            new String[] {query("q", "ask"), query("r", "nothing")},
            "q a 1",
            "q gone 1");

    Commit commit = normalize(data, "max-reject-share = 0.5");

    assertThat(audit(commit, "size"))
        .containsExactly(
            "b | train | warning | 1 | fewer than the 100 queries from which this type usually helps; the loss that fits: mnrl");
    assertThat(audit(commit, "missing-id").get(0)).startsWith("b | all | warning | 1 | ");
    assertThat(audit(commit, "rejects-qrels").get(0))
        .startsWith("b | all | warning | 1 | 0.5 | 1 x no document has this doc_id");
    assertThat(audit(commit, "no-positive"))
        .containsExactly("b | none | warning | 1 | 1.0 | nothing", "b | train | info | 0 | 0.0 | ");
  }
}
