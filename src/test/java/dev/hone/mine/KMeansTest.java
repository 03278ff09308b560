package dev.hone.mine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Clusters are those that were made, and depend on the vectors alone. */
class KMeansTest {
  @Test
  void groupsThatLieApartAreFound() {
    Random random = new Random(7);
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      float[] vector = new float[8];
      for (int d = 0; d < vector.length; d++) {
        vector[d] = (float) (random.nextGaussian() * 0.05) + (d == i % 3 ? 1 : 0);
      }
      vectors.add(vector);
    }

    KMeans clusters = KMeans.fit(vectors, 3);

    for (int i = 3; i < 300; i++) {
      assertThat(clusters.nearest(vectors.get(i))).isEqualTo(clusters.nearest(vectors.get(i % 3)));
    }
    assertThat(List.of(0, 1, 2))
        .extracting(i -> clusters.nearest(vectors.get(i)))
        .doesNotHaveDuplicates();
  }

  @Test
  void thereAreNoMoreClustersThanVectors() {
    KMeans clusters = KMeans.fit(List.of(new float[] {1, 0}, new float[] {0, 1}), 16);

    assertThat(clusters.count()).isEqualTo(2);
  }

  @Test
  void equalVectorsAreInOneCluster() {
    KMeans clusters = KMeans.fit(List.of(new float[] {1}, new float[] {1}, new float[] {1}), 2);

    assertThat(clusters.nearest(new float[] {1})).isZero();
  }
}
