package dev.hone.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.config.RunConfig;
import dev.hone.pipeline.SmallWorkspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Examines this JVM with its own Spark, whole or broken in one point. */
class DoctorTest {
  private static final String[] CHECKS = {
    "spark",
    "java",
    "libtorch",
    "tokenizers",
    "processor",
    "threads",
    "memory",
    "gpu",
    "cache",
    "storage"
  };

  @TempDir private Path folder;
  private Path workspace;
  private Path cache;

  @BeforeEach
  void nameFolders() {
    workspace = folder.resolve("workspace");
    cache = folder.resolve("cache");
  }

  private Examination examine(Callable<SparkSession> spark, String... settings)
      throws InterruptedException {
    List<String> sets =
        Stream.concat(Stream.of("workspace=\"" + workspace + "\""), Stream.of(settings)).toList();
    return new Doctor(
            new DoctorSettings(
                RunConfig.load(null, sets),
                new Configuration(),
                cache,
                spark,
                Duration.ofMinutes(2)))
        .examine();
  }

  private static Finding of(Examination examination, String check) {
    return examination.findings().stream()
        .filter(finding -> finding.check().equals(check))
        .findFirst()
        .orElseThrow();
  }

  /** What is broken in one point is whole in all others. */
  private static void assertTheOthersAreFine(Examination examination, String broken) {
    assertThat(examination.findings())
        .filteredOn(finding -> !finding.check().equals(broken))
        .allSatisfy(finding -> assertThat(finding.level()).isNotEqualTo(Level.FAULT))
        .extracting(Finding::check)
        .contains(
            Stream.of(CHECKS)
                .filter(one -> !one.equals(broken))
                // What is measured needs the cache.
                .filter(one -> !(broken.equals("cache") && one.equals("precision")))
                .toArray(String[]::new));
  }

  @Test
  void aHealthyMachineHasNoFaultAndNothingIsLeftBehind() throws Exception {
    Examination examination = examine(SmallWorkspace::spark);

    assertThat(examination.hasFault()).as(examination.toString()).isFalse();
    assertThat(examination.findings()).extracting(Finding::check).containsSubsequence(CHECKS);
    assertThat(of(examination, "libtorch").found()).contains("2.7.1");
    try (Stream<Path> left = Files.list(workspace)) {
      assertThat(left).isEmpty();
    }
    try (Stream<Path> left = Files.list(cache)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .allMatch(name -> name.startsWith("products-"));
    }
  }

  @Test
  void aWorkspaceThatCannotBeWrittenIsAFault() throws Exception {
    workspace = Files.writeString(folder.resolve("file"), "").resolve("workspace");

    Examination examination = examine(SmallWorkspace::spark);

    assertThat(examination.hasFault()).isTrue();
    assertThat(of(examination, "storage").found()).contains("Cannot write", "--workspace DIR");
    assertTheOthersAreFine(examination, "storage");
  }

  @Test
  void aCacheThatOthersMayWriteIsAFault() throws Exception {
    Files.createDirectories(cache);
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));

    Examination examination = examine(SmallWorkspace::spark);

    assertThat(of(examination, "cache").level()).isEqualTo(Level.FAULT);
    assertThat(of(examination, "cache").found()).contains("chmod go-w " + cache);
    assertTheOthersAreFine(examination, "cache");
  }

  @Test
  void threadsBeyondTheProcessorsAreAWarning() throws Exception {
    Examination examination = examine(SmallWorkspace::spark, "train.torch-threads=1024");

    assertThat(of(examination, "threads").level()).isEqualTo(Level.WARNING);
    assertThat(of(examination, "threads").found())
        .contains("1024 threads", Runtime.getRuntime().availableProcessors() + " processor");
    assertThat(examination.hasFault()).isFalse();
  }

  @Test
  void aSparkThatDoesNotStartHidesNoOtherCheck() throws Exception {
    Files.createDirectories(cache);
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwx---"));

    Examination examination =
        examine(
            () -> {
              throw new IOException("all masters are unresponsive");
            });

    assertThat(of(examination, "spark").level()).isEqualTo(Level.FAULT);
    assertThat(of(examination, "spark").found()).contains("all masters are unresponsive");
    assertThat(of(examination, "cache").level()).isEqualTo(Level.FAULT);
    assertThat(of(examination, "storage").level()).isEqualTo(Level.OK);
    assertThat(of(examination, "libtorch").level()).isEqualTo(Level.OK);
  }
}
