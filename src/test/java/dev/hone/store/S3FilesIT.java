package dev.hone.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
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

/**
 * The contract, and the store's protocol, against an S3 server: what local files promise, objects
 * promise too.
 */
class S3FilesIT extends WorkspaceFilesContract {
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

  @Override
  WorkspaceFiles files() {
    return files;
  }

  @Override
  String root() {
    return server.bucket();
  }

  @Test
  void aMadeFolderIsNoFile() throws Exception {
    files.makeFolder(bucket + "made/empty");

    assertThat(files.list(bucket + "made")).isEmpty();
  }

  @Test
  void theStoreSaysThatItCreatesOnce() throws Exception {
    assertThat(files.canCreateOnce(bucket)).isTrue();
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
  void aWorkspaceOpensAtTheRootOfABucketAndBelowIt() {
    for (String uri : List.of(server.bucket(), bucket, bucket + "deep/er/")) {
      Workspace workspace = Workspace.open(uri, server.configuration());
      assertThat(workspace.runIds()).isEmpty();
      assertThat(workspace.commit("train", "d1-of-nobody")).isEmpty();
    }
  }
}
