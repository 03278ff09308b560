package dev.hone.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Expected values are those of SciPy 1.17.1: pearsonr, spearmanr, rankdata. */
class SimilarityTest {
  private static final double[] SCORES = {0.1, 0.4, 0.4, 0.9, -0.2, 0.4, 0.75, 0.1};
  private static final double[] GOLD = {1, 2, 3, 5, 0, 3, 3, 2.5};

  /** Sixty scores in [0, 1) with grades from 0 to 5 that follow them loosely. */
  static final double[] SIXTY_SCORES =
      IntStream.range(0, 60).mapToDouble(i -> i * 7919 % 101 / 101.0).toArray();

  static final double[] SIXTY_GRADES =
      IntStream.range(0, 60)
          .mapToDouble(i -> Math.floor(6 * ((i * 7919 + i * 31 % 40) % 101) / 101.0))
          .toArray();

  @Test
  void pearsonAgreesWithSciPy() {
    assertThat(Similarity.pearson(SCORES, GOLD)).isCloseTo(0.8928924139353097, within(1e-14));
    assertThat(Similarity.pearson(SIXTY_SCORES, SIXTY_GRADES))
        .isCloseTo(0.3364593320768353, within(1e-14));
  }

  @Test
  void spearmanAgreesWithSciPyWhereValuesTie() {
    assertThat(Similarity.spearman(SCORES, GOLD)).isCloseTo(0.8805205594965985, within(1e-14));
    assertThat(Similarity.spearman(SIXTY_SCORES, SIXTY_GRADES))
        .isCloseTo(0.3150054797040667, within(1e-14));
  }

  @Test
  void tiedValuesShareTheirAverageRank() {
    assertThat(Similarity.averageRanks(SCORES)).containsExactly(2.5, 5, 5, 8, 1, 5, 7, 2.5);
    assertThat(Similarity.averageRanks(new double[] {0.0, -0.0, -1.0}))
        .containsExactly(2.5, 2.5, 1.0);
  }

  @Test
  void spearmanSeesOnlyTheOrder() {
    double[] stretched = Arrays.stream(SCORES).map(score -> Math.exp(9 * score)).toArray();

    assertThat(Similarity.spearman(stretched, GOLD)).isEqualTo(Similarity.spearman(SCORES, GOLD));
    assertThat(Similarity.pearson(stretched, GOLD))
        .isNotCloseTo(Similarity.pearson(SCORES, GOLD), within(0.01));
  }

  @Test
  void pearsonDoesNotDependOnShiftAndTinyScale() {
    double[] moved = Arrays.stream(SCORES).map(score -> 1e-200 * score).toArray();
    double[] falling = Arrays.stream(SCORES).map(score -> 3 - 2 * score).toArray();

    assertThat(Similarity.pearson(moved, GOLD)).isCloseTo(0.8928924139353097, within(1e-14));
    assertThat(Similarity.pearson(falling, SCORES)).isCloseTo(-1.0, within(1e-14));
    assertThat(Similarity.pearson(falling, SCORES)).isGreaterThanOrEqualTo(-1.0);
  }

  @Test
  void correlationIsUndefinedWithoutSpread() {
    double[] constant = {2, 2, 2};
    double[] rising = {1, 2, 3};

    assertThat(Similarity.pearson(constant, rising)).isNaN();
    assertThat(Similarity.spearman(rising, constant)).isNaN();
    assertThat(Similarity.pearson(new double[] {1}, new double[] {2})).isNaN();
    assertThat(Similarity.spearman(new double[0], new double[0])).isNaN();
  }

  @Test
  void tripletIsRightOnlyWhereThePositiveIsStrictlyCloser() {
    double[] positive = {0.9, 0.5, 0.2, 0.7};
    double[] negative = {0.1, 0.5, 0.3, 0.6};

    assertThat(Similarity.tripletAccuracy(positive, negative)).isEqualTo(0.5);
    assertThat(Similarity.tripletAccuracy(new double[0], new double[0])).isNaN();
  }

  @Test
  void unequalLengthsAndValuesThatAreNotFiniteAreRefused() {
    assertThatThrownBy(() -> Similarity.pearson(new double[2], new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("illegal lengths: 2 and 3, must be equal");
    assertThatThrownBy(() -> Similarity.spearman(new double[] {1, Double.NaN}, new double[] {1, 2}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("illegal value at index 1: NaN, must be finite");
  }

  @Test
  void cosineIsOfDirectionsAlone() {
    assertThat(Similarity.cosine(new float[] {3, 4}, new float[] {4, 3})).isEqualTo(24.0 / 25);
    assertThat(Similarity.cosine(new float[] {3, 4}, new float[] {-6, -8})).isEqualTo(-1.0);
    assertThat(Similarity.cosine(new float[] {3, 4}, new float[] {0, 0})).isZero();
    assertThatThrownBy(() -> Similarity.cosine(new float[] {3, 4}, new float[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("illegal vectors: 2 and 1 dimensions, must be as many");
  }
}
