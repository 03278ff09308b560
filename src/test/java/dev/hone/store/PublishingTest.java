package dev.hone.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PublishingTest {
  private static final int RACES = 1_000;

  @TempDir Path folder;

  @Test
  @Timeout(60)
  void ofTwoProcessesExactlyOneCommitsAndTheOtherAdoptsIt() throws Exception {
    try (StoreProcess one = StoreProcess.start("race", folder, "one");
        StoreProcess two = StoreProcess.start("race", folder, "two")) {
      assertThat(List.of(one.answer(), two.answer())).containsOnly("ready");
      for (int race = 0; race < RACES; race++) {
        String digest = "d" + race;
        one.send(digest);
        two.send(digest);
        String[] first = one.answer().split(" ");
        String[] second = two.answer().split(" ");
        assertThat(first[0]).as("attempt adopted in race %d", race).isEqualTo(second[0]);
        assertThat(first[1]).as("winner of race %d", race).isNotEqualTo(second[1]);
        String winner = first[1].equals("true") ? "one-" + digest : "two-" + digest;
        assertThat(first[0]).isEqualTo(winner);
      }
    }
    assertThat(names(folder.resolve("published/normalize"))).hasSize(RACES);
  }

  @Test
  @Timeout(120)
  void aPublisherKilledMidWayLeavesNoHalfCommit() throws Exception {
    Path published = folder.resolve("published/normalize");
    for (int kill = 0; kill < 5; kill++) {
      String name = "kill" + kill;
      try (StoreProcess publisher = StoreProcess.start("flood", folder, name)) {
        assertThat(publisher.answer()).isEqualTo("0");
        // The second commit's file, under whatever name, is being written when it is first seen.
        while (names(published).stream().noneMatch(file -> file.contains(name + "-1"))) {
          Thread.onSpinWait();
        }
        publisher.kill();
      }
      assertThat(StoreProcess.open(folder).commit("normalize", name + "-0")).isPresent();
    }
    for (String file : names(published)) {
      if (!file.startsWith(".")) {
        String digest = file.replaceFirst("\\.json$", "");
        Commit commit = StoreProcess.open(folder).commit("normalize", digest).orElseThrow();
        assertThat(commit.table("documents").files()).hasSize(StoreProcess.FLOOD_FILES);
      }
    }
  }

  @Test
  void anAttemptThatIsPublishedTwiceHasWonBothTimes() {
    // The reply of the first create was lost, so the driver tries again.
    Workspace workspace = StoreProcess.open(folder);
    Commit commit = StoreProcess.commit("d1", "a1", 2);
    assertThat(workspace.publish(commit)).isEqualTo(new Publication(commit, true));
    assertThat(workspace.publish(commit)).isEqualTo(new Publication(commit, true));
  }

  @Test
  void aCommitReadsBackAsItWasWritten() throws IOException {
    Workspace workspace = StoreProcess.open(folder);
    TreeMap<String, String> keys = new TreeMap<>();
    keys.put("seed", "42");
    keys.put("mine.depth", "100");
    Commit commit =
        new Commit(
            "train",
            "d2",
            "a2",
            "1.0",
            "2025-12-31T23:59:00Z",
            "2026-01-01T00:00:00Z",
            keys,
            new TreeMap<>(),
            new TreeMap<>(),
            List.of(),
            List.of(
                new CommittedArtifact(
                    "model",
                    List.of(new CommittedFile("1_Pooling/config.json", 3, StoreProcess.HASH)))));
    workspace.publish(commit);
    assertThat(workspace.commit("train", "d2")).contains(commit);
    Path file = folder.resolve("published/train/d2.json");
    assertThat(new ObjectMapper().readTree(file.toFile()).fieldNames())
        .toIterable()
        .containsExactly(
            "step",
            "digest",
            "attempt",
            "codeVersion",
            "startedAt",
            "committedAt",
            "keys",
            "inputs",
            "resolved",
            "tables",
            "artifacts");
    assertThat(names(file.getParent())).containsExactly("d2.json");
  }

  @Test
  void aCommitOfAVersionThatDidNotSayWhenItBeganIsReadWithoutThat() throws IOException {
    Workspace workspace = StoreProcess.open(folder);
    workspace.publish(StoreProcess.commit("d4", "a4", 1));
    Path file = folder.resolve("published/normalize/d4.json");
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("\"startedAt\"[^\n]*\n", ""));

    assertThat(StoreProcess.open(folder).commit("normalize", "d4").orElseThrow().startedAt())
        .isEmpty();
    assertThat(text).contains("startedAt");
  }

  @Test
  void whatIsNotPublishedIsAbsent() {
    assertThat(StoreProcess.open(folder).commit("train", "d3")).isEmpty();
  }

  @Test
  void aForeignOrCutCommitGivesAMessage() throws IOException {
    Workspace workspace = StoreProcess.open(folder);
    Path file = folder.resolve("published/train/d4.json");
    Files.createDirectories(file.getParent());
    String escaping = json(StoreProcess.commit("d4", "a", 1)).replace("part-00000", "../../part");
    for (String content : List.of("", "{\"step\": \"tr", "{}", "[1]", "null", escaping)) {
      Files.writeString(file, content);
      assertThatThrownBy(() -> workspace.commit("train", "d4"))
          .isInstanceOf(HoneException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("Move the file away")
          .extracting(e -> ((HoneException) e).code())
          .isEqualTo(ErrorCode.STORAGE);
    }
  }

  private static String json(Commit commit) throws IOException {
    return new ObjectMapper().writeValueAsString(commit);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
