package dev.hone.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.hone.loss.RankingRow.Candidate;
import dev.hone.torch.GradientScope;
import dev.hone.torch.TorchRuntime;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The loss against its definition in float64, with gradients by central differences. */
class MultipleNegativesRankingTest {
  private static final int DIMENSION = 16;
  private static final double SCALE = 20;

  @BeforeAll
  static void start() {
    TorchRuntime.start(2);
  }

  private static RankingRow row(String query, String positive, String... negatives) {
    return new RankingRow(
        query,
        query,
        new Candidate(positive, Set.of(positive)),
        List.of(negatives).stream().map(text -> new Candidate(text, Set.of(text))).toList(),
        Set.of(positive));
  }

  /**
   * Rows with and without negatives, a repeated query, a repeated document, a hit by a negative.
   */
  private static List<RankingRow> batch() {
    return List.of(
        row("q0", "d0", "n0", "m0"),
        row("q1", "d1"),
        row("q0", "d2", "n1"),
        row("q3", "d1", "d0"),
        row("q4", "d4", "q4", "n0"));
  }

  @Test
  void columnsAreBlockedAndSlotsThatARowDoesNotFillAreNone() {
    CandidateColumns columns = CandidateColumns.of(batch());
    assertThat(columns.slots())
        .extracting(slot -> slot.row() + ":" + slot.negative())
        .containsExactly(
            "0:-1", "1:-1", "2:-1", "3:-1", "4:-1", "0:0", "2:0", "3:0", "4:0", "0:1", "4:1");
  }

  @Test
  void falseNegativesAreLeftOutAndNeverARowsOwnPositive() {
    CandidateColumns columns = CandidateColumns.of(batch());
    assertThat(columns.counts(0, 0)).isTrue();
    assertThat(columns.counts(0, 2)).as("another row of the same query").isFalse();
    assertThat(columns.counts(1, 3)).as("the same document in another row").isFalse();
    assertThat(columns.counts(4, 8)).as("the query's own text").isFalse();
    assertThat(columns.counts(1, 5)).isTrue();
    assertThat(columns.counts(1, 10)).as("a copy of n0 counts once").isFalse();
    for (int row = 0; row < 5; row++) {
      assertThat(columns.counts(row, row)).isTrue();
    }
  }

  @Test
  void whatSharesAnyGroupWithAKnownPositiveIsLeftOut() {
    CandidateColumns columns =
        CandidateColumns.of(
            List.of(
                new RankingRow(
                    "q0",
                    "q0",
                    new Candidate("a", Set.of("hash-a", "intent-1")),
                    List.of(new Candidate("n", Set.of("hash-n", "near-7"))),
                    Set.of("hash-a", "intent-1", "hash-z", "near-7")),
                new RankingRow(
                    "q1",
                    "q1",
                    new Candidate("b", Set.of("hash-b", "intent-1")),
                    List.of(),
                    Set.of("hash-b", "intent-1")),
                new RankingRow(
                    "q2",
                    "q2",
                    new Candidate("c", Set.of("hash-c")),
                    List.of(),
                    Set.of("hash-c"))));

    assertThat(columns.counts(0, 1)).as("another text of one intent").isFalse();
    assertThat(columns.counts(1, 0)).as("the same from the other side").isFalse();
    assertThat(columns.counts(0, 3)).as("an own negative nearly equal to a known one").isFalse();
    assertThat(columns.counts(1, 3)).isTrue();
    assertThat(columns.counts(0, 2)).isTrue();
    assertThat(columns.counts(2, 0)).isTrue();
  }

  @Test
  void valueAndGradientEqualTheDefinitionInFloat64() {
    CandidateColumns columns = CandidateColumns.of(batch());
    double[][] queries = random(columns.rows(), 1);
    double[][] candidates = random(columns.columns(), 2);
    double[] gradient = new double[(queries.length + candidates.length) * DIMENSION];
    double value = reference(queries, candidates, columns);
    numericGradient(queries, candidates, columns, gradient);

    try (NDManager scope = TorchRuntime.scope()) {
      NDArray q = scope.create(floats(queries), new Shape(queries.length, DIMENSION));
      NDArray c = scope.create(floats(candidates), new Shape(candidates.length, DIMENSION));
      q.setRequiresGradient(true);
      c.setRequiresGradient(true);
      try (GradientScope gradients = GradientScope.open()) {
        NDArray loss = new MultipleNegativesRanking(SCALE).loss(q, c, columns);
        gradients.backward(loss);
        assertThat((double) loss.getFloat()).isCloseTo(value, within(1e-5 * value));
      }
      float[] ours = concat(q.getGradient().toFloatArray(), c.getGradient().toFloatArray());
      assertThat(relativeDistance(ours, gradient)).isLessThan(1e-5);
    }
  }

  @Test
  void scaleMustBePositive() {
    assertThatThrownBy(() -> new MultipleNegativesRanking(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("finite and above 0");
  }

  private static double reference(double[][] q, double[][] c, CandidateColumns columns) {
    double total = 0;
    for (int i = 0; i < q.length; i++) {
      double sum = 0;
      for (int j = 0; j < c.length; j++) {
        if (columns.counts(i, j)) {
          sum += Math.exp(SCALE * cosine(q[i], c[j]));
        }
      }
      total += Math.log(sum) - SCALE * cosine(q[i], c[i]);
    }
    return total / q.length;
  }

  private static void numericGradient(
      double[][] q, double[][] c, CandidateColumns columns, double[] gradient) {
    double step = 1e-5;
    int at = 0;
    for (double[][] matrix : List.of(q, c)) {
      for (double[] vector : matrix) {
        for (int i = 0; i < DIMENSION; i++) {
          double kept = vector[i];
          vector[i] = kept + step;
          double above = reference(q, c, columns);
          vector[i] = kept - step;
          double below = reference(q, c, columns);
          vector[i] = kept;
          gradient[at++] = (above - below) / (2 * step);
        }
      }
    }
  }

  private static double cosine(double[] a, double[] b) {
    double dot = 0;
    double lengthA = 0;
    double lengthB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      lengthA += a[i] * a[i];
      lengthB += b[i] * b[i];
    }
    return dot / Math.sqrt(lengthA * lengthB);
  }

  private static double relativeDistance(float[] ours, double[] theirs) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < ours.length; i++) {
      difference += Math.pow(ours[i] - theirs[i], 2);
      length += theirs[i] * theirs[i];
    }
    return Math.sqrt(difference / length);
  }

  private static double[][] random(int rows, long seed) {
    Random random = new Random(seed);
    double[][] values = new double[rows][DIMENSION];
    for (double[] row : values) {
      for (int i = 0; i < DIMENSION; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return values;
  }

  private static float[] floats(double[][] values) {
    float[] flat = new float[values.length * DIMENSION];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) values[i / DIMENSION][i % DIMENSION];
    }
    return flat;
  }

  private static float[] concat(float[] a, float[] b) {
    float[] all = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }
}
