package dev.hone.metric;

import static dev.hone.metric.Runs.ranking;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankingTest {
  @Test
  void ordersByScoreAndTiesByDescendingId() {
    assertThat(ids(ranking("q2", "d1 .5", "dB .5", "dA .9", "dC .5")))
        .containsExactly("dA", "dC", "dB", "d1");
  }

  @Test
  void theFirstAreTheBest() {
    Ranking ranking = ranking("q2", "d1 .5", "dB .5", "dA .9", "dC .5");
    assertThat(ids(ranking.first(2))).containsExactly("dA", "dC");
    assertThat(ranking.first(4)).isSameAs(ranking);
  }

  @Test
  void longerIdStandsBeforeItsPrefixAmongTies() {
    assertThat(ids(ranking("q", "d1 1", "d10 1", "d 1"))).containsExactly("d10", "d1", "d");
  }

  @Test
  void tiesFollowUtf8BytesWhereUtf16OrderDiffers() {
    assertThat("\uFF5E").isGreaterThan("\uD83D\uDE00");
    assertThat(ids(ranking("q", "a 1", "\uFF5E 1", "\u00E9 1", "\uD83D\uDE00 1", "z 1")))
        .containsExactly("\uD83D\uDE00", "\uFF5E", "\u00E9", "z", "a");
  }

  @Test
  void codePointOrderIsTheOrderOfUnsignedUtf8Bytes() {
    List<String> ids =
        List.of(
            "",
            "a",
            "a\u0000",
            "a\uD7FF",
            "a\uE000",
            "a\uFFFD",
            "a\uD800\uDC00",
            "a\uD83D\uDE00",
            "a\uD83D\uDE01",
            "a\uDBFF\uDFFF",
            "\u007F",
            "\u0080",
            "\u07FF",
            "\u0800",
            "\uD83D\uDE00a",
            "\uD83D\uDE00\uFF5E");
    for (String left : ids) {
      for (String right : ids) {
        int bytes =
            Arrays.compareUnsigned(
                left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
        assertThat(Integer.signum(CodePointOrder.ASCENDING.compare(left, right)))
            .as("%s against %s", left, right)
            .isEqualTo(Integer.signum(bytes));
      }
    }
  }

  @Test
  void scoresThatFloatWouldTieStayApart() {
    assertThat(ids(ranking("q", "z 0.1", "a 0.10000000001"))).containsExactly("a", "z");
  }

  @Test
  void negativeZeroTiesWithZero() {
    assertThat(ids(ranking("q", "a 0.0", "b -0.0"))).containsExactly("b", "a");
  }

  @Test
  void infiniteScoresHaveTheirPlace() {
    assertThat(ids(ranking("q", "low -Infinity", "mid 0", "high Infinity")))
        .containsExactly("high", "mid", "low");
  }

  @Test
  void nanScoreIsRefusedWithItsDocument() {
    assertThatThrownBy(() -> new ScoredDocument("d7", Double.NaN))
        .isInstanceOfSatisfying(
            HoneException.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INPUT))
        .hasMessageContaining("'d7'")
        .hasMessageContaining("NaN");
  }

  @Test
  void documentThatStandsTwiceIsRefused() {
    assertThatThrownBy(() -> ranking("q5", "d1 .5", "d2 .4", "d1 .3"))
        .isInstanceOfSatisfying(
            HoneException.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INPUT))
        .hasMessageContaining("'q5'")
        .hasMessageContaining("'d1'");
  }

  private static List<String> ids(Ranking ranking) {
    return ranking.documents().stream().map(ScoredDocument::documentId).toList();
  }
}
