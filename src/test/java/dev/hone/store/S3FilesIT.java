package dev.hone.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store's protocol against an S3 server: what local files promise, objects promise too. */
class S3FilesIT {
  private static final int RACES = 30;
  private static final int RACERS = 4;

  @TempDir private static Path folder;
  private static S3Server server;
  private static String bucket;
  private static HadoopFiles files;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start(folder);
    bucket = server.bucket() + "/";
    files =
        new HadoopFiles(FileSystem.newInstance(URI.create(bucket), server.configuration()), true);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void theStoreSaysThatItCreatesOnce() throws Exception {
    assertThat(files.canCreateOnce(bucket)).isTrue();
  }

  @Test
  void aNameIsCreatedOnce() throws Exception {
    String path = bucket + "published/train/d1.json";
    assertThat(files.read(path)).isEmpty();
    assertThat(files.modifiedMillis(path)).isEmpty();
    assertThat(files.createOnce(path, "first".getBytes(UTF_8))).isTrue();
    assertThat(files.createOnce(path, "second".getBytes(UTF_8))).isFalse();
    assertThat(files.read(path)).hasValue("first".getBytes(UTF_8));
    assertThat(files.modifiedMillis(path)).isPresent();
    assertThat(files.children(bucket + "published/train")).containsExactly("d1.json");
  }

  @Test
  void ofSeveralWritersExactlyOneCreates() throws Exception {
    ExecutorService racers = Executors.newFixedThreadPool(RACERS);
    try {
      for (int race = 0; race < RACES; race++) {
        String path = bucket + "races/" + race + ".json";
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int racer = 0; racer < RACERS; racer++) {
          byte[] content = ("racer " + racer).getBytes(UTF_8);
          writers.add(() -> files.createOnce(path, content));
        }
        List<String> winners = new ArrayList<>();
        for (Future<Boolean> created : racers.invokeAll(writers)) {
          winners.add(String.valueOf(created.get()));
        }
        assertThat(winners).as("race %d", race).containsOnlyOnce("true");
      }
    } finally {
      racers.shutdownNow();
    }
  }

  @Test
  void aNoteIsReplacedAndDeleted() throws Exception {
    String path = bucket + "tries/running.json";
    files.replace(path, "first".getBytes(UTF_8));
    files.replace(path, "second".getBytes(UTF_8));
    assertThat(files.read(path)).hasValue("second".getBytes(UTF_8));
    files.delete(path);
    files.delete(path);
    assertThat(files.read(path)).isEmpty();
  }

  @Test
  void visibleFilesAreListedRelativeToTheFolder() throws Exception {
    Path local = Files.writeString(folder.resolve("local"), "abc");
    String table = bucket + "data/a table";
    for (String name : List.of("a", "sub/b=1/c", "_SUCCESS", ".hidden", "_temporary/0/d")) {
      files.upload(local, table + "/" + name);
    }
    files.makeFolder(table + "/empty");
    assertThat(files.list(table))
        .containsExactlyInAnyOrder(
            new WorkspaceFiles.Entry("a", 3), new WorkspaceFiles.Entry("sub/b=1/c", 3));
    assertThat(files.children(table)).contains("a", "sub");
    assertThat(files.list(table + "-none")).isEmpty();
    assertThat(files.children(table + "-none")).isEmpty();
    try (InputStream stream = files.open(table + "/a")) {
      assertThat(stream).hasContent("abc");
    }
  }

  @Test
  void aWorkspaceOpensAtTheRootOfABucketAndBelowIt() {
    for (String uri : List.of(server.bucket(), bucket, bucket + "deep/er/")) {
      Workspace workspace = Workspace.open(uri, server.configuration());
      assertThat(workspace.runIds()).isEmpty();
      assertThat(workspace.commit("train", "d1-of-nobody")).isEmpty();
    }
  }
}
