package dev.hone.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.loss.BatchLoss;
import dev.hone.loss.BatchRows;
import dev.hone.loss.CandidateColumns;
import dev.hone.loss.Direction;
import dev.hone.loss.Distance;
import dev.hone.loss.Hardness;
import dev.hone.loss.MatryoshkaOptions;
import dev.hone.loss.Partition;
import dev.hone.loss.RankingOptions;
import dev.hone.loss.RankingRow;
import dev.hone.loss.RankingRow.Candidate;
import dev.hone.loss.TripletOptions;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelSource;
import dev.hone.model.Precision;
import dev.hone.store.LocalCache;
import dev.hone.store.SharedCache;
import dev.hone.text.Prompts;
import dev.hone.text.TextRole;
import dev.hone.text.TokenizedText;
import dev.hone.torch.Encoder;
import dev.hone.torch.EncoderOptions;
import dev.hone.torch.GradientScope;
import dev.hone.torch.TorchOptimizer;
import dev.hone.torch.WordNetTexts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cached gradients are those of one graph, on MiniLM, whatever the chunks and the loss are. */
class GradientCacheTest {
  private static final DropoutSeeds SEEDS = new DropoutSeeds(7, 3, 0, 0);
  private static final int MAX_LENGTH = 24;
  private static final long ALL = Long.MAX_VALUE;

  private static LocalCache cache;
  private static ModelFolder base;
  private static TorchOptimizer operations;
  private static Encoder still;
  private static Encoder dropping;

  @BeforeAll
  static void open() {
    cache = SharedCache.open();
    base = ModelSource.resolve("builtin:all-MiniLM-L6-v2", cache, new Configuration(false));
    still = encoder(0, Precision.FP32);
    dropping = encoder(0.1, Precision.FP32);
    operations = TorchOptimizer.open(cache);
  }

  @AfterAll
  static void close() {
    operations.close();
    still.close();
    dropping.close();
  }

  private static Encoder encoder(double dropout, Precision precision) {
    return Encoder.open(
        base, Prompts.NONE, EncoderOptions.training(1, MAX_LENGTH, precision, dropout, 0, cache));
  }

