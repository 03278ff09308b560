package dev.hone.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.LocalCache;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a model may lie, and what is copied of one that lies elsewhere. */
class ModelSourceTest {
  private static final String BUILTIN = "builtin:all-MiniLM-L6-v2";
  private static final Configuration HADOOP = new Configuration();

  @TempDir static Path shared;
  @TempDir Path folder;
  private static ModelFolder builtin;
  private LocalCache cache;

  @BeforeAll
  static void unpack() {
    builtin = ModelSource.resolve(BUILTIN, LocalCache.at(shared.resolve("cache")), HADOOP);
  }

  @BeforeEach
  void emptyCache() {
    cache = LocalCache.at(folder.resolve("cache"));
  }

  @Test
  void localFolderIsOpenedWhereItLies() throws IOException {
    Path spaced = copyTo(folder.resolve("my model (1)"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), spaced);
    for (String name : new String[] {spaced.toString(), "file:" + spaced, "file://" + spaced}) {
      assertThat(resolve(name).path()).isEqualTo(spaced);
      assertThat(resolve(name).digest()).isEqualTo(builtin.digest());
    }
    assertThat(resolve(link.toString()).digest()).isEqualTo(builtin.digest());
    assertThat(cache.root()).isEmptyDirectory();
  }

  @Test
  void folderWhoseFilesAreLinksIsOpened() throws IOException {
    Path links = Files.createDirectory(folder.resolve("snapshot"));
    try (Stream<Path> files = Files.list(copyTo(folder.resolve("blobs")))) {
      for (Path file : files.toList()) {
        Files.createSymbolicLink(links.resolve(file.getFileName()), file);
      }
    }
    assertThat(resolve(links.toString()).digest()).isEqualTo(builtin.digest());
  }

  @Test
  void nameBeyondAsciiIsOpenedWhereTheLocaleHasIt() throws IOException {
    String name = "m\u00fcller \u6a21\u578b";
    Charset ofPaths = Charset.forName(System.getProperty("sun.jnu.encoding"));
    if (ofPaths.newEncoder().canEncode(name)) {
      Path named = copyTo(folder.resolve(name));
      assertThat(resolve(named.toString()).digest()).isEqualTo(builtin.digest());
      assertThat(copied(named)).isDirectory();
    } else {
      refused(() -> resolve(folder + "/" + name), name, "LC_ALL=C.UTF-8");
    }
  }

