package dev.hone.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights in one file or several, in three number formats, and everything that can be wrong. */
class WeightFilesTest {
  private static final long[] TWO = {2};

  @TempDir Path folder;

  @Test
  void valuesOfAllThreeFormatsAreExact() throws IOException {
    new MadeWeights()
        .floats("a", new long[] {2, 1}, 1.5f, -0.0f)
        .halves("b", "F16", new long[] {4}, 0x3c00, 0x8001, 0x7bff, 0x0400)
        .halves("c", "BF16", TWO, 0x3f80, 0xc040)
        .floats("d", new long[] {}, 7)
        .floats("e", new long[] {0, 3})
        .write(folder.resolve("model.safetensors"));

    var read = WeightFiles.in(folder).read(List.of("a", "b", "c", "d", "e"));

    assertThat(read.get("a").values()).containsExactly(1.5f, -0.0f);
    assertThat(read.get("a").shape()).containsExactly(2, 1);
    assertThat(read.get("b").values()).containsExactly(1f, -0x1p-24f, 65504f, 0x1p-14f);
    assertThat(read.get("c").values()).containsExactly(1f, -3f);
    assertThat(read.get("d").values()).containsExactly(7f);
    assertThat(read.get("e").values()).isEmpty();
  }

  @Test
  void onlyWhatIsAskedForIsRead() throws IOException {
    new MadeWeights()
        .raw("embeddings.position_ids", "I64", TWO, new byte[16])
        .floats("kept", TWO, 1, 2)
        .raw("quantized", "I8", TWO, new byte[2])
        .write(folder.resolve("model.safetensors"));

    WeightFiles weights = WeightFiles.in(folder);

    assertThat(weights.shapes()).containsOnlyKeys("embeddings.position_ids", "kept", "quantized");
    assertThat(weights.read(List.of("kept"))).containsOnlyKeys("kept");
    refused(
        () -> weights.read(List.of("quantized")),
        "model.safetensors",
        "tensor quantized has dtype I8",
        "F32, F16 and BF16");
  }

  @Test
  void shardsAreOneSetOfWeights() throws IOException {
    new MadeWeights().floats("a", TWO, 1, 2).write(folder.resolve("one.safetensors"));
    new MadeWeights()
        .floats("b", TWO, 3, 4)
        .floats("unmapped", TWO, 0, 0)
        .write(folder.resolve("two.safetensors"));
    index("a", "one.safetensors", "b", "two.safetensors");

    WeightFiles weights = WeightFiles.in(folder);

    assertThat(weights.shapes()).containsOnlyKeys("a", "b");
    assertThat(weights.read(List.of("a", "b")).get("b").values()).containsExactly(3f, 4f);
    assertThat(weights.files())
        .extracting(file -> file.getFileName().toString())
        .containsExactly("model.safetensors.index.json", "one.safetensors", "two.safetensors");
  }

