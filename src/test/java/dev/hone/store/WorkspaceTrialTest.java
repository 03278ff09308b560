package dev.hone.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTrialTest {
  @TempDir private Path folder;

  private Workspace open(String name) {
    return Workspace.open(folder.resolve(name).toString(), new Configuration());
  }

  @Test
  void itsFileIsSeenByWhoOpensTheSameWorkspaceUntilItIsClosed() throws Exception {
    WorkspaceTrial trial = WorkspaceTrial.of(open("one"));

    assertThat(WorkspaceTrial.isSeen(open("one"), trial.name())).isTrue();
    assertThat(WorkspaceTrial.isSeen(open("other"), trial.name())).isFalse();

    trial.close();
    try (Stream<Path> left = Files.list(folder.resolve("one"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void theClockOfThisMachinesDiskIsItsOwn() {
    try (WorkspaceTrial trial = WorkspaceTrial.of(open("one"))) {
      assertThat(trial.clockAhead().abs()).isLessThan(Duration.ofSeconds(1));
    }
  }
}