  @Test
  void whatIsNotThereIsRefusedWithWhatToDo() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    refused(() -> resolve(folder + "/none"), folder + "/none", "Set model to builtin:");
    refused(() -> resolve(file.toString()), file.toString(), "It is a file");
    refused(() -> resolve("intfloat/e5-base"), "hf download intfloat/e5-base --local-dir models/");
    refused(() -> resolve("s3://bucket/model"), "s3://bucket/model", "s3a:// and hdfs://");
    refused(() -> resolve("bad\u0000name"), "bad", "Nul character");
    refused(() -> RemoteModel.copy("file:" + folder + "/none", cache, HADOOP), "no such folder");
    refused(() -> RemoteModel.copy("file:" + file, cache, HADOOP), "it is a file");
  }

  @Test
  void remoteModelIsCopiedWithoutWhatNobodyReads() throws IOException {
    Path remote = copyTo(folder.resolve("remote"));
    Files.writeString(remote.resolve("README.md"), "# A model");
    Files.writeString(remote.resolve("pytorch_model.bin"), "pickle");
    Files.writeString(remote.resolve("optimizer.safetensors"), "not of the model");
    Files.writeString(Files.createDirectory(remote.resolve("onnx")).resolve("m.json"), "{}");

    Path copy = copied(remote);

    assertThat(ModelFolder.open(copy).digest()).isEqualTo(builtin.digest());
    assertThat(copy.resolve("README.md")).hasContent("# A model");
    assertThat(copy.resolve("1_Pooling/config.json")).isRegularFile();
    for (String left : new String[] {"pytorch_model.bin", "optimizer.safetensors", "onnx"}) {
      assertThat(copy.resolve(left)).doesNotExist();
    }
  }

  @Test
  void shardsAreCopiedByTheirIndex() throws IOException {
    Path remote = Files.createDirectory(folder.resolve("remote"));
    Files.writeString(
        remote.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"a\": \"1.safetensors\", \"b\": \"2.safetensors\"}}");
    for (String name : new String[] {"1", "2", "3"}) {
      new MadeWeights()
          .floats(name.equals("1") ? "a" : "b", new long[] {1}, 5)
          .write(remote.resolve(name + ".safetensors"));
    }

    Path copy = copied(remote);

    assertThat(WeightFiles.in(copy).shapes()).containsOnlyKeys("a", "b");
    assertThat(copy.resolve("3.safetensors")).doesNotExist();
  }

  @Test
  void remoteModelIsCopiedOnceUntilItChanges() throws IOException {
    Path remote = copyTo(folder.resolve("remote"));
    Path first = copied(remote);
    Files.writeString(first.resolve("mark"), "still the first copy");

    assertThat(copied(remote)).isEqualTo(first);
    assertThat(first.resolve("mark")).exists();

    Files.writeString(remote.resolve("README.md"), "more", StandardOpenOption.CREATE);
    assertThat(copied(remote)).isNotEqualTo(first);

    Files.delete(remote.resolve("README.md"));
    Files.setLastModifiedTime(remote.resolve("model.safetensors"), FileTime.fromMillis(1000));
    assertThat(copied(remote)).isNotEqualTo(first);
  }

  @Test
  void remotePickleIsRefusedUncopied() throws IOException {
    Path remote = Files.createDirectory(folder.resolve("remote"));
    Files.writeString(remote.resolve("config.json"), "{}");
    Files.writeString(remote.resolve("pytorch_model.bin"), "pickle");
    refused(() -> copied(remote), "file:" + remote, "pytorch_model.bin", "SentenceTransformer");
    assertThat(cache.root()).isEmptyDirectory();
  }

  @Test
  void moduleOutsideTheRemoteFolderIsRefused() throws IOException {
    Path remote = Files.createDirectory(folder.resolve("remote"));
    for (String path : new String[] {"../other", "/etc", "a/../../b", ".", "a//b", "a\\\\b"}) {
      Files.writeString(remote.resolve("modules.json"), "[{\"path\": \"" + path + "\"}]");
      refused(() -> copied(remote), "file:" + remote, "modules.json names the folder");
    }
  }

  @Test
  void referenceFindsTheSameModelInAnotherProcess() throws Exception {
    Path local = copyTo(folder.resolve("model"));
    Path relative = Path.of("").toAbsolutePath().relativize(local);
    ModelReference reference = ModelReference.to(relative.toString(), resolve(relative.toString()));

    ModelReference received = sent(reference);
    assertThat(Path.of(received.model())).isAbsolute();
    assertThat(received.resolve(cache, HADOOP).digest()).isEqualTo(builtin.digest());
    assertThat(ModelReference.to(BUILTIN, builtin).model()).isEqualTo(BUILTIN);

    Files.writeString(local.resolve("tokenizer.json"), " ", StandardOpenOption.APPEND);
    refused(
        () -> received.resolve(cache, HADOOP),
        received.model(),
        "should be " + builtin.digest(),
        "s3a:// or hdfs://");
  }

  private static ModelReference sent(ModelReference reference) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(reference);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (ModelReference) in.readObject();
    }
  }

  private ModelFolder resolve(String model) {
    return ModelSource.resolve(model, cache, HADOOP);
  }

  private Path copied(Path remote) {
    return RemoteModel.copy("file:" + remote, cache, HADOOP);
  }

  private static Path copyTo(Path target) throws IOException {
    try (Stream<Path> files = Files.walk(builtin.path())) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(builtin.path().relativize(file).toString()));
      }
    }
    return target;
  }

  private static void refused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            HoneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessageContainingAll(parts);
  }
}
