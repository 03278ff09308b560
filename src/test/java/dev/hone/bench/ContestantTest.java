package dev.hone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that answer by themselves, and the lines and the table that come of it. */
class ContestantTest {
  private static final int DOCUMENTS = 12;

  @TempDir private Path folder;

  private Contestant start(String description) throws IOException {
    return new Contestant(
        "counting",
        Commands.java(CountingWorker.class, description),
        Map.of(),
        folder.resolve("log"));
  }

  private static SpeedRow row(String name, Contestant... together) {
    return new SpeedRow(name, List.of(together), Answers.ROUND, DOCUMENTS);
  }

  @Test
  void itAnswersAsOftenAsItIsAskedWhateverLibrariesPrint() throws IOException {
    try (Contestant contestant = start("version 7")) {
      assertThat(contestant.description()).isEqualTo("version 7");
      for (double round = 1; round <= 2; round++) {
        contestant.ask(Answers.ROUND);
        assertThat(contestant.seconds()).isEqualTo(round);
      }
      assertThat(contestant.processorTime()).isPositive();
    }
  }

  @Test
  void oneThatEndsIsAnErrorWithItsLastWords() {
    assertThatThrownBy(() -> start("broken"))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("Cannot measure counting")
        .hasMessageContaining("the model is missing");
  }

  @Test
  void workThatItDoesNotKnowEndsIt() throws IOException {
    try (Contestant contestant = start("version 7")) {
      contestant.ask("a walk");
      assertThatThrownBy(contestant::seconds).hasMessageContaining("cannot answer a walk");
    }
  }

  @Test
  void aRowShowsTheMedianTheSlowestAndTheFastestRound() throws IOException {
    try (Contestant contestant = start("version 7")) {
      SpeedRow row = row("one", contestant);
      for (int round = 0; round < 3; round++) { // 1, 2 and 3 seconds
        row.measure();
      }
      assertThat(row.medianSeconds()).isEqualTo(2);
      assertThat(row.cells()).containsExactly("6.0", "4.0", "12.0");
      row.measure();
      assertThat(row.medianSeconds()).isEqualTo(2.5);
    }
  }

  @Test
  void theTimeOfSeveralIsThatOfTheLastAndTheTableComparesThem() throws IOException {
    try (Contestant fast = start("fast");
        Contestant slow = start("slow")) {
      row("alone", slow).measure(); // the next round of this one takes 2 seconds
      SpeedRow together = row("together", fast, slow);
      together.measure();
      SpeedRow alone = row("alone", slow);
      alone.measure();

      assertThat(together.medianSeconds()).isEqualTo(2);
      assertThat(together.timesInTurn(alone)).isEqualTo(1.5);
      SpeedTable table = new SpeedTable("title", "documents/s", List.of("Left out, x: run y"));
      table.add(together, SpeedTable.times(together, alone, "alone"));
      table.add(alone, SpeedTable.share(alone, together, "the first"));
      assertThat(table)
          .hasToString(
              """
              title

                        documents/s   slowest   fastest  beside
              together          6.0       6.0       6.0  1.50 x alone
              alone             4.0       4.0       4.0  150.0 % of the time of the first

              Left out, x: run y
              """);
    }
  }
}
