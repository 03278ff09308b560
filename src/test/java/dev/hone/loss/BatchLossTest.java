package dev.hone.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.hone.loss.DistilledRanking.Ranking;
import dev.hone.loss.TripletMargin.Triplet;
import dev.hone.torch.GradientScope;
import dev.hone.torch.TorchRuntime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every loss keeps: value and gradient are those of its formula in float64, in both types; the
 * parts of any cut add up to it.
 */
class BatchLossTest {
  private static final int DIMENSION = 12;
  private static final double FP32 = 1e-5;
  private static final double FLOAT64 = 1e-9;

  @BeforeAll
  static void start() {
    TorchRuntime.start(1);
  }

  /** A loss, the same as a formula, and vectors to try them on. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Case(
      String name, BatchLoss loss, Function<Dual[][], Dual> formula, double[][] vectors) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    CandidateColumns masked = CandidateColumns.of(CandidateColumnsTest.batch());
    CandidateColumns all = CandidateColumns.unmasked(CandidateColumnsTest.batch());
    rankings().forEach((options) -> cases.add(ranking("masked", options, masked)));
    rankings().forEach((options) -> cases.add(ranking("all", options, all)));
    for (Distance distance : Distance.values()) {
      cases.add(triplets(new TripletOptions(distance, 0.3)));
      cases.add(triplets(new TripletOptions(distance, 5)));
    }
    List<Double> goals = List.of(0.5, 4.0, 0.5, 2.5, 5.0, 0.0, 2.5);
    cases.add(
        new Case(
            "cosent",
            new CoSent(20, goals),
            LossReference.cosent(20, goals),
            random(2 * goals.size(), 3)));
    cases.add(margins());
    cases.add(distilled());
    cases.add(distilledRanks());
    for (Guide.Margin margin : Guide.Margin.values()) {
      cases.add(guided(masked, new Guide(guideVectors(masked), margin, 0.1)));
      cases.add(guided(all, new Guide(guideVectors(all), margin, -0.2)));
    }
    for (Case one : List.copyOf(cases)) {
      cases.add(matryoshka(one, MatryoshkaOptions.sum(List.of(12, 5, 2))));
    }
    cases.add(
        matryoshka(
            cases.get(0),
            new MatryoshkaOptions(
                List.of(3, 12), List.of(0.25, 2.0), MatryoshkaOptions.Reduction.MEAN)));
    return cases.stream();
  }

  private static Stream<RankingOptions> rankings() {
    List<Direction> four = List.of(Direction.values());
    List<Direction> queries = List.of(Direction.QUERY_TO_QUERY, Direction.QUERY_TO_DOCUMENT);
    List<Direction> both = RankingOptions.symmetric(20).directions();
    return Stream.of(
        RankingOptions.plain(20),
        RankingOptions.symmetric(20),
        new RankingOptions(10, four, Partition.JOINT, Hardness.NONE, 0),
        new RankingOptions(10, four, Partition.JOINT, Hardness.ALL_NEGATIVES, 3),
        new RankingOptions(20, queries, Partition.JOINT, Hardness.HARD_NEGATIVES, 5),
        new RankingOptions(20, both, Partition.JOINT, Hardness.NONE, 0),
        new RankingOptions(20, both, Partition.PER_DIRECTION, Hardness.IN_BATCH_NEGATIVES, 9));
  }

  private static Case ranking(String masks, RankingOptions options, CandidateColumns columns) {
    LossReference.Counting counting =
        new LossReference.Counting(
            table(columns::documents, columns.rows(), columns.columns()),
            table(columns::otherQueries, columns.rows(), columns.rows()),
            table(columns::queries, columns.rows(), columns.rows()),
            table(columns::otherDocuments, columns.rows(), columns.columns()));
    MultipleNegativesRanking loss = new MultipleNegativesRanking(options, columns);
    return new Case(
        options.settings() + " " + masks,
        loss,
        LossReference.ranking(options, columns, counting),
        random(loss.texts(), 1));
  }

  private static boolean[][] table(IntFunction<BitSet> counting, int rows, int columns) {
    boolean[][] table = new boolean[rows][columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        table[row][column] = counting.apply(row).get(column);
      }
    }
    return table;
  }

  /** With a distance of 0, and a triplet that is closed at a margin of 0.3. */
  private static Case triplets(TripletOptions options) {
    List<Triplet> triplets =
        List.of(
            new Triplet(0, 1, 2), new Triplet(3, 3, 4), new Triplet(0, 5, 0), new Triplet(1, 4, 2));
    return new Case(
        options.settings().toString(),
        new TripletMargin(options, 6, triplets),
        LossReference.triplets(options, triplets),
        random(6, 2));
  }

