package dev.hone.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints are complete or not there, and the newest that is whole is found. */
class CheckpointsTest {
  private static final String DIGEST = "d1";

  @TempDir private Path folder;
  private Workspace workspace;
  private Checkpoints checkpoints;
  private int copies;

  @BeforeEach
  void open() {
    workspace = Workspace.open(folder.resolve("workspace").toString(), new Configuration(false));
    checkpoints = Checkpoints.of(workspace, DIGEST);
  }

  private Path root() {
    return folder.resolve("workspace/checkpoints").resolve(DIGEST);
  }

  private Path filesOf(Checkpoint checkpoint) {
    return root().resolve(checkpoint.step() + "/" + checkpoint.attempt());
  }

  private Path emptyFolder() throws IOException {
    return Files.createDirectories(folder.resolve("local-" + copies++));
  }

  private Checkpoint write(int step, int best, String content) throws IOException {
    Path local = emptyFolder();
    Files.writeString(local.resolve("weights"), content);
    Files.writeString(local.resolve("position"), String.valueOf(step));
    return checkpoints.write(step, best, local);
  }

  private Checkpoint write(int step) throws IOException {
    return write(step, step, "weights of " + step);
  }

  /** The step of the newest whole checkpoint, whose files are seen to be its own. */
  private Optional<Integer> newest() throws IOException {
    Path local = emptyFolder();
    Optional<Checkpoint> found = checkpoints.newest(local);
    if (found.isPresent()) {
      assertThat(local.resolve("position")).hasContent(String.valueOf(found.get().step()));
    } else {
      assertThat(local).isEmptyDirectory();
    }
    return found.map(Checkpoint::step);
  }

  private List<String> left() throws IOException {
    try (Stream<Path> paths = Files.walk(root())) {
      return paths
          .filter(Files::isRegularFile)
          .map(path -> root().relativize(path).toString().replaceAll("/[0-9a-f]{20}/", "/*/"))
          .sorted()
          .toList();
    }
  }

  @Test
  void withoutAnyThereIsNone() throws IOException {
    assertThat(newest()).isEmpty();
  }

  @Test
  void newestIsFoundByNumberNotByName() throws IOException {
    write(9);
    write(10);
    write(2);
    assertThat(newest()).contains(10);
    assertThat(checkpoints.steps()).containsExactly(2, 9, 10);
  }

  @Test
  void stepsOfAnotherDigestAreNotSeen() throws IOException {
    write(9);
    assertThat(Checkpoints.of(workspace, "d2").steps()).isEmpty();
  }

  @Test
  void filesWithoutANoteAreNoCheckpoint() throws IOException {
    write(4);
    Path halfWritten = Files.createDirectories(root().resolve("8/" + workspace.newAttempt()));
    Files.writeString(halfWritten.resolve("weights"), "weigh");
    assertThat(newest()).contains(4);
  }

  @Test
  void firstOfTwoTriesStays() throws IOException {
    Checkpoint first = write(4, 4, "one");
    Checkpoint second = write(4, 4, "two");
    assertThat(second).isEqualTo(first);
    assertThat(left()).containsExactly("4.json", "4/*/position", "4/*/weights");
    assertThat(filesOf(first).resolve("weights")).hasContent("one");
  }

  @Test
  void damagedOneIsRemovedAndTheOneBeforeIsUsed() throws IOException {
    write(4);
    Checkpoint newest = write(8);
    Files.writeString(filesOf(newest).resolve("weights"), "weights of 9");
    assertThat(newest()).contains(4);
    assertThat(checkpoints.steps()).containsExactly(4);
    write(8);
    assertThat(newest()).contains(8);
  }

  @Test
  void oneWithAFileMissingIsDamaged() throws IOException {
    write(4);
    Files.delete(filesOf(write(8)).resolve("position"));
    assertThat(newest()).contains(4);
  }

  @Test
  void oneWithAFileCutShortIsDamaged() throws IOException {
    write(4);
    Files.writeString(filesOf(write(8)).resolve("weights"), "weights");
    assertThat(newest()).contains(4);
  }

  @Test
  void noteThatIsNoneOfHonesIsDamaged() throws IOException {
    write(4);
    for (String content : List.of("", "{", "null", "{}", "{\"step\": 8, \"attempt\": \"../x\"}")) {
      Files.writeString(root().resolve("8.json"), content);
      assertThat(newest()).as(content).contains(4);
      assertThat(root().resolve("8.json")).doesNotExist();
    }
    Files.copy(root().resolve("4.json"), root().resolve("8.json"));
    assertThat(newest()).contains(4);
  }

  @Test
  void allDamagedIsNone() throws IOException {
    Files.delete(filesOf(write(4)).resolve("weights"));
    Files.delete(filesOf(write(8)).resolve("weights"));
    assertThat(newest()).isEmpty();
    assertThat(left()).isEmpty();
  }

  @Test
  void oneWhoseBestIsDamagedIsNotUsed() throws IOException {
    write(2);
    Checkpoint best = write(4);
    write(8, 4, "worse");
    write(12, 4, "worse still");
    assertThat(newest()).contains(12);
    Files.writeString(filesOf(best).resolve("weights"), "damaged");
    assertThat(newest()).contains(2);
    assertThat(checkpoints.steps()).containsExactly(2);
  }

  @Test
  void newestAndBestStayWhenTheOthersGo() throws IOException {
    for (int step = 1; step <= 5; step++) {
      write(step);
    }
    checkpoints.keep(2, List.of(1));
    assertThat(checkpoints.steps()).containsExactly(1, 4, 5);
    assertThat(left())
        .containsExactly(
            "1.json",
            "1/*/position",
            "1/*/weights",
            "4.json",
            "4/*/position",
            "4/*/weights",
            "5.json",
            "5/*/position",
            "5/*/weights");
    assertThat(root().resolve("2")).doesNotExist();
  }

  @Test
  void halfWrittenOnesBeforeTheNewestGo() throws IOException {
    for (int step : new int[] {3, 9}) {
      Path halfWritten = Files.createDirectories(root().resolve(step + "/x"));
      Files.writeString(halfWritten.resolve("weights"), "weigh");
    }
    write(6);
    checkpoints.keep(1, List.of());
    assertThat(left()).containsExactly("6.json", "6/*/position", "6/*/weights", "9/x/weights");
  }
}
