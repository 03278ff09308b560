package dev.hone.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every implementation does alike. HDFS's way runs on Hadoop's local file system here, whose
 * rename is no atomic create: races are not for this test.
 */
class WorkspaceFilesTest {
  @TempDir Path folder;

  static Stream<WorkspaceFiles> implementations() {
    try {
      FileSystem local = FileSystem.getLocal(new Configuration()).getRaw();
      return Stream.of(new LocalFiles(), new HadoopFiles(local, false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void aNameIsCreatedOnceAndNothingLiesBesideIt(WorkspaceFiles files) throws IOException {
    String path = folder + "/published/train/d1.json";
    assertThat(files.read(path)).isEmpty();
    assertThat(files.modifiedMillis(path)).isEmpty();
    assertThat(files.createOnce(path, "first".getBytes(UTF_8))).isTrue();
    assertThat(files.createOnce(path, "second".getBytes(UTF_8))).isFalse();
    assertThat(files.read(path)).hasValue("first".getBytes(UTF_8));
    assertThat(files.modifiedMillis(path)).isPresent();
    assertOnly("d1.json", folder.resolve("published/train"));
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void aNoteIsReplacedAndDeleted(WorkspaceFiles files) throws IOException {
    String path = folder + "/tries/running.json";
    files.replace(path, "first".getBytes(UTF_8));
    files.replace(path, "second".getBytes(UTF_8));
    assertThat(files.read(path)).hasValue("second".getBytes(UTF_8));
    assertOnly("running.json", folder.resolve("tries"));
    files.delete(path);
    files.delete(path);
    assertThat(files.read(path)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void visibleFilesAreListedRelativeToTheFolder(WorkspaceFiles files) throws IOException {
    Path local = Files.writeString(folder.resolve("local"), "abc");
    String table = folder + "/data/a table";
    for (String name : List.of("a", "sub/b=1/c", "_SUCCESS", ".hidden", "_temporary/0/d")) {
      files.upload(local, table + "/" + name);
    }
    assertThat(files.list(table))
        .containsExactlyInAnyOrder(
            new WorkspaceFiles.Entry("a", 3), new WorkspaceFiles.Entry("sub/b=1/c", 3));
    assertThat(files.children(table)).containsExactly("a", "sub");
    assertThat(files.list(table + "-none")).isEmpty();
    assertThat(files.children(table + "-none")).isEmpty();
    try (InputStream stream = files.open(table + "/a")) {
      assertThat(stream).hasContent("abc");
    }
  }

  private static void assertOnly(String name, Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      assertThat(paths.map(path -> path.getFileName().toString())).containsExactly(name);
    }
  }
}
