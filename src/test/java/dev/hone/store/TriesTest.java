package dev.hone.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TriesTest {
  private static final String RUN = "medquad-1";

  @TempDir Path folder;
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = StoreProcess.open(folder);
  }

  @Test
  void aTryIsSeenWhileItRunsAndWhenItEnds() {
    try (Tries attempt = start(IfRunning.EXIT)) {
      assertThat(Tries.notes(workspace, RUN))
          .singleElement()
          .returns(attempt.attempt(), TryNote::attempt)
          .returns("running", TryNote::status)
          .returns(null, TryNote::finishedAt);
      attempt.succeeded();
      attempt.failed(5);
    }
    assertThat(Tries.notes(workspace, RUN))
        .singleElement()
        .returns("succeeded", TryNote::status)
        .returns(null, TryNote::errorCode)
        .returns("{}", TryNote::config)
        .returns("cpu", TryNote::device);
    assertThat(running()).doesNotExist();
  }

  @Test
  void aTryThatIsLeftWithoutAnEndHasFailed() {
    start(IfRunning.EXIT).close();
    assertThat(Tries.notes(workspace, RUN))
        .singleElement()
        .returns("failed", TryNote::status)
        .returns(70, TryNote::errorCode);
  }

  @Test
  void aSecondProcessExitsWithCode8WhereTheFirstLives() throws Exception {
    try (StoreProcess first = StoreProcess.start("hold", folder, RUN);
        StoreProcess second = StoreProcess.start("exit", folder, RUN + "-other")) {
      first.answer();
      first.answer();
      second.answer();
      assertThat(second.answer()).as("another run is free").doesNotStartWith("8 ");
      try (StoreProcess third = StoreProcess.start("exit", folder, RUN)) {
        third.answer();
        assertThat(third.answer()).startsWith("8 ").contains("process " + first.pid());
      }
    }
  }

  @Test
  void aKilledTryHoldsNothingAndReadsAsDied() throws Exception {
    String killed;
    try (StoreProcess first = StoreProcess.start("hold", folder, RUN)) {
      first.answer();
      killed = first.answer();
      first.kill();
    }
    assertThat(running()).exists();
    try (Tries next = start(IfRunning.EXIT)) {
      assertThat(Tries.notes(workspace, RUN))
          .extracting(TryNote::attempt, TryNote::status)
          .containsExactly(tuple(killed, "died"), tuple(next.attempt(), "running"));
    }
  }

  @Test
  void aWaitingProcessStartsWhenTheOtherHasFinished() throws Exception {
    try (StoreProcess first = StoreProcess.start("hold", folder, RUN)) {
      first.answer();
      String firstAttempt = first.answer();
      try (StoreProcess second = StoreProcess.start("wait", folder, RUN)) {
        second.answer();
        first.send("stop");
        assertThat(first.answer()).isEqualTo("stopped");
        String secondAttempt = second.answer();
        List<TryNote> notes = Tries.notes(workspace, RUN);
        assertThat(notes).extracting(TryNote::attempt).containsExactly(firstAttempt, secondAttempt);
        assertThat(Instant.parse(notes.get(1).startedAt()))
            .isAfterOrEqualTo(Instant.parse(notes.get(0).finishedAt()));
      }
    }
  }

  @Test
  void triesThatProceedBesideEachOtherAllReadAsRunning() throws Exception {
    try (Tries first = start(IfRunning.PROCEED);
        StoreProcess second = StoreProcess.start("hold", folder, RUN)) {
      second.answer();
      String other = second.answer();
      assertThat(Tries.notes(workspace, RUN))
          .extracting(TryNote::attempt)
          .containsExactly(first.attempt(), other);
      assertThat(Tries.notes(workspace, RUN)).extracting(TryNote::status).containsOnly("running");
      first.succeeded();
      assertThat(running()).as("the other's note").exists();
    }
  }

  @Test
  void aNoteOfAnotherHostHoldsForAMinuteByTheStoresClock() throws IOException {
    Files.createDirectories(running().getParent());
    Files.writeString(
        running(),
        """
        {"command": "train", "attempt": "a1", "host": "elsewhere.invalid", "pid": 1,
         "processStart": "", "updatedAt": "2001-01-01T00:00:00Z"}""");
    assertRefused();
    aged(50);
    assertRefused();
    aged(70);
    start(IfRunning.EXIT).close();
  }

  @Test
  void aProcessOfThisHostThatNoLongerRenewsItsNoteIsDeadAfterAMinute() throws IOException {
    try (Tries frozen = start(IfRunning.EXIT)) {
      assertRefused();
      aged(70);
      try (Tries next = start(IfRunning.EXIT)) {
        assertThat(next.attempt()).isNotEqualTo(frozen.attempt());
      }
    }
  }

  @Test
  void aForeignNoteHoldsNothingAndIsLeftOut() throws IOException {
    Files.createDirectories(running().getParent());
    for (String content : List.of("", "{\"comm", "{}", "null", "[]")) {
      Files.writeString(running(), content);
      Files.writeString(running().resolveSibling("train-foreign-started.json"), content);
      assertThat(Tries.notes(workspace, RUN)).isEmpty();
      start(IfRunning.EXIT).close();
      LocalCache.delete(running().getParent());
      Files.createDirectories(running().getParent());
    }
  }

  private void aged(int seconds) throws IOException {
    Files.setLastModifiedTime(running(), FileTime.from(Instant.now().minusSeconds(seconds)));
  }

  private void assertRefused() {
    assertThatThrownBy(() -> start(IfRunning.EXIT))
        .isInstanceOfSatisfying(
            HoneException.class, failure -> assertThat(failure.code().exitCode()).isEqualTo(8))
        .hasMessageContaining("--if-running wait");
  }

  private Path running() {
    return folder.resolve("runs").resolve(RUN).resolve("tries/running.json");
  }

  private Tries start(IfRunning policy) {
    return Tries.start(workspace, RUN, "train", policy, "{}", "1.0", "cpu");
  }
}
