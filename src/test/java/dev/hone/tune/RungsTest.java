package dev.hone.tune;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many trials go how far. */
class RungsTest {
  @ParameterizedTest(name = "{0} trials, one in {1} goes on")
  @CsvSource({
    "9, 3, '9 3 1', '10 30 90'",
    "8, 3, '8 2', '30 90'",
    "27, 3, '27 9 3 1', '4 10 30 90'",
    "2, 3, '2', '90'",
    "1, 3, '1', '90'",
    "12, 1, '12', '90'",
    "4, 2, '4 2 1', '23 45 90'",
    "10, 2, '10 5 2 1', '12 23 45 90'",
  })
  void eachRungHasFewerTrialsAndMoreUpdates(
      int trials, int halving, String counts, String updates) {
    Rungs rungs = new Rungs(trials, halving);

    assertThat(rungs.all().stream().map(rungs::trials).map(String::valueOf))
        .containsExactly(counts.split(" "));
    assertThat(rungs.all().stream().map(rung -> rungs.updates(rung, 90)).map(String::valueOf))
        .containsExactly(updates.split(" "));
  }

  @Test
  void aTrialOfFewUpdatesHasOne() {
    assertThat(new Rungs(27, 3).updates(0, 5)).isEqualTo(1);
  }
}
