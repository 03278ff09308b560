package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.model.ModelSource;
import dev.hone.pipeline.SmallWorkspace;
import dev.hone.store.LocalCache;
import dev.hone.text.TextRole;
import dev.hone.torch.Encoder;
import dev.hone.torch.WordNetTexts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code encode} in JVMs of its own, on one task, two, and two executors. */
class EncodeIT {
  private static final List<String> TEXTS = WordNetTexts.ofAllLengths(200);

  @TempDir private Path folder;
  private Path input;

  @BeforeEach
  void writeInput() throws Exception {
    List<String> lines =
        TEXTS.stream().map(text -> "\"" + text.replace("\"", "\"\"") + "\"").toList();
    input = folder.resolve("texts.csv");
    Files.writeString(input, "body\n" + String.join("\n", lines) + "\n");
  }

  private HoneProcess encode(String name, String master, String... more) throws Exception {
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of("encode", "--input", input.toString(), "--text-column", "body"));
    arguments.addAll(List.of("--output", folder.resolve(name).toString()));
    arguments.addAll(List.of("--workspace", folder.resolve("workspace").toString()));
    arguments.addAll(List.of(more));
    HoneProcess process =
        HoneProcess.start(
            folder,
            name,
            master,
            java.util.Map.of(
                "spark.executor.extraClassPath",
                Path.of("target/hone.jar").toAbsolutePath()
                    + ":"
                    + Path.of("target/lib").toAbsolutePath()
                    + "/*"),
            arguments.toArray(String[]::new));
    process.exitCode();
    return process;
  }

  @ParameterizedTest
  @ValueSource(strings = {"local[1]", "local[2]", "local-cluster[2,1,1024]"})
  void vectorsAreTheEncodersBitForBit(String master) throws Exception {
    HoneProcess process = encode("vectors", master);
    assertThat(process.exitCode()).as(process.errors()).isZero();
    assertThat(process.output().strip()).isEqualTo(folder.resolve("vectors").toString());
    assertThat(process.errors()).contains("200 rows", "0 were known");

    List<Row> rows =
        SmallWorkspace.spark()
            .read()
            .parquet(folder.resolve("vectors").toString())
            .orderBy("id")
            .collectAsList();
    LocalCache cache = LocalCache.at(folder.resolve("cache"));
    try (Encoder encoder =
        Encoder.open(
            ModelSource.resolve("builtin:all-MiniLM-L6-v2", cache, new Configuration(false)),
            1,
            cache)) {
      float[][] expected = encoder.encode(TEXTS, TextRole.DOCUMENT).vectors();
      for (int i = 0; i < expected.length; i++) {
        float[] vector = expected[i];
        assertThat(rows.get(i).getList(1))
            .isEqualTo(IntStream.range(0, vector.length).mapToObj(d -> vector[d]).toList());
      }
    }
  }

  @Test
  void existingFolderAndTooManyDimensionsAreErrorsOfTheCommand() throws Exception {
    Files.createDirectory(folder.resolve("there"));
    HoneProcess exists = encode("there", "local[1]");
    assertThat(exists.exitCode()).isEqualTo(2);
    assertThat(exists.errors()).contains("it exists");

    HoneProcess dimensions = encode("short", "local[1]", "--dim", "385");
    assertThat(dimensions.exitCode()).isEqualTo(2);
    assertThat(dimensions.errors()).contains("from 1 to 384");
  }
}
