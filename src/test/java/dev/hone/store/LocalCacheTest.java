package dev.hone.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCacheTest {
  @TempDir Path folder;

  @Test
  void itIsMadeForItsUserAlone() throws IOException {
    Path root = LocalCache.at(folder.resolve("a/cache")).root();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
        .isEqualTo("rwx------");
  }

  @Test
  void oneThatOthersMayWriteIsRefused() throws IOException {
    for (String permissions : List.of("rwxrwxrwx", "rwxrwx---", "rwx----w-")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
      assertThatThrownBy(() -> LocalCache.at(folder))
          .isInstanceOf(HoneException.class)
          .hasMessageContaining("chmod go-w " + folder);
    }
  }

  @Test
  void anEntryIsFilledOnce() throws IOException {
    LocalCache cache = LocalCache.at(folder.resolve("cache"));
    Path entry = cache.entry("model", target -> Files.writeString(target.resolve("f"), "1"));
    Path again = cache.entry("model", target -> Files.writeString(target.resolve("f"), "2"));
    assertThat(again).isEqualTo(entry);
    assertThat(entry.resolve("f")).hasContent("1");
  }

  @Test
  void anEntryWhoseFillingFailsLeavesNothing() {
    LocalCache cache = LocalCache.at(folder.resolve("cache"));
    assertThatThrownBy(
            () ->
                cache.entry(
                    "model",
                    target -> {
                      Files.writeString(target.resolve("f"), "half");
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("disk full");
    assertThat(cache.root()).isEmptyDirectory();
  }

  @Test
  void ofTwoThatFillAtOnceBothSeeOneWholeEntry() throws Exception {
    LocalCache cache = LocalCache.at(folder.resolve("cache"));
    CyclicBarrier bothFilled = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Path>> entries =
          List.of("1", "2").stream()
              .map(content -> threads.submit(() -> fill(cache, bothFilled, content)))
              .toList();
      Path first = entries.get(0).get();
      assertThat(entries.get(1).get()).isEqualTo(first);
      assertThat(Files.readString(first.resolve("a")))
          .isEqualTo(Files.readString(first.resolve("b")));
    } finally {
      threads.shutdownNow();
    }
    assertThat(cache.root()).isDirectoryNotContaining("glob:**.tmp-*");
  }

  private static Path fill(LocalCache cache, CyclicBarrier bothFilled, String content) {
    return cache.entry(
        "model",
        target -> {
          Files.writeString(target.resolve("a"), content);
          Files.writeString(target.resolve("b"), content);
          try {
            bothFilled.await();
          } catch (Exception e) {
            throw new IOException(e);
          }
        });
  }
}
