package dev.hone.encode;

import static dev.hone.pipeline.SmallWorkspace.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.model.ModelFolder;
import dev.hone.model.ModelReference;
import dev.hone.model.ModelSource;
import dev.hone.model.Precision;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.store.Commit;
import dev.hone.store.CommittedFile;
import dev.hone.store.Digests;
import dev.hone.table.Tables;
import dev.hone.text.Prompts;
import dev.hone.text.TextRole;
import dev.hone.torch.Encoder;
import dev.hone.torch.EncoderOptions;
import dev.hone.torch.WordNetTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The vectors step with the real model. A vector that an earlier step published is told from an
 * encoded one by its values: the earlier step of these tests holds ones that no model gives.
 */
class VectorsStageTest {
  private static final EncodedRows WANTED = new EncodedRows(List.of("d"), List.of("d"), "test");
  private static final List<Float> MARK = List.of(1f, 2f, 3f);
  private static final String LONG = String.join(" ", WordNetTexts.glosses(60));

  @TempDir private static Path shared;
  private static ModelFolder model;
  @TempDir private Path folder;
  private SmallWorkspace workspace;
  private int published;

  @BeforeAll
  static void load() {
    model =
        ModelSource.resolve(
            "builtin:all-MiniLM-L6-v2",
            SmallWorkspace.in(shared).context().cache(),
            new Configuration(false));
  }

  @BeforeEach
  void open() {
    workspace = SmallWorkspace.in(folder);
  }

  private static EncoderSpec spec(int maxLength, String query, String document) {
    return EncoderSpec.of(
        ModelReference.to("builtin:all-MiniLM-L6-v2", model),
        model,
        SmallWorkspace.in(shared).context().cache(),
        maxLength,
        new Prompts(query, document),
        Precision.FP32,
        EncoderSpec.ALL_THREADS);
  }

  private static EncoderSpec plain() {
    return spec(64, "", "");
  }

  /** A published normal form: documents, and one test query "ask". */
  private static Commit normalForm(SmallWorkspace run, String... documents) {
    Object[][] rows = new Object[documents.length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = row("d", "id" + i, "id" + i, 0, null, documents[i]);
    }
    return run.step("normalize")
        .table(Tables.DOCUMENTS, rows)
        .table(Tables.QUERIES, row("d", "q", "ask", "test"))
        .table(Tables.JUDGEMENTS)
        .table(Tables.SCORED_PAIRS)
        .publish(Map.of("documents", List.of(documents).toString()), Map.of());
  }

  /** Vectors of documents that a step of this encoder is supposed to have published. */
  private Commit publishMarked(EncoderSpec encoder, String... documents) {
    Object[][] rows = new Object[documents.length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = row("document", Digests.ofText(documents[i]), MARK, false);
    }
    return workspace
        .run("earlier-" + ++published)
        .step("vectors")
        .table(Tables.VECTORS, rows)
        .publish(
            Map.of(
                "encoder", encoder.settings(),
                "query-prompt", encoder.queryPrompt(),
                "document-prompt", encoder.documentPrompt()),
            Map.of("model", encoder.digest()));
  }

  /** Runs the step; vectors by role and text's hash. */
  private Map<String, List<Float>> encoded(EncoderSpec encoder, String... documents) {
    return encoded("now", encoder, documents);
  }

  private Map<String, List<Float>> encoded(String runId, EncoderSpec encoder, String... documents) {
    SmallWorkspace run = workspace.run(runId);
    Commit commit =
        new VectorsStage(run.context(), normalForm(run, documents), encoder).run("base", WANTED);
    Map<String, List<Float>> vectors = new TreeMap<>();
    for (Row row : run.context().read(commit, Tables.VECTORS).collectAsList()) {
      assertThat(vectors.put(row.getString(0) + " " + row.getString(1), row.getList(2))).isNull();
    }
    return vectors;
  }

  private static List<Float> vector(Map<String, List<Float>> vectors, String role, String text) {
    return vectors.get(role + " " + Digests.ofText(text));
  }

