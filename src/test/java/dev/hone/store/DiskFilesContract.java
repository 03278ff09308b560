package dev.hone.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What implementations on this machine's disk promise besides: there hidden files can be seen. */
abstract class DiskFilesContract extends WorkspaceFilesContract {
  @TempDir private Path folder;

  @Override
  String root() {
    return folder.toString();
  }

  @Test
  void creatingAndReplacingLeaveNothingBesideTheName() throws IOException {
    files().createOnce(root() + "/made/once.json", "first".getBytes(UTF_8));
    files().createOnce(root() + "/made/once.json", "second".getBytes(UTF_8));
    files().replace(root() + "/noted/note.json", "first".getBytes(UTF_8));
    files().replace(root() + "/noted/note.json", "second".getBytes(UTF_8));

    assertOnly("once.json", folder.resolve("made"));
    assertOnly("note.json", folder.resolve("noted"));
  }

  private static void assertOnly(String name, Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      assertThat(paths.map(path -> path.getFileName().toString())).containsExactly(name);
    }
  }
}