  @Test
  void brokenSetOfShardsNamesTheShard() throws IOException {
    new MadeWeights().floats("a", TWO, 1, 2).write(folder.resolve("one.safetensors"));
    index("a", "one.safetensors", "b", "two.safetensors");
    refusedFolder("model.safetensors.index.json", "two.safetensors, which is not in the folder");

    index("a", "one.safetensors", "b", "one.safetensors");
    refusedFolder("one.safetensors: tensor b should be in it", "not among its 1 tensors");

    Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {}}");
    refusedFolder("should have a weight_map");
    Files.writeString(folder.resolve("model.safetensors.index.json"), "{");
    refusedFolder("model.safetensors.index.json", "it is not JSON");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../one.safetensors",
        "/etc/one.safetensors",
        "sub/one.safetensors",
        "..\\one.safetensors",
        "one.safetensors\u0000.safetensors",
        "one.bin",
        ""
      })
  void shardOutsideTheFolderIsNeverOpened(String name) throws IOException {
    index("a", name);
    refusedFolder("model.safetensors.index.json", "'" + name + "'", "of its own folder");
  }

  @Test
  void pickleIsRefusedWithTheCommandThatConverts() throws IOException {
    Path quoted = Files.createDirectory(folder.resolve("it's a model"));
    Files.writeString(quoted.resolve("pytorch_model.bin.index.json"), "{}");
    refused(
        () -> WeightFiles.in(quoted),
        "pytorch_model.bin.index.json",
        "never read",
        "SentenceTransformer",
        "it'\\''s a model-safetensors'");
  }

  @Test
  void folderWithoutWeightsSaysWhatItHas() throws IOException {
    Files.writeString(folder.resolve("tf_model.h5"), "");
    refusedFolder("neither model.safetensors nor model.safetensors.index.json", "tf_model.h5");
  }

  @Test
  void truncatedFileNamesTheFirstTensorThatIsCut() throws IOException {
    Path file =
        new MadeWeights()
            .floats("first", TWO, 1, 2)
            .floats("second", TWO, 3, 4)
            .floats("third", TWO, 5, 6)
            .write(folder.resolve("model.safetensors"));
    long size = Files.size(file);
    truncate(file, size - 10);
    refusedFolder(
        "tensor second should end at byte " + (size - 8), "the file ends at byte " + (size - 10));
    truncate(file, 40);
    refusedFolder("its header should end at byte " + (size - 24), "the file ends at byte 40");
    truncate(file, 5);
    refusedFolder("it has 5 bytes");
    truncate(file, 0);
    refusedFolder("it has 0 bytes");
  }

  @Test
  void whatIsNoSafetensorsFileSaysSo() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
    refusedFolder("pointer of Git LFS", "git lfs pull");
    Files.writeString(file, "PK\u0003\u0004 and so on, a zip file");
    refusedFolder("its first 8 bytes should be the length of its header");
    Files.write(file, new byte[100]);
    refusedFolder("and say 0");
    Files.write(file, new byte[] {3, 0, 0, 0, 0, 0, 0, 0, '{', 'x', '}'});
    refusedFolder("its header is not JSON");
  }

  @Test
  void offsetsThatLeaveHolesOrOverlapAreRefused() throws IOException {
    damaged(header -> offsets(header, "b", 12, 20), "tensor b should begin at byte 8", "byte 12");
    damaged(header -> offsets(header, "b", 4, 12), "tensor b should begin at byte 8", "byte 4");
    damaged(header -> offsets(header, "b", 8, 12), "tensor b of shape [2]", "8 bytes", "leave 4");
    damaged(header -> offsets(header, "b", 16, 8), "tensor b", "leave -8");
    damaged(header -> offsets(header, "b", -8, 0), "tensor b should have a dtype");
    damaged(header -> header.remove("b"), "its last tensor, a, ends at byte", "and the file at");
  }

  @Test
  void shapesThatCannotBeAreRefused() throws IOException {
    damaged(header -> shape(header, "b", 3), "tensor b of shape [3]", "should have 12 bytes");
    damaged(header -> shape(header, "b", -2), "tensor b should have a dtype, a shape");
    damaged(header -> shape(header, "b", 1L << 40, 1L << 40), "tensor b", "impossible shape");
    damaged(
        header -> ((ObjectNode) header.get("b")).put("shape", "2"), "tensor b should have a dtype");
    damaged(header -> header.put("b", 1), "tensor b should have a dtype");
  }

  @Test
  void tensorNamedTwiceIsRefused() throws IOException {
    byte[] header =
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}")
            .getBytes(StandardCharsets.UTF_8);
    byte[] file = Arrays.copyOf(new byte[] {(byte) header.length}, 8 + header.length);
    System.arraycopy(header, 0, file, 8, header.length);
    Files.write(folder.resolve("model.safetensors"), file);
    refusedFolder("not JSON: Duplicate field 'a'");
  }

  @Test
  void tensorBeyondJavasArraysIsRefusedUnread() throws IOException {
    long values = 1L << 31;
    Path file =
        new MadeWeights()
            .header(header -> header.putObject("huge").put("dtype", "BF16"))
            .header(header -> shape(header, "huge", values))
            .header(header -> offsets(header, "huge", 0, 2 * values))
            .write(folder.resolve("model.safetensors"));
    truncate(file, Files.size(file) + 2 * values); // sparse: no disk is used

    WeightFiles weights = WeightFiles.in(folder);
    refused(() -> weights.read(List.of("huge")), "tensor huge has 2147483648 values", "2147483639");
  }

  private void damaged(Consumer<ObjectNode> change, String... parts) throws IOException {
    new MadeWeights()
        .floats("a", TWO, 1, 2)
        .floats("b", TWO, 3, 4)
        .header(change)
        .write(folder.resolve("model.safetensors"));
    refusedFolder(parts);
  }

  private static void offsets(ObjectNode header, String name, long begin, long end) {
    ((ObjectNode) header.get(name)).putArray("data_offsets").add(begin).add(end);
  }

  private static void shape(ObjectNode header, String name, long... sizes) {
    var shape = ((ObjectNode) header.get(name)).putArray("shape");
    Arrays.stream(sizes).forEach(shape::add);
  }

  private void index(String... namesAndFiles) throws IOException {
    ObjectNode root = new ObjectMapper().createObjectNode();
    ObjectNode map = root.putObject("weight_map");
    for (int i = 0; i < namesAndFiles.length; i += 2) {
      map.put(namesAndFiles[i], namesAndFiles[i + 1]);
    }
    Files.writeString(folder.resolve("model.safetensors.index.json"), root.toString());
  }

  private static void truncate(Path file, long size) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(size);
    }
  }

  private void refusedFolder(String... parts) {
    refused(() -> WeightFiles.in(folder), parts);
  }

  private void refused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            HoneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessageContaining(folder.getFileName().toString())
        .hasMessageContainingAll(parts);
  }
}
