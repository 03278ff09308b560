package dev.hone.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.hone.torch.TorchRuntime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Binary vectors: picked by bits, ordered by the query in fp32. */
class BinarySearchTest {
  private static final float[] QUERY = {0.9f, 0.1f, -0.3f, 0};

  private static List<BinaryHit> candidates(SearchUnit unit, int k, Object[]... documents) {
    TorchRuntime.start(1);
    try (NDManager scope = TorchRuntime.scope()) {
      BinarySearch search = new BinarySearch(scope, List.of(QUERY), unit, k);
      for (Object[] document : documents) {
        search.add((String) document[0], (float[]) document[1]);
      }
      search.finish();
      return search.candidates(0);
    }
  }

  private static Object[] document(String id, float... signs) {
    return new Object[] {id, signs};
  }

  @Test
  void distanceCountsBitsAndTheScoreIsThatOfTheQueryInFp32() {
    // By hand; a query's 0 is no bit, as a document's. (.9 + .1 + .3 - 0) / 2 and so on.
    List<BinaryHit> hits =
        candidates(
            SearchUnit.CHUNK,
            4,
            document("all", 1, 1, -1, -1),
            document("first", -1, 1, -1, -1),
            document("second", 1, -1, -1, -1),
            document("none", -1, -1, 1, 1));

    assertThat(hits)
        .extracting(BinaryHit::documentId)
        .containsExactly("all", "first", "second", "none");
    assertThat(hits).extracting(BinaryHit::distance).containsExactly(0, 1, 1, 4);
    assertThat(hits.stream().mapToDouble(BinaryHit::score).toArray())
        .containsExactly(new double[] {0.65, -0.25, 0.55, -0.65}, within(1e-7));
  }

  @Test
  void ofAllThatArePickedTheBestByScoreAreKept() {
    List<BinaryHit> picked =
        List.of(
            new BinaryHit("b", 3, 0.5),
            new BinaryHit("a", 3, 0.5),
            new BinaryHit("near", 1, -0.5),
            new BinaryHit("c", 3, 0.4),
            new BinaryHit("d", 3, 0.9),
            new BinaryHit("far", 4, 2.0));

    // Four times one are picked: near, and of those at distance 3 a, b and c.
    assertThat(BinarySearch.best(picked, 1)).extracting(BinaryHit::documentId).containsExactly("a");
    assertThat(BinarySearch.best(picked, 2))
        .extracting(BinaryHit::documentId)
        .containsExactly("far", "d");
  }

  @Test
  void documentCountsByTheNearestOfItsVectors() {
    List<BinaryHit> hits =
        candidates(
            SearchUnit.PARENT,
            2,
            document("long", -1, 1, -1, -1),
            document("long", -1, -1, 1, 1),
            document("long", 1, -1, -1, -1),
            document("short", 1, 1, -1, -1));

    assertThat(hits).extracting(BinaryHit::documentId).containsExactly("short", "long");
    assertThat(hits.get(1).distance()).isEqualTo(1);
    assertThat(hits.get(1).score()).isCloseTo(0.55, within(1e-7));
    assertThat(
            BinarySearch.best(List.of(new BinaryHit("x", 2, 0.9), new BinaryHit("x", 1, 0.1)), 1))
        .containsExactly(new BinaryHit("x", 1, 0.1));
  }
}