  @Test
  void everyTextHasTheEncodersVectorBitForBit() {
    String[] texts = WordNetTexts.ofAllLengths(300).stream().distinct().toArray(String[]::new);
    Map<String, List<Float>> vectors = encoded(spec(256, "ask: ", ""), texts);
    assertThat(vectors).hasSize(texts.length + 1);
    try (Encoder encoder =
        Encoder.open(
            model,
            new Prompts("ask: ", ""),
            EncoderOptions.inference(1, 256, Precision.FP32, workspace.context().cache()))) {
      float[][] expected = encoder.encode(List.of(texts), TextRole.DOCUMENT).vectors();
      for (int i = 0; i < texts.length; i++) {
        assertThat(vector(vectors, "document", texts[i])).as(texts[i]).isEqualTo(list(expected[i]));
      }
      assertThat(vector(vectors, "query", "ask"))
          .isEqualTo(list(encoder.encode(List.of("ask"), TextRole.QUERY).vectors()[0]));
    }
  }

  private static List<Float> list(float[] values) {
    Float[] boxed = new Float[values.length];
    for (int i = 0; i < boxed.length; i++) {
      boxed[i] = values[i];
    }
    return List.of(boxed);
  }

  @Test
  void laterStepEncodesOnlyWhatNoEarlierOneHas() {
    publishMarked(plain(), "alpha", "beta");
    Map<String, List<Float>> vectors = encoded(plain(), "beta", "gamma");
    assertThat(vectors).hasSize(3);
    assertThat(vector(vectors, "document", "beta")).isEqualTo(MARK);
    assertThat(vector(vectors, "document", "gamma")).hasSize(384);
  }

  @Test
  void reusedVectorsAreTheBytesThatWereEncoded() {
    Map<String, List<Float>> first = encoded("first", plain(), "alpha", "beta", LONG);
    Map<String, List<Float>> second = encoded("second", plain(), "beta", LONG, "gamma");
    assertThat(vector(second, "document", "beta")).isEqualTo(vector(first, "document", "beta"));
    assertThat(vector(second, "document", LONG)).isEqualTo(vector(first, "document", LONG));
    assertThat(vector(second, "query", "ask")).isEqualTo(vector(first, "query", "ask"));
  }

  @Test
  void fewTextsThatAreAllKnownTakeAJobForEachTableReadAndWritten() {
    String[] texts = WordNetTexts.ofAllLengths(50).stream().distinct().toArray(String[]::new);
    encoded("first", plain(), texts);
    Collections.reverse(Arrays.asList(texts)); // another data set of the same ones
    SmallWorkspace run = workspace.run("second");
    Commit normalForm = normalForm(run, texts);
    VectorsStage stage = new VectorsStage(run.context(), normalForm, plain());
    // Texts are found; vectors are written; cut texts are counted; their counts are written.
    assertThat(SmallWorkspace.jobs(() -> stage.run("base", WANTED))).isEqualTo(4);
  }

  @Test
  void manyPublishedVectorsAreSearchedLikeFew() {
    String[] texts =
        IntStream.rangeClosed(0, (int) Extent.MOST_ROWS)
            .mapToObj(i -> "text " + i)
            .toArray(String[]::new);
    publishMarked(plain(), texts);
    Map<String, List<Float>> vectors = encoded(plain(), "text 0", "new", "text 32768");
    assertThat(vectors).hasSize(4);
    assertThat(vector(vectors, "document", "text 0")).isEqualTo(MARK);
    assertThat(vector(vectors, "document", "text 32768")).isEqualTo(MARK);
    assertThat(vector(vectors, "document", "new")).hasSize(384);
  }

  @Test
  void queryAndDocumentOfOnePromptShareTheirVector() {
    publishMarked(plain(), "ask");
    Map<String, List<Float>> vectors = encoded(plain(), "ask");
    assertThat(vectors).hasSize(2);
    assertThat(vectors.values()).allMatch(MARK::equals);
  }

  @Test
  void queryWithAPromptOfItsOwnIsEncodedForItself() {
    EncoderSpec prompted = spec(64, "query: ", "");
    publishMarked(prompted, "ask");
    Map<String, List<Float>> vectors = encoded(prompted, "ask");
    assertThat(vector(vectors, "document", "ask")).isEqualTo(MARK);
    assertThat(vector(vectors, "query", "ask")).hasSize(384);
  }

