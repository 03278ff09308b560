package dev.hone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is measured of a piece of work, how it is printed, and that nothing stays. */
class MeterTest {
  @TempDir private Path folder;

  @Test
  void heapOfTheWorkIsSeen() {
    int size = 64 << 20;
    Measurement measured =
        new Meter()
            .measure(
                "b",
                7,
                () -> {
                  byte[] block = new byte[size];
                  try {
                    System.gc(); // a collection while the block is alive
                  } finally {
                    Reference.reachabilityFence(block);
                  }
                });
    assertThat(measured.documents()).isEqualTo(7);
    assertThat(measured.wall()).isPositive();
    assertThat(measured.peakHeapBytes()).isGreaterThanOrEqualTo(size);
  }

  @Test
  void tableHasOneLinePerMeasurementUnderItsHeader() {
    Measurement measurement =
        new Measurement(
            "normalize",
            200_000,
            Duration.ofSeconds(50),
            Duration.ofSeconds(80),
            3L << 30,
            1L << 30);
    List<String> lines = Measurement.table(List.of(measurement, measurement)).lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0).split("  +")).contains("documents", "seconds", "peak heap MiB");
    assertThat(lines.get(1).trim().split(" +"))
        .containsExactly("normalize", "200,000", "50.0", "4,000", "80.0", "400", "3,072", "1,024");
  }

  @Test
  void aScratchFolderGoesWithAllThatIsInIt() throws IOException {
    Path scratch = folder.resolve("scratch");
    try (Scratch open = Scratch.at(scratch)) {
      Files.createDirectories(open.folder().resolve("a/b"));
      Files.writeString(open.folder().resolve("a/b/c"), "text");
    }
    assertThat(scratch).doesNotExist();
    assertThat(folder).isEmptyDirectory();
  }
}
