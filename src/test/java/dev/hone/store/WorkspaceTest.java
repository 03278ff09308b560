package dev.hone.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.Workspace.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkspaceTest {
  // FIPS 180-2, appendix B.1: SHA-256 of "abc".
  private static final String SHA256_OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir Path folder;
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = StoreProcess.open(folder.resolve("workspace"));
  }

  @Test
  void itIsMadeWhereItIsMissingAndTheProbeLeavesNothing() {
    assertThat(folder.resolve("workspace")).isEmptyDirectory();
  }

  @Test
  void aPathAndAFileUriNameTheSameFolder() {
    String expected = folder.resolve("workspace").toString();
    for (String uri : List.of(expected, expected + "/", "file:" + expected, "file://" + expected)) {
      assertThat(Workspace.open(uri, new Configuration(false)).uri()).isEqualTo(expected);
    }
  }

  @Test
  void anUnwritableOneIsRefusedWithWhatToDo() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    for (String uri : List.of(file + "/workspace", file.toString(), "/proc/hone")) {
      assertFailure(() -> Workspace.open(uri, new Configuration(false)), ErrorCode.STORAGE)
          .hasMessageContaining("Cannot write to the workspace " + uri)
          .hasMessageContaining("--workspace");
    }
  }

  @Test
  void firstChoiceOfARunStays() {
    assertThat(workspace.chosen("r1", "train.torch-threads", () -> "4")).isEqualTo("4");
    assertThat(workspace.chosen("r1", "train.torch-threads", () -> "2")).isEqualTo("4");
    assertThat(workspace.chosen("r1", "encode.precision", () -> "BF16")).isEqualTo("BF16");
    assertThat(workspace.chosen("r2", "train.torch-threads", () -> "2")).isEqualTo("2");
    assertThat(workspace.manifests("r1")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gs://bucket/hone", "s3://bucket/hone", "http://host/hone", "viewfs:/h"})
  void anyOtherFileSystemIsRefused(String uri) {
    assertFailure(() -> Workspace.open(uri, new Configuration(false)), ErrorCode.CONFIGURATION)
        .hasMessageContaining(uri)
        .hasMessageContaining("s3a://");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/b", "..", ".hidden", "", "a b", "ü", "a\n", "a\0", "%2e%2e"})
  void anIdThatIsNotSafeInAPathIsRefused(String id) {
    assertFailure(() -> workspace.tablePath("train", id, "t"), ErrorCode.CONFIGURATION);
    assertFailure(() -> workspace.commit("train", id), ErrorCode.CONFIGURATION);
    assertFailure(() -> workspace.manifests(id), ErrorCode.CONFIGURATION);
    assertFailure(() -> StoreProcess.commit(id, "a", 1), ErrorCode.CONFIGURATION);
    assertFailure(() -> new Manifest("r", "train", id, "d"), ErrorCode.CONFIGURATION);
    assertFailure(() -> Tries.notes(workspace, id), ErrorCode.CONFIGURATION);
  }

  @Test
  void anIdHas128CharactersAtMost() {
    assertThat(Ids.check("run-id", "a".repeat(128))).hasSize(128);
    assertFailure(() -> Ids.check("run-id", "a".repeat(129)), ErrorCode.CONFIGURATION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../part", "/part", "a//b", "a/../b", "./a", "", "a/"})
  void aFileOfACommitStaysBelowItsFolder(String path) {
    assertThatThrownBy(() -> new CommittedFile(path, 1, SHA256_OF_ABC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be relative");
  }

  @Test
  void theSameManifestMayBeWrittenAgainAndAnotherDigestIsRefused() {
    Manifest manifest = new Manifest("medquad-1", "train", "all", "d1");
    workspace.writeManifest(manifest);
    workspace.writeManifest(manifest);
    assertFailure(
            () -> workspace.writeManifest(new Manifest("medquad-1", "train", "all", "d2")),
            ErrorCode.CONFIGURATION)
        .hasMessageContaining("run-id medquad-1 already names another digest")
        .hasMessageContaining("d1, this one is d2");
    assertThat(workspace.manifests("medquad-1")).containsExactly(manifest);
  }

  @Test
  void manifestsAndRunsAreListedInOrder() throws IOException {
    Manifest train = new Manifest("b", "train", "all", "d1");
    Manifest second = new Manifest("b", "negatives", "1", "d2");
    Manifest first = new Manifest("b", "negatives", "0", "d3");
    List.of(train, second, first).forEach(workspace::writeManifest);
    workspace.writeManifest(new Manifest("a", "train", "all", "d1"));
    Files.createDirectory(folder.resolve("workspace/runs/not a run"));
    assertThat(workspace.manifests("b")).containsExactly(first, second, train);
    assertThat(workspace.manifests("none")).isEmpty();
    assertThat(workspace.runIds()).containsExactly("a", "b");
  }

  @Test
  void aFolderIsDescribedByItsVisibleFilesInOrder() throws IOException {
    Path table = Path.of(workspace.tablePath("normalize", "a1", "documents"));
    for (String name :
        List.of("b", "a", "sub/c", "_SUCCESS", ".a.crc", ".hidden/x", "_temporary/0/part-0")) {
      Files.createDirectories(table.resolve(name).getParent());
      Files.writeString(table.resolve(name), "abc");
    }
    assertThat(workspace.describe(table.toString()))
        .containsExactly(
            new CommittedFile("a", 3, SHA256_OF_ABC),
            new CommittedFile("b", 3, SHA256_OF_ABC),
            new CommittedFile("sub/c", 3, SHA256_OF_ABC));
    assertThat(workspace.describe(table + "-none")).isEmpty();
  }

  @Test
  void verificationNamesWhatIsMissingCutChangedOrAdded() throws IOException {
    Path table = Path.of(workspace.tablePath("normalize", "a1", "documents"));
    Files.createDirectories(table);
    for (String name : List.of("changed", "cut", "missing", "whole")) {
      Files.writeString(table.resolve(name), "abc");
    }
    Commit commit = commitOf(table);
    assertThat(workspace.verify(commit, Check.CHECKSUMS)).isEmpty();
    Files.writeString(table.resolve("changed"), "abd");
    Files.writeString(table.resolve("cut"), "ab");
    Files.delete(table.resolve("missing"));
    Files.writeString(table.resolve("zombie"), "late");
    List<String> bySize =
        List.of(
            table + "/cut has 2 bytes, published were 3",
            table + "/missing is missing",
            table + "/zombie was not published");
    assertThat(workspace.verify(commit, Check.SIZES)).containsExactlyElementsOf(bySize);
    assertThat(workspace.verify(commit, Check.CHECKSUMS))
        .containsAll(bySize)
        .contains(table + "/changed has other content than was published")
        .hasSize(4);
  }

  private Commit commitOf(Path table) {
    List<CommittedFile> files = workspace.describe(table.toString());
    return new Commit(
        "normalize",
        "d1",
        "a1",
        "1.0",
        "2025-12-31T23:59:00Z",
        "2026-01-01T00:00:00Z",
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        List.of(new CommittedTable("documents", 1, 4, files)),
        List.of());
  }

  @Test
  void anArtifactComesBackAsItWasUploaded() throws IOException {
    Path model = Files.createDirectories(folder.resolve("model/1_Pooling")).getParent();
    Files.writeString(model.resolve("config.json"), "abc");
    Files.writeString(model.resolve("1_Pooling/config.json"), "{}");
    String artifact = workspace.artifactPath("train", "a1", "model");
    workspace.upload(model, artifact);
    List<CommittedFile> files = workspace.describe(artifact);
    assertThat(files)
        .extracting(CommittedFile::path)
        .containsExactly("1_Pooling/config.json", "config.json");
    workspace.download(artifact, files, folder.resolve("copy"));
    assertThat(folder.resolve("copy/config.json")).hasContent("abc");
    assertThat(folder.resolve("copy/1_Pooling/config.json")).hasContent("{}");
  }

  @Test
  void aFlippedBitIsFoundOnDownloadAndNotKept() throws IOException {
    String artifact = workspace.artifactPath("train", "a1", "model");
    Path weights = Path.of(artifact, "model.safetensors");
    Files.createDirectories(weights.getParent());
    byte[] content = new byte[100_000];
    Files.write(weights, content);
    List<CommittedFile> files = workspace.describe(artifact);
    content[77_777] ^= 1;
    Files.write(weights, content);
    Path copy = folder.resolve("copy");
    assertFailure(() -> workspace.download(artifact, files, copy), ErrorCode.STORAGE)
        .hasMessageContaining(weights.toString())
        .hasMessageContaining("not what was published");
    assertThat(copy.resolve("model.safetensors")).doesNotExist();
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertFailure(
      ThrowingCallable call, ErrorCode code) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            HoneException.class, failure -> assertThat(failure.code()).isEqualTo(code));
  }
}
