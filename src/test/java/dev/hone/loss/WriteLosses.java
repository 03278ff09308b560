package dev.hone.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.loss.RankingRow.Candidate;
import dev.hone.loss.TripletMargin.Triplet;
import dev.hone.torch.GradientScope;
import dev.hone.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Writes losses of random embeddings for Python to compare with: a JSON list of cases, each with
 * its settings, the embeddings of its columns (queries, positives, negatives, or the texts of
 * pairs), the loss and the gradient of all embeddings, one after the other.
 */
public final class WriteLosses {
  private static final int ROWS = 7;
  private static final int DIMENSION = 16;
  private static final List<Double> GOALS = List.of(0.5, 4.0, 0.5, 2.5, 5.0, 0.0, 2.5);

  private final List<Map<String, Object>> cases = new ArrayList<>();
  private final Random random = new Random(5);

  private WriteLosses() {}

  /** Argument: the file to write. */
  public static void main(String[] arguments) throws IOException {
    TorchRuntime.start(1);
    WriteLosses losses = new WriteLosses();
    losses.rankings();
    losses.triplets();
    losses.cosent();
    losses.distilled();
    new ObjectMapper().writeValue(Path.of(arguments[0]).toFile(), losses.cases);
  }

  private void rankings() {
    List<Direction> four = List.of(Direction.values());
    for (int negatives : new int[] {0, 2}) {
      ranking(negatives, RankingOptions.plain(20));
      ranking(negatives, RankingOptions.symmetric(15));
      List<Direction> queries = List.of(Direction.QUERY_TO_DOCUMENT, Direction.QUERY_TO_QUERY);
      ranking(negatives, new RankingOptions(20, queries, Partition.JOINT, Hardness.NONE, 0));
      for (Hardness hardness : Hardness.values()) {
        ranking(negatives, new RankingOptions(10, four, Partition.JOINT, hardness, 5));
      }
    }
  }

  private void ranking(int negatives, RankingOptions options) {
    List<RankingRow> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      int row = i;
      List<Candidate> hard =
          IntStream.range(0, negatives)
              .mapToObj(n -> new Candidate("n%d-%d".formatted(row, n), Set.of()))
              .toList();
      rows.add(new RankingRow("q" + i, "q" + i, new Candidate("d" + i, Set.of()), hard, Set.of()));
    }
    Map<String, Object> settings = new TreeMap<>();
    settings.put("loss", "mnrl");
    settings.put("scale", options.scale());
    settings.put("directions", words(options.directions()));
    settings.put("partition_mode", word(options.partition()));
    settings.put("hardness_mode", word(options.hardness()));
    settings.put("hardness_strength", options.hardnessStrength());
    add(settings, options.over(CandidateColumns.unmasked(rows)), 2 + negatives, 3);
  }

  private void triplets() {
    for (Distance distance : Distance.values()) {
      for (double margin : new double[] {0.3, 5}) {
        List<Triplet> triplets =
            IntStream.range(0, ROWS).mapToObj(i -> new Triplet(i, ROWS + i, 2 * ROWS + i)).toList();
        TripletOptions options = new TripletOptions(distance, margin);
        Map<String, Object> settings = new TreeMap<>();
        settings.put("loss", "triplet");
        settings.put("distance", distance.name());
        settings.put("margin", margin);
        add(settings, new TripletMargin(options, 3 * ROWS, triplets), 3, ROWS);
      }
    }
  }

  private void cosent() {
    Map<String, Object> settings = new TreeMap<>();
    settings.put("loss", "cosent");
    settings.put("scale", 20);
    settings.put("labels", GOALS);
    add(settings, new CoSent(20, GOALS), 2, 1);
  }

  private void distilled() {
    List<Triplet> triplets =
        IntStream.range(0, ROWS).mapToObj(i -> new Triplet(i, ROWS + i, 2 * ROWS + i)).toList();
    Map<String, Object> margins = new TreeMap<>();
    margins.put("loss", "margin-mse");
    margins.put("labels", GOALS);
    add(margins, new MarginMse(3 * ROWS, triplets, GOALS), 3, 3);
    List<List<Double>> teacher =
        GOALS.stream().map(goal -> List.of(goal, 1 - goal, 0.25 * goal)).toList();
    Map<String, Object> ranking = new TreeMap<>();
    ranking.put("loss", "distilled");
    ranking.put("temperature", 2);
    ranking.put("labels", teacher);
    add(ranking, DistilledRanking.of(2, teacher), 4, 3);
  }

  private static List<String> words(List<? extends Enum<?>> constants) {
    return constants.stream().map(WriteLosses::word).toList();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace("document", "doc");
  }

  /** Adds a loss, and the same at three lengths, each as a whole and in parts. */
  private void add(Map<String, Object> settings, BatchLoss loss, int columns, int part) {
    float[] embeddings = new float[columns * ROWS * DIMENSION];
    for (int i = 0; i < embeddings.length; i++) {
      embeddings[i] = (float) (0.3 + random.nextGaussian());
    }
    MatryoshkaOptions dims =
        new MatryoshkaOptions(
            List.of(16, 8, 3), List.of(1.0, 0.5, 2.0), MatryoshkaOptions.Reduction.SUM);
    for (MatryoshkaOptions lengths : List.of(MatryoshkaOptions.NONE, dims)) {
      Map<String, Object> one = new TreeMap<>(settings);
      one.put("rows", ROWS);
      one.put("dimension", DIMENSION);
      one.put("dims", lengths.dims());
      one.put("weights", lengths.weights());
      one.put("embeddings", embeddings);
      BatchLoss whole = Matryoshka.over(loss, lengths);
      one.put("whole", result(whole, embeddings, Math.max(1, whole.rows())));
      one.put("parts", result(whole, embeddings, part));
      cases.add(one);
    }
  }

  private static Map<String, Object> result(BatchLoss loss, float[] embeddings, int part) {
    try (NDManager scope = TorchRuntime.scope()) {
      NDArray leaf = scope.create(embeddings, new Shape(loss.texts(), DIMENSION));
      leaf.setRequiresGradient(true);
      double value = 0;
      for (int from = 0; from < loss.rows(); from += part) {
        try (GradientScope gradients = GradientScope.open()) {
          NDArray some = loss.part(leaf, from, Math.min(from + part, loss.rows()));
          gradients.backward(some);
          value += some.getFloat();
        }
      }
      return Map.of("value", value, "gradient", leaf.getGradient().toFloatArray());
    }
  }
}