  private static Case margins() {
    List<Triplet> triplets =
        List.of(new Triplet(0, 1, 2), new Triplet(0, 1, 3), new Triplet(3, 2, 0));
    List<Double> margins = List.of(0.5, -1.0, 4.0);
    return new Case(
        "margins of a teacher",
        new MarginMse(4, triplets, margins),
        LossReference.margins(triplets, margins),
        random(4, 12));
  }

  private static Case distilled() {
    List<List<Double>> teacher =
        List.of(List.of(9.0, 7.5, -3.0), List.of(0.0, 1.0, 0.5), List.of(2.0, 2.0, 2.0));
    return new Case(
        "ranking of a teacher",
        DistilledRanking.of(1.5, teacher),
        LossReference.distilled(1.5, teacher),
        random(12, 13));
  }

  /** Rankings of different sizes, which share documents. */
  private static Case distilledRanks() {
    DistilledRanking loss =
        new DistilledRanking(
            0.7,
            8,
            List.of(
                new Ranking(0, List.of(3, 6), List.of(1.0, -2.0)),
                new Ranking(1, List.of(4, 5, 6, 7), List.of(0.5, 0.5, 3.0, -1.0)),
                new Ranking(2, List.of(5, 7, 3), List.of(-4.0, 0.25, 1.0))));
    return new Case(
        "rankings of a teacher", loss, LossReference.distilled(0.7, loss), random(8, 16));
  }

  private static List<float[]> guideVectors(CandidateColumns columns) {
    return Stream.of(random(columns.rows() + columns.columns(), 14))
        .map(vector -> new float[] {(float) vector[0], (float) vector[1], (float) vector[2]})
        .toList();
  }

  /** In all four directions. */
  private static Case guided(CandidateColumns columns, Guide guide) {
    RankingOptions options =
        new RankingOptions(20, List.of(Direction.values()), Partition.JOINT, Hardness.NONE, 0);
    int b = columns.rows();
    LossReference.Counting counting =
        new LossReference.Counting(
            guided(table(columns::documents, b, columns.columns()), guide, 0, b, b, true),
            guided(table(columns::otherQueries, b, b), guide, 0, 0, b, false),
            guided(table(columns::queries, b, b), guide, b, 0, b, true),
            guided(table(columns::otherDocuments, b, columns.columns()), guide, b, b, b, false));
    return new Case(
        "guided " + guide.margin() + " " + guide.size(),
        new MultipleNegativesRanking(options, columns, guide),
        LossReference.ranking(options, columns, counting),
        random(b + columns.columns(), 15));
  }

  /** What a guide leaves of a table whose rows and columns begin at these places of the texts. */
  private static boolean[][] guided(
      boolean[][] table, Guide guide, int rows, int columns, int b, boolean holdsThePositive) {
    for (int row = 0; row < table.length; row++) {
      double positive = cosine(guide.vectors().get(row), guide.vectors().get(b + row));
      double limit =
          guide.margin() == Guide.Margin.ABSOLUTE
              ? positive - guide.size()
              : positive - guide.size() * Math.abs(positive);
      for (int column = 0; column < table[row].length; column++) {
        double similarity =
            cosine(guide.vectors().get(rows + row), guide.vectors().get(columns + column));
        table[row][column] &= similarity <= limit || (holdsThePositive && column == row);
      }
    }
    return table;
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double lengthA = 0;
    double lengthB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      lengthA += (double) a[i] * a[i];
      lengthB += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(lengthA * lengthB);
  }

  private static Case matryoshka(Case inner, MatryoshkaOptions options) {
    return new Case(
        options.dims() + " of " + inner.name(),
        new Matryoshka(inner.loss(), options),
        LossReference.matryoshka(inner.formula(), options),
        inner.vectors());
  }

  private static double[][] random(int rows, long seed) {
    Random random = new Random(seed);
    double[][] values = new double[rows][DIMENSION];
    for (double[] row : values) {
      for (int i = 0; i < DIMENSION; i++) {
        row[i] = (float) (0.4 + random.nextGaussian());
      }
    }
    return values;
  }