  /** Rows with 0 to 2 negatives, of many lengths, with a repeated query and a repeated answer. */
  private static List<RankingRow> rows() {
    List<String> lemmas = WordNetTexts.lemmas(40);
    List<String> texts = WordNetTexts.ofAllLengths(40);
    List<RankingRow> rows = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      String query = lemmas.get(i == 5 ? 4 : i);
      String positive = texts.get(i == 7 ? 2 : i);
      List<Candidate> negatives = new ArrayList<>();
      for (int n = 0; n < i % 3; n++) {
        String text = texts.get(9 + 2 * i + n);
        negatives.add(new Candidate(text, Set.of(text)));
      }
      rows.add(
          new RankingRow(
              query,
              query,
              new Candidate(positive, Set.of(positive)),
              negatives,
              Set.of(positive)));
    }
    return rows;
  }

  private static Stream<TrainingLoss> losses() {
    RankingOptions gte =
        new RankingOptions(
            20, List.of(Direction.values()), Partition.JOINT, Hardness.HARD_NEGATIVES, 5);
    MatryoshkaOptions dims = MatryoshkaOptions.sum(List.of(384, 128, 64));
    return Stream.of(
        new TrainingLoss(RankingOptions.plain(20), MatryoshkaOptions.NONE, true),
        new TrainingLoss(RankingOptions.plain(20), MatryoshkaOptions.NONE, false),
        new TrainingLoss(RankingOptions.symmetric(20), dims, true),
        new TrainingLoss(gte, MatryoshkaOptions.NONE, true),
        new TrainingLoss(
            new TripletOptions(Distance.EUCLIDEAN, 0.5), MatryoshkaOptions.NONE, true));
  }

  private static BatchLoss over(TrainingLoss loss) {
    return loss.over(new BatchRows.Ranking(rows())).loss();
  }

  private static List<TokenizedText> texts(Encoder encoder) {
    return texts(encoder, MAX_LENGTH);
  }

  private static List<TokenizedText> texts(Encoder encoder, int maxLength) {
    List<RankingRow> rows = rows();
    List<String> queries = rows.stream().map(RankingRow::queryText).toList();
    List<TokenizedText> texts =
        new ArrayList<>(encoder.tokenize(queries, TextRole.QUERY, Prompts.NONE, maxLength));
    List<String> documents =
        CandidateColumns.of(rows).slots().stream().map(slot -> slot.in(rows).text()).toList();
    texts.addAll(encoder.tokenize(documents, TextRole.DOCUMENT, Prompts.NONE, maxLength));
    return texts;
  }

  /** A loss and the gradients it leaves, which are taken away. */
  private record Result(double loss, SortedMap<String, float[]> gradients) {}

  private static Result result(Encoder encoder, double loss) {
    SortedMap<String, float[]> gradients = new TreeMap<>();
    encoder
        .parameters()
        .forEach(
            (name, parameter) -> {
              try (NDArray gradient = parameter.getGradient()) {
                gradients.put(name, gradient.toFloatArray());
              }
              operations.clearGradient(parameter);
            });
    return new Result(loss, gradients);
  }

  private static Result made(Encoder encoder, GradientMethod method, TrainingLoss loss) {
    return result(encoder, method.add(encoder, texts(encoder), over(loss), SEEDS));
  }

  private static double length(float[] values, float[] others) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += Math.pow((double) values[i] - others[i], 2);
    }
    return Math.sqrt(sum);
  }

  /** The rules of equality: of the whole gradient, and of each tensor beside it. */
  private static void assertEqual(Result actual, Result expected) {
    assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-5 * expected.loss()));
    double difference = 0;
    double whole = 0;
    for (Map.Entry<String, float[]> gradient : expected.gradients().entrySet()) {
      float[] own = actual.gradients().get(gradient.getKey());
      difference += Math.pow(length(own, gradient.getValue()), 2);
      whole += Math.pow(length(gradient.getValue(), new float[own.length]), 2);
    }
    double norm = Math.sqrt(whole);
    assertThat(norm).isGreaterThan(0.01);
    assertThat(Math.sqrt(difference)).isLessThanOrEqualTo(1e-5 * norm);
    for (Map.Entry<String, float[]> gradient : expected.gradients().entrySet()) {
      float[] own = actual.gradients().get(gradient.getKey());
      double tensor = length(gradient.getValue(), new float[own.length]);
      assertThat(length(own, gradient.getValue()))
          .as(gradient.getKey())
          .isLessThanOrEqualTo(1e-4 * tensor + 1e-6 * norm);
    }
  }

  private static void assertSameBits(Result one, Result other) {
    assertThat(one.loss()).isEqualTo(other.loss());
    one.gradients()
        .forEach(
            (name, gradient) ->
                assertThat(Arrays.equals(gradient, other.gradients().get(name))).as(name).isTrue());
  }

  /** Small batches of texts of one length fit into one pass. */
  @Test
  void aGraphOfOnePassHasTheGradientsOfSeveral() {
    TrainingLoss loss = new TrainingLoss(RankingOptions.plain(20), MatryoshkaOptions.NONE, true);
    List<TokenizedText> texts = texts(still, 4);
    OneGraph one = new OneGraph(GradientMethod.CHUNK_TOKENS);
    OneGraph several = new OneGraph(40);
    assertThat(one.chunks(texts).all()).hasSize(1);
    assertThat(several.chunks(texts).all()).hasSizeGreaterThan(2);

    Result expected = result(still, several.add(still, texts, over(loss), SEEDS));
    assertEqual(result(still, one.add(still, texts, over(loss), SEEDS)), expected);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void withoutDropoutTheGradientsAreThoseOfOneGraph(TrainingLoss loss) {
    Result expected = made(still, new OneGraph(GradientMethod.CHUNK_TOKENS), loss);
    assertEqual(made(still, new GradientCache(60, 512, 0), loss), expected);
    assertEqual(made(still, new GradientCache(GradientMethod.CHUNK_TOKENS, 3, 0), loss), expected);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void withDropoutTheGradientsAreThoseOfOneGraphOverTheSameChunksAndSeeds(TrainingLoss loss) {
    Result cached = made(dropping, new GradientCache(100, 4, 0), loss);
    TextChunks chunks = TextChunks.of(texts(dropping), 100, 4);
    try (NDManager scope = dropping.scope();
        GradientScope recording = GradientScope.open()) {
      NDList embedded = new NDList();
      for (TextChunks.Chunk chunk : chunks.all()) {
        dropping.seed(SEEDS.ofChunk(chunk.number()));
        embedded.add(dropping.embed(chunk.batch(), scope));
      }
      NDArray inOrder = NDArrays.concat(embedded).get(scope.create(chunks.rowOf()));
      NDArray value = over(loss).value(inOrder);
      recording.backward(value);
      assertEqual(cached, result(dropping, value.getFloat()));
    }
    assertThat(cached.loss()).as("dropout is on").isNotCloseTo(withoutDropout(loss), within(1e-4));
  }

  /** The loss alone: the gradients of parameters are most of the work. */
  private static double withoutDropout(TrainingLoss loss) {
    TextChunks chunks = TextChunks.of(texts(still), 100, 4);
    try (CachedPasses passes = new CachedPasses(still, chunks, SEEDS)) {
      passes.embed(0);
      return passes.differentiate(over(loss));
    }
  }

  @Test
  void graphsThatAreKeptGiveTheBitsOfThoseMadeAgain() {
    TrainingLoss loss = losses().findFirst().orElseThrow();
    Result again = made(dropping, new GradientCache(100, 4, 0), loss);
    assertSameBits(made(dropping, new GradientCache(100, 4, ALL), loss), again);
    assertSameBits(made(dropping, new GradientCache(100, 4, 30_000_000), loss), again);
  }

  @Test
  void graphsAreKeptAsFarAsMemoryGoes() {
    TextChunks chunks = TextChunks.of(texts(dropping), 100, 4);
    for (long bytes : new long[] {0, 30_000_000, ALL}) {
      try (CachedPasses passes = new CachedPasses(dropping, chunks, SEEDS)) {
        passes.embed(bytes);
        int expected = bytes == 0 ? 0 : bytes == ALL ? chunks.all().size() : fitting(chunks, bytes);
        assertThat(passes.kept()).isEqualTo(expected);
      }
    }
    assertThat(fitting(chunks, 30_000_000)).isBetween(2, chunks.all().size() - 2);
  }

  /** MiniLM holds 6 layers' 6912 numbers for a token, and two fifths more. */
  private static int fitting(TextChunks chunks, long bytes) {
    int kept = 0;
    long left = bytes;
    for (TextChunks.Chunk chunk : chunks.all()) {
      left -= 4L * 6 * 6912 * 7 / 5 * chunk.batch().rows() * chunk.batch().tokens();
      kept += left >= 0 ? 1 : 0;
    }
    return kept;
  }

  @Test
  void theLossInPartsIsTheLoss() {
    TrainingLoss loss = losses().toList().get(2);
    TextChunks chunks = TextChunks.of(texts(still), 100, 4);
    List<Result> results = new ArrayList<>();
    for (int rows : new int[] {9, 4, 1}) {
      try (CachedPasses passes = new CachedPasses(still, chunks, SEEDS)) {
        passes.embed(ALL);
        double value = passes.differentiate(over(loss), rows);
        passes.backward();
        results.add(result(still, value));
      }
    }
    assertEqual(results.get(1), results.get(0));
    assertEqual(results.get(2), results.get(0));
  }

  @Test
  void aChunkThatIsNotEmbeddedAsItWasIsABug() {
    TrainingLoss loss = losses().findFirst().orElseThrow();
    TextChunks chunks = TextChunks.of(texts(dropping), 100, 4);
    NDArray weight = dropping.parameters().get("encoder.layer.5.output.dense.weight");
    float[] before = weight.toFloatArray();
    try (CachedPasses passes = new CachedPasses(dropping, chunks, SEEDS)) {
      passes.embed(0);
      passes.differentiate(over(loss));
      weight.muli(1.001f);
      assertThatThrownBy(passes::backward)
          .isInstanceOfSatisfying(
              HoneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUG))
          .hasMessageContaining("step 3")
          .hasMessageContaining("train.loss = mnrl");
    } finally {
      weight.set(before);
      result(dropping, 0);
    }
  }

  @Test
  void chunksAreEmbeddedAsTheyWereAlsoWhenTheExecutorIsWarm() {
    TrainingLoss loss = losses().findFirst().orElseThrow();
    for (Precision precision : Precision.values()) {
      try (Encoder fresh = encoder(0.1, precision)) {
        Result first = made(fresh, new GradientCache(100, 4, 0), loss);
        for (int i = 0; i < 10; i++) {
          assertSameBits(made(fresh, new GradientCache(100, 4, 0), loss), first);
        }
      }
    }
  }

  @Test
  void trainingWithItIsTrainingInOneGraph() {
    List<TrainingUpdate> cached = new ArrayList<>();
    List<TrainingUpdate> plain = new ArrayList<>();
    train(new GradientCache(100, 4, 30_000_000), 0, cached);
    train(new OneGraph(GradientMethod.CHUNK_TOKENS), 0, plain);
    assertThat(cached).hasSameSizeAs(plain).hasSize(4);
    for (int i = 0; i < plain.size(); i++) {
      assertThat(cached.get(i).loss()).isCloseTo(plain.get(i).loss(), within(1e-4));
      assertThat(cached.get(i).gradientNorm())
          .isCloseTo(plain.get(i).gradientNorm(), within(1e-3 * plain.get(i).gradientNorm()));
      assertThat(cached.get(i).tokens()).isEqualTo(plain.get(i).tokens());
    }
    assertThat(plain.get(3).loss()).isLessThan(plain.get(0).loss());
  }

  private static void train(GradientMethod method, double dropout, List<TrainingUpdate> log) {
    TrainingOptions options =
        new TrainingOptions(
            Map.of(
                "wordnet", new DatasetTraining(losses().toList().get(2), method, Prompts.NONE, 24)),
            new LearningRateSchedule(1e-4, 0, 4, LearningRateSchedule.Decay.LINEAR),
            0.01,
            1,
            Precision.FP32,
            dropout,
            0,
            24,
            Prompts.NONE,
            1,
            3,
            7,
            cache,
            ParameterRates.ALL_ALIKE,
            Integer.MAX_VALUE);
    Training.run(
        TrainingStart.at(base),
        new FourTimes(),
        options,
        (update, all) -> log.add(update),
        BetweenUpdates.NOTHING,
        now -> null);
  }

  /** The same batch four times. */
  private static final class FourTimes implements BatchSource {
    private int step;

    @Override
    public int first() {
      return 0;
    }

    @Override
    public int updates() {
      return 4;
    }

    @Override
    public boolean hasNext() {
      return step < 4;
    }

    @Override
    public TrainingBatch next() {
      return new TrainingBatch(step++, "wordnet", new BatchRows.Ranking(rows()));
    }
  }

  @Test
  void boundsThatAllowNoChunkAreRefused() {
    assertThatThrownBy(() -> new GradientCache(0, 1, 0)).hasMessageContaining("chunkTokens >= 1");
    assertThatThrownBy(() -> new GradientCache(1, 1, -1))
        .hasMessageContaining("activationBytes >= 0");
  }
}
