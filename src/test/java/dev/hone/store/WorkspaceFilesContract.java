package dev.hone.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every implementation of {@link WorkspaceFiles} promises, wherever it keeps its files. */
abstract class WorkspaceFilesContract {
  @TempDir private Path local;

  abstract WorkspaceFiles files() throws IOException;

  /** Where the implementation may write, without a slash at its end. */
  abstract String root();

  @Test
  void aNameIsCreatedOnceAndNothingLiesBesideIt() throws IOException {
    WorkspaceFiles files = files();
    String path = root() + "/published/train/d1.json";
    assertThat(files.read(path)).isEmpty();
    assertThat(files.modifiedMillis(path)).isEmpty();
    assertThat(files.createOnce(path, "first".getBytes(UTF_8))).isTrue();
    assertThat(files.createOnce(path, "second".getBytes(UTF_8))).isFalse();
    assertThat(files.read(path)).hasValue("first".getBytes(UTF_8));
    assertThat(files.modifiedMillis(path)).isPresent();
    assertThat(files.children(root() + "/published/train")).containsExactly("d1.json");
  }

  @Test
  void aNoteIsReplacedAndDeleted() throws IOException {
    WorkspaceFiles files = files();
    String path = root() + "/tries/running.json";
    files.replace(path, "first".getBytes(UTF_8));
    files.replace(path, "second".getBytes(UTF_8));
    assertThat(files.read(path)).hasValue("second".getBytes(UTF_8));
    assertThat(files.children(root() + "/tries")).containsExactly("running.json");
    files.delete(path);
    files.delete(path);
    assertThat(files.read(path)).isEmpty();
  }

  @Test
  void visibleFilesAreListedRelativeToTheFolder() throws IOException {
    WorkspaceFiles files = files();
    Path content = Files.writeString(local.resolve("local"), "abc");
    String table = root() + "/data/a table";
    for (String name : List.of("a", "sub/b=1/c", "_SUCCESS", ".hidden", "_temporary/0/d")) {
      files.upload(content, table + "/" + name);
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
}
