package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

/** What a failure means, however deep Spark wraps it. */
class FailuresTest {
  private static int exitCode(Throwable cause) {
    return Failures.exitCode(new IllegalStateException("Job aborted", new RuntimeException(cause)));
  }

  @Test
  void aFailureThatNamesAMendIsFoundAmongTheCauses() {
    assertThat(exitCode(new HoneException(ErrorCode.INPUT, "Mend the file."))).isEqualTo(3);
  }

  @Test
  void aFullDiskIsAFailureOfTheStorageAndWorthARetry() {
    IOException full = new IOException("No space left on device");

    assertThat(exitCode(full)).isEqualTo(ErrorCode.STORAGE.exitCode());
    assertThat(exitCode(new UncheckedIOException(new IOException("Disk quota exceeded"))))
        .isEqualTo(5);
    assertThat(Failures.known(new IllegalStateException("Job aborted at /w/documents", full)))
        .hasValueSatisfying(
            known ->
                assertThat(known)
                    .hasMessageContaining("/w/documents")
                    .hasMessageContaining("Free"));
  }

  @Test
  void anythingElseIsABug() {
    assertThat(exitCode(new IOException("unexpected"))).isEqualTo(70);
    assertThat(exitCode(new IllegalArgumentException("No space left on device"))).isEqualTo(70);
  }
}
