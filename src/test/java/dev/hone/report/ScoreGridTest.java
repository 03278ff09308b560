package dev.hone.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScoreGridTest {

  /** Round places are 0.5 apart, bins 0.05; a cosine's rounding error opens no further bin. */
  @Test
  void binsEndWhereScoresDo() {
    ScoreGrid grid = ScoreGrid.around(-.14, 1.0000001);

    assertThat(grid).isEqualTo(new ScoreGrid(.5, -3, 23));
    assertThat(grid.low()).isCloseTo(-.15, within(1e-12));
    assertThat(grid.high()).isCloseTo(1, within(1e-12));
  }

  /** Logits of a cross-encoder; and a single score. */
  @Test
  void binsFollowTheScaleOfTheScores() {
    assertThat(ScoreGrid.around(-11.2, 10.6)).isEqualTo(new ScoreGrid(10, -12, 23));
    assertThat(ScoreGrid.around(.5, .5).bins()).isEqualTo(1);
  }

  @Test
  void aPointIsAScore() {
    ScoreGrid grid = new ScoreGrid(.5, -3, 23);

    assertThat(grid.score(0)).isCloseTo(-.15, within(1e-12));
    assertThat(grid.score(100.5)).isCloseTo(-.15 + 100.5 * .00025, within(1e-12));
  }
}
