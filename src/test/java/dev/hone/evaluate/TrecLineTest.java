package dev.hone.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of TREC run files. */
class TrecLineTest {
  @Test
  void columnsAreDividedByAnyWhiteSpace() {
    assertThat(TrecLine.of("  q1\tQ0   d-1  1 \t 0.25 tag\r"))
        .isEqualTo(new TrecLine("q1", "d-1", 0.25));
    assertThat(TrecLine.of("q\u00e9 Q0 d\u00a0x first -1e-3 tag"))
        .isEqualTo(new TrecLine("q\u00e9", "d\u00a0x", -0.001));
  }

  @ParameterizedTest
  @CsvSource({"7, 7", "7., 7", ".5, 0.5", "+2, 2", "-3.25E2, -325", "1e-400, 0"})
  void scoresAreDecimals(String written, double score) {
    assertThat(TrecLine.of("q Q0 d 1 " + written + " t").score()).isEqualTo(score);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "inf", "1e999", "1f", "0x1p3", "1,5", "-", "."})
  void otherScoresAreRefused(String written) {
    assertThatThrownBy(() -> TrecLine.of("q Q0 d 1 " + written + " t"))
        .hasMessage("its score, \"" + written + "\", is no number");
  }

  @Test
  void fewerAndMoreColumnsAreRefused() {
    assertThatThrownBy(() -> TrecLine.of("q Q0 d 1 0.5"))
        .hasMessageStartingWith("it has 5 columns, not the 6 of a run");
    assertThatThrownBy(() -> TrecLine.of("q Q0 d 1 0.5 my tag"))
        .hasMessageStartingWith("it has 7 columns");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 1 / 3.0, 1e-300, -4.9e-324, 123456789.12345679, (float) 0.7})
  void aWrittenScoreReadsAsTheSameFloat64(double score) {
    String line = TrecLine.write("q", "d", 1, score, "tag");

    assertThat(TrecLine.of(line)).isEqualTo(new TrecLine("q", "d", score));
  }
}
