package dev.hone.search;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import dev.hone.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Exact dense search. */
class DenseSearchTest {
  private static final int DIMENSION = 24;

  @Test
  void equalsSortingAllScores() {
    float[][] queries = random(300, 1);
    float[][] documents = random(900, 2);
    documents[17] = documents[4].clone();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < documents.length; i++) {
      ids.add("d" + i);
    }
    TorchRuntime.start(2);
    try (NDManager scope = TorchRuntime.scope()) {
      DenseSearch search = new DenseSearch(scope, DIMENSION);
      List<List<Hit>> found = search.search(queries, ids, documents, 7);
      for (int query = 0; query < queries.length; query++) {
        List<Hit> all = search.search(new float[][] {queries[query]}, ids, documents, 900).get(0);
        assertThat(found.get(query)).isEqualTo(all.subList(0, 7));
        assertThat(all).isSortedAccordingTo(Hit.ORDER);
        Hit best = all.get(0);
        assertThat((double) best.score())
            .isCloseTo(
                dot(queries[query], documents[Integer.parseInt(best.documentId().substring(1))]),
                org.assertj.core.api.Assertions.within(1e-4));
      }
    }
  }

  @Test
  void ofSeveralVectorsWithOneIdTheBestCounts() {
    float[][] queries = random(20, 3);
    float[][] chunks = random(400, 4);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < chunks.length; i++) {
      ids.add("d" + i % 90);
    }
    TorchRuntime.start(2);
    try (NDManager scope = TorchRuntime.scope()) {
      List<List<Hit>> found = new DenseSearch(scope, DIMENSION).search(queries, ids, chunks, 25);
      for (int query = 0; query < queries.length; query++) {
        Map<String, Double> best = new HashMap<>();
        for (int i = 0; i < chunks.length; i++) {
          best.merge(ids.get(i), dot(queries[query], chunks[i]), Math::max);
        }
        List<String> expected =
            best.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(25)
                .map(Map.Entry::getKey)
                .toList();
        assertThat(found.get(query)).extracting(Hit::documentId).isEqualTo(expected);
      }
    }
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static float[][] random(int rows, long seed) {
    Random random = new Random(seed);
    float[][] values = new float[rows][DIMENSION];
    for (float[] row : values) {
      for (int i = 0; i < DIMENSION; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return values;
  }
}