  /** A loss and its gradient, vectors one after the other. */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
  private record Result(double value, double[] gradient) {}

  private static Result formula(Case one) {
    int inputs = one.vectors().length * DIMENSION;
    Dual[][] vectors = new Dual[one.vectors().length][DIMENSION];
    for (int i = 0; i < inputs; i++) {
      vectors[i / DIMENSION][i % DIMENSION] =
          Dual.input(one.vectors()[i / DIMENSION][i % DIMENSION], i, inputs);
    }
    Dual result = one.formula().apply(vectors);
    return new Result(result.value(), result.slope());
  }

  /** Computes a loss in parts that end before {@code ends}. */
  private static Result computed(BatchLoss loss, double[][] vectors, DataType type, int... ends) {
    try (NDManager scope = TorchRuntime.scope()) {
      NDArray embeddings = tensor(vectors, type, scope);
      embeddings.setRequiresGradient(true);
      double value = 0;
      int from = 0;
      for (int to : ends) {
        try (GradientScope gradients = GradientScope.open()) {
          NDArray part = loss.part(embeddings, from, to);
          assertThat(part.getDataType()).isEqualTo(type);
          gradients.backward(part);
          value += doubles(part)[0];
        }
        from = to;
      }
      return new Result(value, doubles(embeddings.getGradient()));
    }
  }

  private static NDArray tensor(double[][] vectors, DataType type, NDManager scope) {
    ByteBuffer values =
        ByteBuffer.allocateDirect(vectors.length * DIMENSION * type.getNumOfBytes())
            .order(ByteOrder.nativeOrder());
    for (double[] vector : vectors) {
      for (double value : vector) {
        if (type == DataType.FLOAT64) {
          values.putDouble(value);
        } else {
          values.putFloat((float) value);
        }
      }
    }
    return scope.create(values.rewind(), new Shape(vectors.length, DIMENSION), type);
  }

