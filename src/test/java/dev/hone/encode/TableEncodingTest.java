package dev.hone.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.chain.TextSource;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelReference;
import dev.hone.model.ModelSource;
import dev.hone.model.Precision;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.store.Manifest;
import dev.hone.text.Prompts;
import dev.hone.text.TextRole;
import dev.hone.torch.Encoder;
import dev.hone.torch.EncoderOptions;
import dev.hone.torch.WordNetTexts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A text column of any source becomes a folder of vectors, with the real model. */
class TableEncodingTest {
  private static final int DIMENSIONS = 384;
  private static final Prompts PROMPTS = new Prompts("ask: ", "");
  private static final List<String> TEXTS = texts();

  @TempDir private static Path shared;
  private static ModelFolder model;
  private static List<float[]> expected;

  /** All texts are encoded in it, so that those who look at stored forms do not do it again. */
  private static SmallWorkspace encoded;

  @TempDir private Path folder;
  private SmallWorkspace workspace;
  private int written;

  /** Texts of all lengths, repeated ones and an empty one among them. */
  private static List<String> texts() {
    List<String> texts = new ArrayList<>(WordNetTexts.ofAllLengths(150));
    texts.addAll(texts.subList(0, 10));
    texts.add("");
    texts.add("It said \"no\", then: \u00fcber \u65e5\u672c\u8a9e");
    Collections.shuffle(texts, new Random(1));
    return texts;
  }

  @BeforeAll
  static void encode() throws IOException {
    var cache = SmallWorkspace.in(shared).context().cache();
    model = ModelSource.resolve("builtin:all-MiniLM-L6-v2", cache, new Configuration(false));
    try (Encoder encoder =
        Encoder.open(model, PROMPTS, EncoderOptions.inference(2, 256, Precision.FP32, cache))) {
      expected = List.of(encoder.encode(TEXTS, TextRole.DOCUMENT).vectors());
    }
    encoded = SmallWorkspace.in(shared.resolve("encoded"));
    TableEncoding encoding = encoding(encoded, TextRole.DOCUMENT, DIMENSIONS, VectorPrecision.FP32);
    write(source(json(shared.resolve("texts.jsonl"), TEXTS)), shared.resolve("vectors"), encoding);
  }

  @BeforeEach
  void open() {
    workspace = SmallWorkspace.in(folder);
  }

  private Path json(List<String> texts) throws IOException {
    return json(folder.resolve("texts-" + written++ + ".jsonl"), texts);
  }

