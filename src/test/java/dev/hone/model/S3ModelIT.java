package dev.hone.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.LocalCache;
import dev.hone.store.S3Server;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A base model on S3. */
class S3ModelIT {
  @TempDir private Path folder;

  @Test
  void modelOnS3IsTheOneThatWasPutThere() throws Exception {
    LocalCache cache = LocalCache.at(folder.resolve("cache"));
    try (S3Server server = S3Server.start(folder)) {
      Configuration hadoop = server.configuration();
      ModelFolder builtin = ModelSource.resolve("builtin:all-MiniLM-L6-v2", cache, hadoop);
      String uri = server.bucket() + "/models/my model";
      upload(builtin.path(), uri, hadoop);

      ModelFolder first = ModelSource.resolve(uri, cache, hadoop);
      ModelFolder again = ModelSource.resolve(uri + "/", cache, hadoop);
      assertThat(first.digest()).isEqualTo(builtin.digest());
      assertThat(again.path()).isEqualTo(first.path());

      put(
          uri + "/1_Pooling/config.json",
          "{\"pooling_mode\": \"cls\"}".getBytes(StandardCharsets.UTF_8),
          hadoop);
      ModelFolder changed = ModelSource.resolve(uri, cache, hadoop);
      assertThat(changed.pooling()).isEqualTo(Pooling.CLS);

      assertThatThrownBy(() -> ModelSource.resolve(server.bucket() + "/none", cache, hadoop))
          .isInstanceOfSatisfying(
              HoneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
          .hasMessageContaining("there is no such folder");
    }
  }

  private static void upload(Path local, String uri, Configuration hadoop) throws IOException {
    try (Stream<Path> files = Files.walk(local)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        put(uri + "/" + local.relativize(file), Files.readAllBytes(file), hadoop);
      }
    }
  }

  private static void put(String uri, byte[] content, Configuration hadoop) throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(uri);
    FileSystem files = path.getFileSystem(hadoop);
    try (OutputStream out = files.create(path, true)) {
      out.write(content);
    }
  }
}