  private static double[] doubles(NDArray array) {
    if (array.getDataType() == DataType.FLOAT64) {
      return array.toDoubleArray();
    }
    float[] values = array.toFloatArray();
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static void assertEqual(Result actual, Result expected, double tolerance) {
    assertThat(actual.value())
        .isCloseTo(expected.value(), within(tolerance * Math.max(1, expected.value())));
    double difference = 0;
    double length = 0;
    for (int i = 0; i < expected.gradient().length; i++) {
      difference += Math.pow(actual.gradient()[i] - expected.gradient()[i], 2);
      length += Math.pow(expected.gradient()[i], 2);
    }
    assertThat(Math.sqrt(difference)).isLessThanOrEqualTo(tolerance * Math.sqrt(length));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void valueAndGradientAreTheFormulas(Case one) {
    Result expected = formula(one);
    int rows = one.loss().rows();
    assertEqual(computed(one.loss(), one.vectors(), DataType.FLOAT64, rows), expected, FLOAT64);
    assertEqual(computed(one.loss(), one.vectors(), DataType.FLOAT32, rows), expected, FP32);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void formulasDerivativesAreThoseOfDifferences(Case one) {
    Result expected = formula(one);
    if (one.name().contains("hardness")) {
      return; // what is taken as a constant has differences all the same
    }
    Random random = new Random(11);
    for (int i = 0; i < 20; i++) {
      int place = random.nextInt(expected.gradient().length);
      double step = 1e-5;
      double difference =
          (moved(one, place, step).value() - moved(one, place, -step).value()) / (2 * step);
      // The root of 0 has no derivative: there the loss's is 0 by definition.
      if (Math.abs(difference - expected.gradient()[place]) > 1e-5) {
        assertThat(one.name()).contains("EUCLIDEAN");
        assertThat(place / DIMENSION).isIn(0, 3);
      }
    }
  }

  private static Result moved(Case one, int place, double step) {
    double[][] vectors = Stream.of(one.vectors()).map(double[]::clone).toArray(double[][]::new);
    vectors[place / DIMENSION][place % DIMENSION] += step;
    return formula(new Case(one.name(), one.loss(), one.formula(), vectors));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void partsAddUp(Case one) {
    int rows = one.loss().rows();
    Result whole = computed(one.loss(), one.vectors(), DataType.FLOAT64, rows);
    assertEqual(
        computed(one.loss(), one.vectors(), DataType.FLOAT64, rows / 3, rows), whole, FLOAT64);
    int[] single = IntStream.rangeClosed(1, rows).toArray();
    assertEqual(computed(one.loss(), one.vectors(), DataType.FLOAT64, single), whole, FLOAT64);
  }

  /**
   * The engine's tensors of Java numbers lie in memory of Java's; what a graph still needs of it
   * must not be freed. One collection for all graphs: it takes a second where many tests ran
   * before.
   */
  @Test
  void aGarbageCollectionBeforeTheBackwardPassChangesNothing() {
    List<Case> all = cases().toList();
    List<NDArray> embeddings = new ArrayList<>();
    List<NDArray> values = new ArrayList<>();
    try (NDManager scope = TorchRuntime.scope();
        GradientScope gradients = GradientScope.open()) {
      for (Case one : all) {
        NDArray tensor = tensor(one.vectors(), DataType.FLOAT32, scope);
        tensor.setRequiresGradient(true);
        embeddings.add(tensor);
        values.add(one.loss().part(tensor, 0, one.loss().rows()));
      }
      List<ByteBuffer> others = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        System.gc();
        others.addAll(noise());
      }
      for (int i = 0; i < all.size(); i++) {
        gradients.backward(values.get(i));
        Result made =
            new Result(doubles(values.get(i))[0], doubles(embeddings.get(i).getGradient()));
        assertEqual(made, formula(all.get(i)), FP32);
      }
      assertThat(others).isNotEmpty();
    }
  }

  /** Takes and fills what memory was freed. */
  private static List<ByteBuffer> noise() {
    List<ByteBuffer> noise = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      noise.add(ByteBuffer.allocateDirect(4 + 4 * (i % 2)).putInt(0, 0x7fc00000));
    }
    return noise;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void otherShapesTypesAndRowsAreRefused(Case one) {
    BatchLoss loss = one.loss();
    int rows = loss.rows();
    try (NDManager scope = TorchRuntime.scope()) {
      NDArray few = scope.zeros(new Shape(loss.texts() - 1, DIMENSION));
      NDArray flat = scope.zeros(new Shape(loss.texts()));
      NDArray whole = scope.zeros(new Shape(loss.texts(), DIMENSION), DataType.INT64);
      NDArray right = scope.zeros(new Shape(loss.texts(), DIMENSION));
      assertThatThrownBy(() -> loss.value(few)).hasMessageContaining("must be [" + loss.texts());
      assertThatThrownBy(() -> loss.value(flat)).hasMessageContaining("must be [" + loss.texts());
      assertThatThrownBy(() -> loss.value(whole)).hasMessageContaining("must be fp32 or float64");
      assertThatThrownBy(() -> loss.part(right, 0, rows + 1)).hasMessageContaining("not among");
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void vectorsOfZerosGiveNoNaN(Case one) {
    double[][] zeros = new double[one.vectors().length][DIMENSION];
    Result result = computed(one.loss(), zeros, DataType.FLOAT32, one.loss().rows());
    assertThat(result.value()).isFinite();
    for (double slope : result.gradient()) {
      assertThat(slope).isFinite();
    }
  }

  @Test
  void aSingleRowHasNothingToFindAndLosesNothing() {
    List<RankingRow> row = CandidateColumnsTest.batch().subList(1, 2);
    CandidateColumns columns = CandidateColumns.of(row);
    for (RankingOptions options : List.of(RankingOptions.plain(20), RankingOptions.symmetric(20))) {
      Result result = computed(options.over(columns), random(2, 4), DataType.FLOAT64, 1);
      assertThat(result.value()).isCloseTo(0, within(1e-12));
    }
  }

  @Test
  void scoresThatAreAllEqualLoseNothing() {
    Result result =
        computed(new CoSent(20, List.of(2.0, 2.0, 2.0)), random(6, 5), DataType.FLOAT32, 1);
    assertThat(result.value()).isZero();
    assertThat(result.gradient()).containsOnly(0);
  }

  @Test
  void onlyTheOrderOfScoresMatters() {
    double[][] vectors = random(8, 6);
    Result some =
        computed(new CoSent(20, List.of(0.0, 1.0, 2.0, 1.0)), vectors, DataType.FLOAT64, 1);
    Result others =
        computed(new CoSent(20, List.of(-7.0, 0.1, 99.0, 0.1)), vectors, DataType.FLOAT64, 1);
    assertThat(some.value()).isEqualTo(others.value());
    assertThat(some.gradient()).isEqualTo(others.gradient());
  }

  @Test
  void withoutTripletsThereIsNoLoss() {
    BatchLoss loss =
        new TripletOptions(Distance.EUCLIDEAN, 5)
            .over(CandidateColumns.of(CandidateColumnsTest.batch().subList(1, 2)));
    Result result = computed(loss, random(2, 7), DataType.FLOAT32, 0);
    assertThat(result.value()).isZero();
    assertThat(result.gradient()).containsOnly(0);
  }

  @Test
  void everyHardNegativeMakesATripletButForFalseOnes() {
    CandidateColumns columns = CandidateColumns.of(CandidateColumnsTest.batch());
    TripletMargin loss = (TripletMargin) new TripletOptions(Distance.COSINE, 0.5).over(columns);
    assertThat(loss.triplets())
        .as("the own text of q4 is none; n0 is one of two rows")
        .containsExactly(
            new Triplet(0, 5, 10),
            new Triplet(2, 7, 11),
            new Triplet(3, 8, 12),
            new Triplet(0, 5, 14),
            new Triplet(4, 9, 15));
  }

  @Test
  void atEqualDistancesTheGradientOfADistanceOfZeroIsZero() {
    List<Triplet> triplets = List.of(new Triplet(0, 1, 2));
    BatchLoss loss = new TripletMargin(new TripletOptions(Distance.EUCLIDEAN, 50), 3, triplets);
    double[][] vectors = random(3, 8);
    vectors[1] = vectors[0].clone();
    Result result = computed(loss, vectors, DataType.FLOAT32, 1);
    assertThat(IntStream.range(0, DIMENSION).mapToDouble(i -> result.gradient()[DIMENSION + i]))
        .containsOnly(0.0);
    assertThat(IntStream.range(0, DIMENSION).mapToDouble(i -> result.gradient()[i]))
        .doesNotContain(0.0);
  }

  @Test
  void settingsThatMakeNoLossAreRefused() {
    assertThatThrownBy(() -> RankingOptions.plain(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("finite and above 0");
    assertThatThrownBy(
            () ->
                new RankingOptions(
                    20, List.of(Direction.QUERY_TO_QUERY), Partition.JOINT, Hardness.NONE, 0))
        .hasMessageContaining("QUERY_TO_DOCUMENT must be among them");
    assertThatThrownBy(
            () ->
                new RankingOptions(
                    20, List.of(Direction.values()), Partition.PER_DIRECTION, Hardness.NONE, 0))
        .hasMessageContaining("hold the positive");
    assertThatThrownBy(() -> new TripletOptions(Distance.COSINE, 0)).hasMessageContaining("margin");
    assertThatThrownBy(() -> new CoSent(20, List.of(1.0, Double.NaN)))
        .hasMessageContaining("must be finite");
    assertThatThrownBy(() -> new MarginMse(3, List.of(new Triplet(0, 1, 2)), List.of()))
        .hasMessageContaining("0 margins for 1 triplets");
    assertThatThrownBy(() -> DistilledRanking.of(1, List.of(List.of(1.0))))
        .hasMessageContaining("2 or more documents");
    assertThatThrownBy(() -> DistilledRanking.of(0, List.of(List.of(1.0, 2.0))))
        .hasMessageContaining("temperature is 0.0");
    CandidateColumns columns = CandidateColumns.of(CandidateColumnsTest.batch());
    Guide few = new Guide(List.of(new float[3]), Guide.Margin.ABSOLUTE, 0);
    assertThatThrownBy(() -> new MultipleNegativesRanking(RankingOptions.plain(20), columns, few))
        .hasMessageContaining("the guide has 1 vectors, must have 16");
    assertThatThrownBy(() -> MatryoshkaOptions.sum(List.of(64, 64)))
        .hasMessageContaining("each once");
    BatchLoss wide =
        new Matryoshka(new CoSent(20, List.of(1.0)), MatryoshkaOptions.sum(List.of(13)));
    assertThatThrownBy(() -> computed(wide, random(2, 9), DataType.FLOAT32, 1))
        .hasMessageContaining("have 12 dimensions, must have at least 13");
  }
}