  private static Path json(Path file, List<String> texts) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<String> lines = new ArrayList<>();
    for (String text : texts) {
      lines.add(
          mapper.writeValueAsString(
              mapper.createObjectNode().put("key", "k" + lines.size()).put("body", text)));
    }
    return Files.write(file, lines);
  }

  private static TextSource source(Path path) {
    return new TextSource(path.toString(), "json", Map.of(), "body", Optional.empty());
  }

  private static EncoderSpec spec() {
    return EncoderSpec.of(
        ModelReference.to("builtin:all-MiniLM-L6-v2", model),
        model,
        SmallWorkspace.in(shared).context().cache(),
        256,
        PROMPTS,
        Precision.FP32,
        EncoderSpec.ALL_THREADS);
  }

  private TableEncoding encoding(TextRole role, int dimensions, VectorPrecision precision) {
    return encoding(workspace, role, dimensions, precision);
  }

  private static TableEncoding encoding(
      SmallWorkspace workspace, TextRole role, int dimensions, VectorPrecision precision) {
    return new TableEncoding(
        workspace.context(), spec(), role, new StoredForm(dimensions, true, precision));
  }

  /** The stored form of all texts, whose vectors are there. */
  private Path stored(int dimensions, VectorPrecision precision) throws IOException {
    Path output = output();
    TableEncoding.Counts counts =
        write(
            source(json(TEXTS)),
            output,
            encoding(encoded, TextRole.DOCUMENT, dimensions, precision));
    assertThat(counts.encoded()).isZero();
    return output;
  }

  private Path output() {
    return folder.resolve("vectors-" + written++);
  }

  private TableEncoding.Counts write(TextSource source, Path output) {
    return write(source, output, encoding(TextRole.DOCUMENT, DIMENSIONS, VectorPrecision.FP32));
  }

  private static TableEncoding.Counts write(
      TextSource source, Path output, TableEncoding encoding) {
    return encoding.write(
        source.rows(SmallWorkspace.spark()),
        OutputFolder.at(output.toString(), new Configuration()));
  }

  /** The rows as they stand in the files, in the order of the files' names. */
  private static List<Row> rows(Path output) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (Stream<Path> files = Files.list(output)) {
      for (Path file : files.filter(one -> one.toString().endsWith(".parquet")).sorted().toList()) {
        rows.addAll(
            SmallWorkspace.spark().read().parquet(file.toString()).coalesce(1).collectAsList());
      }
    }
    return rows;
  }

  private static List<Float> list(float[] values) {
    return IntStream.range(0, values.length).mapToObj(i -> values[i]).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 16})
  void vectorsAreTheEncodersBitForBitInTheInputsOrder(int partitions) throws IOException {
    SmallWorkspace.spark().conf().set("spark.sql.shuffle.partitions", partitions);
    SmallWorkspace.spark().conf().set("spark.sql.files.maxPartitionBytes", 60_000 / partitions);
    try {
      Path output = output();
      TableEncoding.Counts counts = write(source(json(TEXTS)), output);
      assertThat(counts.rows()).isEqualTo(TEXTS.size());
      List<Row> rows = rows(output);
      assertThat(rows).hasSameSizeAs(TEXTS);
      for (int i = 0; i < rows.size(); i++) {
        assertThat(rows.get(i).getLong(0)).isEqualTo(i);
        assertThat(rows.get(i).getList(1)).as(TEXTS.get(i)).isEqualTo(list(expected.get(i)));
      }
    } finally {
      SmallWorkspace.spark().conf().set("spark.sql.shuffle.partitions", 2);
      SmallWorkspace.spark().conf().unset("spark.sql.files.maxPartitionBytes");
    }
  }

  @Test
  void sqlFindsNoDifferenceBetweenOutputsOfOtherPartitions() throws IOException {
    Path input = json(TEXTS);
    Path one = output();
    write(source(input), one);
    workspace = SmallWorkspace.in(folder.resolve("other"));
    SmallWorkspace.spark().conf().set("spark.sql.shuffle.partitions", 7);
    Path other = output();
    try {
      write(source(input), other);
    } finally {
      SmallWorkspace.spark().conf().set("spark.sql.shuffle.partitions", 2);
    }
    String query = "select * from parquet.`%s` except all select * from parquet.`%s`";
    assertThat(SmallWorkspace.spark().sql(query.formatted(one, other)).count()).isZero();
    assertThat(SmallWorkspace.spark().sql(query.formatted(other, one)).count()).isZero();
  }

  @Test
  void filesStandInTheOrderOfTheirNames() throws IOException {
    Path input = Files.createDirectory(folder.resolve("input"));
    Files.writeString(input.resolve("b.jsonl"), "{\"body\": \"second\"}\n");
    Files.writeString(
        input.resolve("a.jsonl"), "{\"body\": \"first\"}\n" + "{\"body\": \"x\"}\n".repeat(20));
    Path output = output();
    write(source(input), output);
    List<Row> rows = rows(output);
    assertThat(rows.stream().map(row -> row.getLong(0)))
        .containsExactlyElementsOf(IntStream.range(0, 22).mapToObj(i -> (long) i).toList());
    assertThat(rows.get(1).getList(1)).isEqualTo(rows.get(20).getList(1));
    assertThat(rows.get(0).getList(1)).isNotEqualTo(rows.get(1).getList(1));
    assertThat(rows.get(21).getList(1)).isNotEqualTo(rows.get(1).getList(1));
  }

  @Test
  void idColumnKeepsItsValuesAndType() throws IOException {
    Path input =
        Files.writeString(folder.resolve("t.csv"), "n,body\n7,writ\n7,\"an\norder\"\n3,x\n");
    Path output = output();
    write(
        new TextSource(
            input.toString(),
            "csv",
            Map.of("schema", "n INT, body STRING"),
            "BODY",
            Optional.of("n")),
        output);
    assertThat(rows(output).stream().map(row -> row.getInt(0))).containsExactly(7, 7, 3);
  }

  @Test
  void nestedFieldCanBeTheTextColumn() throws IOException {
    Path input = Files.writeString(folder.resolve("n.json"), "{\"a\": {\"b\": \"writ\"}}\n");
    Path output = output();
    write(new TextSource(input.toString(), "json", Map.of(), "a.b", Optional.empty()), output);
    assertThat(rows(output)).hasSize(1);
  }

  @Test
  void secondCallEncodesNothingAndWritesTheSame() throws IOException {
    Path input = json(TEXTS);
    Path first = output();
    int distinct = (int) TEXTS.stream().distinct().count();
    assertThat(write(source(input), first).encoded()).isEqualTo(distinct);
    Path second = output();
    TableEncoding.Counts counts = write(source(input), second);
    assertThat(counts.encoded()).isZero();
    assertThat(counts.reused()).isEqualTo(distinct);
    assertThat(rows(second)).isEqualTo(rows(first));
  }

  @Test
  void secondCallTakesAJobForEachTableReadAndWritten() throws IOException {
    Dataset<Row> rows = source(json(TEXTS)).rows(SmallWorkspace.spark());
    TableEncoding encoding = encoding(encoded, TextRole.DOCUMENT, DIMENSIONS, VectorPrecision.FP32);
    OutputFolder again = OutputFolder.at(output().toString(), new Configuration());
    // Rows are numbered; texts are found; vectors are written.
    assertThat(SmallWorkspace.jobs(() -> encoding.write(rows, again))).isEqualTo(3);
  }

  @Test
  void manyRowsAreWrittenInTheirOrderLikeFew() throws IOException {
    int count = (int) Extent.MOST_ROWS + 1;
    List<String> lines = new ArrayList<>(Collections.nCopies(count, "{\"body\": \"x\"}"));
    lines.set(count - 2, "{\"body\": \"y\"}");
    Path input = Files.write(folder.resolve("many.jsonl"), lines);
    SmallWorkspace.spark().conf().set("spark.sql.files.maxPartitionBytes", 100_000);
    try {
      Path output = output();
      TableEncoding.Counts counts =
          write(source(input), output, encoding(TextRole.DOCUMENT, 1, VectorPrecision.BINARY));
      assertThat(counts.rows()).isEqualTo(count);
      assertThat(counts.encoded()).isEqualTo(2);
      assertThat(rows(output).stream().map(row -> row.getLong(0)))
          .containsExactlyElementsOf(IntStream.range(0, count).mapToObj(i -> (long) i).toList());
    } finally {
      SmallWorkspace.spark().conf().unset("spark.sql.files.maxPartitionBytes");
    }
  }

  @Test
  void onlyNewTextsAreEncoded() throws IOException {
    write(source(json(List.of("alpha", "beta"))), output());
    TableEncoding.Counts counts = write(source(json(List.of("beta", "gamma"))), output());
    assertThat(counts.encoded()).isEqualTo(1);
    assertThat(counts.reused()).isEqualTo(1);
  }

  @Test
  void damagedVectorsAreEncodedAgain() throws IOException {
    Path input = json(List.of("alpha", "beta"));
    write(source(input), output());
    Path data = Path.of(workspace.context().workspace().uri(), "data/vectors");
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(one -> one.toString().endsWith(".parquet")).toList()) {
        Files.delete(file);
      }
    }
    Path again = output();
    assertThat(write(source(input), again).encoded()).isEqualTo(2);
    assertThat(rows(again)).hasSize(2);
    assertThat(write(source(input), output()).encoded()).isZero();
  }

  @Test
  void queriesGetTheirPromptAndDocumentsTheirs() throws IOException {
    Path input = json(List.of("what is a writ"));
    Path query = output();
    write(source(input), query, encoding(TextRole.QUERY, DIMENSIONS, VectorPrecision.FP32));
    Path document = output();
    assertThat(write(source(input), document).encoded()).isEqualTo(1);
    Path spelled = output();
    assertThat(write(source(json(List.of("ask: what is a writ"))), spelled).encoded()).isEqualTo(1);
    assertThat(rows(query)).isEqualTo(rows(spelled));
    assertThat(rows(document)).isNotEqualTo(rows(spelled));
  }

  @Test
  void fewerDimensionsAreAtLengthOneAndComeFromTheSameVectors() throws IOException {
    List<Row> rows = rows(stored(64, VectorPrecision.FP32));
    assertThat(rows).hasSameSizeAs(TEXTS);
    for (int i = 0; i < rows.size(); i++) {
      float[] kept = Arrays.copyOf(expected.get(i), 64);
      assertThat(rows.get(i).getList(1)).isEqualTo(list(Quantization.normalized(kept)));
    }
  }

  @Test
  void halvesAreBytesLittleEndian() throws IOException {
    List<Row> rows = rows(stored(DIMENSIONS, VectorPrecision.FP16));
    assertThat(rows).hasSameSizeAs(TEXTS);
    for (int i = 0; i < rows.size(); i++) {
      ByteBuffer bytes =
          ByteBuffer.wrap((byte[]) rows.get(i).get(1)).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(bytes.remaining()).isEqualTo(2 * DIMENSIONS);
      for (float value : expected.get(i)) {
        assertThat(bytes.getShort()).isEqualTo(Quantization.half(value));
      }
    }
  }

  @Test
  void int8HasTheTablesRangesBesideItWhereAPlainReaderDoesNotLook() throws IOException {
    Path output = output();
    write(
        source(json(TEXTS)), output, encoding(TextRole.DOCUMENT, DIMENSIONS, VectorPrecision.INT8));
    JsonNode ranges = new ObjectMapper().readTree(output.resolve("_ranges.json").toFile());
    Ranges expectedRanges = Ranges.none(DIMENSIONS);
    expected.forEach(expectedRanges::with);
    for (int i = 0; i < DIMENSIONS; i++) {
      assertThat(ranges.path("minimum").path(i).floatValue())
          .isEqualTo(expectedRanges.minimum()[i]);
      assertThat(ranges.path("maximum").path(i).floatValue())
          .isEqualTo(expectedRanges.maximum()[i]);
    }
    List<Row> rows = rows(output);
    for (int i = 0; i < rows.size(); i++) {
      byte[] steps = Quantization.steps(expected.get(i), expectedRanges);
      assertThat(rows.get(i).<Byte>getList(1))
          .isEqualTo(IntStream.range(0, DIMENSIONS).mapToObj(d -> steps[d]).toList());
    }
    assertThat(SmallWorkspace.spark().read().parquet(output.toString()).count())
        .isEqualTo(TEXTS.size());
  }

  @Test
  void binaryIsOneBitPerDimension() throws IOException {
    List<Row> rows = rows(stored(DIMENSIONS, VectorPrecision.BINARY));
    assertThat(rows).hasSameSizeAs(TEXTS);
    for (int i = 0; i < rows.size(); i++) {
      assertThat((byte[]) rows.get(i).get(1)).isEqualTo(Quantization.bits(expected.get(i)));
    }
  }

  @Test
  void rowsThatWereCutAreCounted() throws IOException {
    String longText = String.join(" ", WordNetTexts.glosses(60));
    TableEncoding.Counts counts =
        write(source(json(List.of(longText, "short", longText))), output());
    assertThat(counts.truncated()).isEqualTo(2);
  }

  @Test
  void rowWithoutTextIsAnErrorThatNamesItAndLeavesNothing() throws IOException {
    Path input =
        Files.writeString(
            folder.resolve("null.jsonl"),
            "{\"body\": \"a\"}\n{\"body\": null}\n{\"body\": \"\"}\n");
    Path output = output();
    assertThatThrownBy(() -> write(source(input), output))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("row 1 (from 0)")
        .hasMessageContaining("null.jsonl")
        .hasMessageContaining("it has no text")
        .extracting(e -> ((HoneException) e).code())
        .isEqualTo(ErrorCode.INPUT);
    assertThat(siblings(output)).isEmpty();
  }

  @Test
  void recordThatCannotBeReadIsAnErrorThatNamesIt() throws IOException {
    Path input = Files.writeString(folder.resolve("bad.jsonl"), "{\"body\": \"a\"}\n{\"body\": \n");
    assertThatThrownBy(() -> write(source(input), output()))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("row 1 (from 0)")
        .hasMessageContaining("cannot be parsed");
  }

  @Test
  void rowWithoutIdIsAnError() throws IOException {
    Path input = Files.writeString(folder.resolve("i.jsonl"), "{\"body\": \"a\", \"id\": null}\n");
    assertThatThrownBy(
            () ->
                write(
                    new TextSource(
                        input.toString(),
                        "json",
                        Map.of("schema", "body STRING, id STRING"),
                        "body",
                        Optional.of("id")),
                    output()))
        .hasMessageContaining("it has no id");
  }

  @Test
  void emptyFileIsAnErrorOfTheInput() throws IOException {
    Path input = Files.createFile(folder.resolve("empty.json"));
    TextSource source =
        new TextSource(input.toString(), "json", Map.of(), "body", Optional.empty());
    assertThatThrownBy(() -> source.rows(SmallWorkspace.spark()))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("holds no record")
        .extracting(e -> ((HoneException) e).code())
        .isEqualTo(ErrorCode.INPUT);
  }

  @Test
  void unknownColumnIsAnErrorThatNamesThoseThereAre() throws IOException {
    TextSource source =
        new TextSource(json(List.of("a")).toString(), "json", Map.of(), "text", Optional.empty());
    assertThatThrownBy(() -> source.rows(SmallWorkspace.spark()))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("There is no column text")
        .hasMessageContaining("[body, key]")
        .extracting(e -> ((HoneException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION);
  }

  @Test
  void columnThatHoldsNoTextIsAnError() throws IOException {
    Path input = Files.writeString(folder.resolve("a.json"), "{\"body\": [\"a\"]}\n");
    assertThatThrownBy(() -> source(input).rows(SmallWorkspace.spark()))
        .hasMessageContaining("array<string>");
  }

  @Test
  void existingOutputIsAnErrorAndStaysAsItIs() throws IOException {
    Path output = Files.createDirectory(output());
    assertThatThrownBy(() -> OutputFolder.at(output.toString(), new Configuration()))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("it exists")
        .extracting(e -> ((HoneException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION);
  }

  @Test
  void outputThatComesToBeMeanwhileIsNotReplaced() throws IOException {
    Path output = output();
    OutputFolder folderToBe = OutputFolder.at(output.toString(), new Configuration());
    Files.createDirectory(output);
    Files.writeString(output.resolve("others"), "mine");
    assertThatThrownBy(
            () ->
                encoding(TextRole.DOCUMENT, DIMENSIONS, VectorPrecision.FP32)
                    .write(source(json(List.of("a"))).rows(SmallWorkspace.spark()), folderToBe))
        .hasMessageContaining("it exists");
    assertThat(output.resolve("others")).hasContent("mine");
    assertThat(siblings(output)).isEmpty();
  }

  @Test
  void failedWriteLeavesNothing() {
    Path output = output();
    assertThatThrownBy(
            () ->
                OutputFolder.at(output.toString(), new Configuration())
                    .write(
                        target -> {
                          SmallWorkspace.spark().range(3).write().parquet(target);
                          throw new IllegalStateException("a fault");
                        }))
        .hasMessage("a fault");
    assertThat(output).doesNotExist();
    assertThat(siblings(output)).isEmpty();
  }

  /** What stands beside an output under a name that is made from its own. */
  private static List<Path> siblings(Path output) {
    try (Stream<Path> files = Files.list(output.getParent())) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("." + output.getFileName()))
          .collect(Collectors.toList());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void emptyInputGivesAnEmptyFolder() throws IOException {
    Path input = Files.writeString(folder.resolve("e.csv"), "body\n");
    Path output = output();
    TableEncoding.Counts counts =
        write(
            new TextSource(input.toString(), "csv", Map.of(), "body", Optional.empty()),
            output,
            encoding(TextRole.DOCUMENT, DIMENSIONS, VectorPrecision.INT8));
    assertThat(counts.rows()).isZero();
    assertThat(SmallWorkspace.spark().read().parquet(output.toString()).columns())
        .containsExactly("id", "vector");
  }

  @Test
  void whatWasEncodedIsARunOfItsOwn() throws IOException {
    write(source(json(List.of("alpha"))), output());
    List<String> runs = workspace.context().workspace().runIds();
    assertThat(runs).hasSize(1).allMatch(run -> run.startsWith("test-"));
    assertThat(workspace.context().workspace().manifests(runs.get(0)))
        .extracting(Manifest::step)
        .containsExactly("vectors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.json", "a.JSONL", "b/part*.jsonl.gz", "a.ndjson"})
  void formatFollowsFromTheName(String path) {
    assertThat(TextSource.formatOf(path)).isEqualTo("json");
  }

  @Test
  void nameThatTellsNoFormatIsAnError() {
    assertThatThrownBy(() -> TextSource.formatOf("folder"))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("--format");
  }
}
