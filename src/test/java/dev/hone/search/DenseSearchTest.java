package dev.hone.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.hone.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exact dense search beside sorting all scores in float64. */
class DenseSearchTest {
  private static final class Vector {
    private final String id;
    private final float[] values;

    Vector(String id, float[] values) {
      this.id = id;
      this.values = values;
    }

    String id() {
      return id;
    }

    float[] values() {
      return values;
    }
  }

  @BeforeAll
  static void start() {
    TorchRuntime.start(2);
  }

  private static List<Vector> random(String name, int count, int dimension, long seed) {
    Random random = new Random(seed);
    List<Vector> vectors = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      float[] values = new float[dimension];
      double length = 0;
      for (int i = 0; i < dimension; i++) {
        values[i] = (float) random.nextGaussian();
        length += values[i] * values[i];
      }
      for (int i = 0; i < dimension; i++) {
        values[i] = (float) (values[i] / Math.sqrt(length));
      }
      vectors.add(new Vector(name + row, values));
    }
    return vectors;
  }

  private static List<List<Hit>> search(
      List<Vector> queries, List<Vector> documents, SearchUnit unit, int k) {
    try (NDManager scope = TorchRuntime.scope()) {
      DenseSearch search =
          new DenseSearch(scope, queries.stream().map(Vector::values).toList(), unit, k);
      documents.forEach(document -> search.add(document.id(), document.values()));
      search.finish();
      List<List<Hit>> found = new ArrayList<>();
      for (int query = 0; query < queries.size(); query++) {
        found.add(search.best(query));
      }
      return found;
    }
  }

  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  /** In float64, by id. */
  private static Map<String, Double> scores(Vector query, List<Vector> documents) {
    Map<String, Double> scores = new HashMap<>();
    documents.forEach(
        one -> scores.merge(one.id(), product(query.values(), one.values()), Math::max));
    return scores;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 1000})
  void equalsSortingAllScoresUpToTies(int k) {
    List<Vector> queries = random("q", 20, 384, 1);
    List<Vector> documents = random("d", 5000, 384, 2);
    List<List<Hit>> found = search(queries, documents, SearchUnit.CHUNK, k);
    for (int query = 0; query < queries.size(); query++) {
      Map<String, Double> all = scores(queries.get(query), documents);
      List<Double> best = all.values().stream().sorted(Comparator.reverseOrder()).limit(k).toList();
      List<Hit> hits = found.get(query);
      assertThat(hits).hasSize(k).isSortedAccordingTo(Hit.ORDER);
      for (int rank = 0; rank < k; rank++) {
        assertThat((double) hits.get(rank).score()).isCloseTo(best.get(rank), within(1e-6));
        assertThat(all.get(hits.get(rank).documentId())).isCloseTo(best.get(rank), within(2e-6));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 384, 391, 768})
  void bitsOfAScoreDependOnTheTwoVectorsAlone(int dimension) {
    List<Vector> queries = random("q", 300, dimension, 3);
    List<Vector> documents = random("d", 4500, dimension, 4);
    List<List<Hit>> all = search(queries, documents, SearchUnit.CHUNK, 4500);
    Random random = new Random(5);
    for (int size : new int[] {1, 2, 63, 64, 65, 1000, 2049, 4097}) {
      List<Vector> some = new ArrayList<>(documents);
      Collections.shuffle(some, random);
      some = some.subList(0, size);
      int first = random.nextInt(200);
      int last = first + 1 + random.nextInt(99);
      List<List<Hit>> found = search(queries.subList(first, last), some, SearchUnit.CHUNK, size);
      for (int query = first; query < last; query++) {
        Map<String, Float> expected = new HashMap<>();
        all.get(query).forEach(hit -> expected.put(hit.documentId(), hit.score()));
        found
            .get(query - first)
            .forEach(hit -> assertThat(hit.score()).isEqualTo(expected.get(hit.documentId())));
      }
    }
  }

  @Test
  void ofEqualScoresThoseOfTheLowestIdsAreKeptInAnyOrder() {
    float[] one = random("v", 1, 48, 6).get(0).values();
    List<Vector> documents = new ArrayList<>(random("z", 100, 48, 7));
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      ids.add("copy" + i);
      documents.add(new Vector("copy" + i, one));
    }
    ids.sort(Hit.BY_UTF8);
    Collections.shuffle(documents, new Random(8));
    List<Hit> found =
        search(List.of(new Vector("q", one)), documents, SearchUnit.CHUNK, 150).get(0);
    assertThat(found).extracting(Hit::documentId).isEqualTo(ids.subList(0, 150));
  }

  @Test
  void zeroHasOneSign() {
    List<Vector> documents =
        List.of(
            new Vector("b", new float[] {-0.0f, 0, 0, 0, 0, 0, 0, 0}),
            new Vector("a", new float[] {0, 0, 0, 0, 0, 0, 0, 0}));
    Vector query = new Vector("q", new float[] {1, 0, 0, 0, 0, 0, 0, 0});
    List<Hit> found = search(List.of(query), documents, SearchUnit.CHUNK, 2).get(0);
    assertThat(found).containsExactly(new Hit("a", 0), new Hit("b", 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 25, 90, 1000})
  void documentCountsByTheBestOfItsVectors(int k) {
    List<Vector> queries = random("q", 20, 24, 9);
    List<Vector> chunks = new ArrayList<>();
    for (Vector chunk : random("d", 6000, 24, 10)) {
      chunks.add(new Vector("p" + Integer.parseInt(chunk.id().substring(1)) % 90, chunk.values()));
    }
    List<List<Hit>> found = search(queries, chunks, SearchUnit.PARENT, k);
    for (int query = 0; query < queries.size(); query++) {
      List<String> expected =
          scores(queries.get(query), chunks).entrySet().stream()
              .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
              .limit(k)
              .map(Map.Entry::getKey)
              .toList();
      assertThat(found.get(query)).extracting(Hit::documentId).isEqualTo(expected);
    }
  }

  @Test
  void vectorOfAnotherModelIsRefused() {
    assertThatThrownBy(
            () -> search(random("q", 1, 24, 11), random("d", 1, 32, 12), SearchUnit.CHUNK, 1))
        .hasMessageContaining("d0 has 32 dimensions, those of the queries have 24");
  }
}
