package dev.hone.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hone.metric.PairedComparison.Pairs;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** All numbers of one comparison, which agree with the tests and intervals that they come from. */
class PairedComparisonTest {
  private static final Bootstrap BOOTSTRAP = Bootstrap.seeded(7);
  private static final double[] BASELINE = {.1 + .2, .5, .25, .5};
  private static final double[] CANDIDATE = {.3, .75, .125, 1};
  private static final double[] DIFFERENCES = {0, .25, -.125, .5};

  private static PairedComparison compare(double[] baseline, double[] candidate) {
    return PairedComparison.of(new Pairs(baseline, candidate), BOOTSTRAP, 7);
  }

  @Test
  void queriesAreWonTiedAndLost() {
    PairedComparison compared = compare(BASELINE, CANDIDATE);

    assertThat(compared.queries()).isEqualTo(4);
    assertThat(compared.wins()).isEqualTo(2);
    assertThat(compared.ties()).as("equal but for rounding").isEqualTo(1);
    assertThat(compared.losses()).isEqualTo(1);
    assertThat(compared.baseline()).isCloseTo(.3875, within(1e-15));
    assertThat(compared.candidate()).isEqualTo(.54375);
    assertThat(compared.delta()).isEqualTo(.15625);
    assertThat(compared.interval()).isEqualTo(BOOTSTRAP.mean(DIFFERENCES));
    assertThat(compared.effectSize()).isEqualTo(Significance.effectSize(DIFFERENCES));
    assertThat(compared.draws()).as("every assignment").isZero();
  }

  @Test
  void identicalRunsDifferInNothing() {
    PairedComparison compared = compare(CANDIDATE, CANDIDATE);

    assertThat(compared.delta()).isZero();
    assertThat(compared.interval()).isEqualTo(new Interval(0, 0));
    assertThat(compared.tTestP()).isEqualTo(1);
    assertThat(compared.randomizationP()).isEqualTo(1);
    assertThat(compared.effectSize()).isZero();
    assertThat(compared.ties()).isEqualTo(4);
  }

  @Test
  void eachDataSetCountsAlikeInTheMeanOverThem() {
    PairedComparison compared =
        PairedComparison.macro(
            new TreeMap<>(
                Map.of(
                    "large", new Pairs(BASELINE, CANDIDATE),
                    "small", new Pairs(new double[] {.5}, new double[] {.25}))),
            BOOTSTRAP,
            7);

    assertThat(compared.queries()).isEqualTo(5);
    assertThat(compared.delta()).isEqualTo((.15625 - .25) / 2);
    assertThat(compared.baseline()).isCloseTo((.3875 + .5) / 2, within(1e-15));
    assertThat(compared.candidate()).isEqualTo((.54375 + .25) / 2);
    assertThat(compared.interval())
        .isEqualTo(BOOTSTRAP.macro(Map.of("large", DIFFERENCES, "small", new double[] {-.25})));
    assertThat(compared.losses()).isEqualTo(2);
    assertThat(compared.tTestP()).isNaN();
    assertThat(compared.effectSize()).isNaN();
  }

  @Test
  void nothingToPairIsRefused() {
    assertThatThrownBy(() -> new Pairs(new double[0], new double[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("illegal pairs: none, must be at least one");
  }
}