  @Test
  void promptIsComparedWhateverTheRole() {
    publishMarked(spec(64, "", "query: "), "ask");
    Map<String, List<Float>> vectors = encoded(spec(64, "query: ", "passage: "), "ask");
    assertThat(vector(vectors, "query", "ask")).isEqualTo(MARK);
    assertThat(vector(vectors, "document", "ask")).hasSize(384);
  }

  @Test
  void otherLengthPromptPrecisionOrModelReusesNothing() {
    publishMarked(spec(32, "", ""), "alpha");
    publishMarked(spec(64, "", "passage: "), "alpha");
    EncoderSpec other = plain();
    workspace
        .run("other-model")
        .step("vectors")
        .table(Tables.VECTORS, row("document", Digests.ofText("alpha"), MARK, false))
        .publish(
            Map.of("encoder", other.settings(), "query-prompt", "", "document-prompt", ""),
            Map.of("model", "another"));
    workspace
        .run("other-precision")
        .step("vectors")
        .table(Tables.VECTORS, row("document", Digests.ofText("alpha"), MARK, false))
        .publish(
            Map.of(
                "encoder", other.settings().replace("fp32", "bf16"),
                "query-prompt", "",
                "document-prompt", ""),
            Map.of("model", other.digest()));
    assertThat(vector(encoded(plain(), "alpha"), "document", "alpha")).hasSize(384);
  }

  @Test
  void lostOrDamagedStepIsPassedOver() throws IOException {
    Commit lost = publishMarked(plain(), "alpha");
    Files.delete(file(lost));
    assertThat(vector(encoded("one", plain(), "alpha"), "document", "alpha")).hasSize(384);

    Commit damaged = publishMarked(spec(32, "", ""), "alpha");
    byte[] bytes = Files.readAllBytes(file(damaged));
    bytes[bytes.length / 2] ^= 1;
    Files.write(file(damaged), bytes);
    assertThat(vector(encoded("two", spec(32, "", ""), "alpha"), "document", "alpha")).hasSize(384);
  }

  @Test
  void foreignFileAmongTheCommitsIsPassedOver() throws IOException {
    publishMarked(plain(), "alpha");
    Files.writeString(
        Path.of(workspace.context().workspace().uri(), "published/vectors/notes.json"), "{ not");
    assertThat(vector(encoded(plain(), "alpha"), "document", "alpha")).isEqualTo(MARK);
  }

  private Path file(Commit commit) {
    CommittedFile first =
        commit.table("vectors").files().stream()
            .max(java.util.Comparator.comparingLong(CommittedFile::size))
            .orElseThrow();
    return Path.of(
        workspace.context().workspace().tablePath("vectors", commit.attempt(), "vectors"),
        first.path());
  }

  @Test
  void truncatedTextsAreCountedByDataSetAndRole() {
    SmallWorkspace run = workspace.run("counted");
    Commit normalForm =
        run.step("normalize")
            .table(
                Tables.DOCUMENTS,
                row("d", "1", "1", 0, null, "short"),
                row("d", "2", "2", 0, null, LONG),
                row("d", "3", "3", 0, null, LONG),
                row("e", "1", "1", 0, null, LONG),
                row("f", "1", "1", 0, null, "neither searched nor judged"))
            .table(Tables.QUERIES, row("d", "q", "ask", "test"), row("d", "p", LONG, "train"))
            .table(Tables.JUDGEMENTS)
            .table(Tables.SCORED_PAIRS, row("s", "1", "short", LONG, 1.0, 0.0, 1.0, "test"))
            .publish();
    Commit commit =
        new VectorsStage(run.context(), normalForm, plain())
            .run("base", new EncodedRows(List.of("d", "e"), List.of("d"), "test"));
    assertThat(
            run
                .context()
                .read(commit, Tables.TRUNCATION_COUNTS)
                .orderBy("dataset", "role")
                .collectAsList()
                .stream()
                .map(Row::toString))
        .containsExactly(
            "[d,document,2,1,0.5]",
            "[d,query,2,1,0.5]",
            "[e,document,1,1,1.0]",
            "[s,document,2,1,0.5]");
  }

  @Test
  void encoderIsClosedAfterTheStep() {
    encoded(plain(), "alpha");
    assertThat(EncoderHolder.ofThisProcess().isLoaded()).isFalse();
  }
}
