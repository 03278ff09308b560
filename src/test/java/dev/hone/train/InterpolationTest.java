package dev.hone.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.model.Tensor;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights between two models. */
class InterpolationTest {
  private static SortedMap<String, Tensor> weights(String name, float... values) {
    return new TreeMap<>(Map.of(name, new Tensor(new long[] {values.length}, values)));
  }

  @ParameterizedTest
  @CsvSource({"0, 1, -2", "0.25, 1.5, -1", "0.5, 2, 0", "1, 3, 2"})
  void everyWeightLiesAtTheShare(double share, float first, float second) {
    SortedMap<String, Tensor> between =
        Interpolation.between(weights("a", 1, -2), weights("a", 3, 2), share);
    assertThat(between.get("a").values()).containsExactly(first, second);
  }

  @Test
  void whatIsEqualStaysEqualToTheBit() {
    SortedMap<String, Tensor> both = weights("a", 0.1f, 1e-30f, -3.3333333f);
    assertThat(Interpolation.between(both, both, 0.3).get("a").values())
        .containsExactly(both.get("a").values());
  }

  @Test
  void otherNamesAndShapesAreRefused() {
    assertThatThrownBy(() -> Interpolation.between(weights("a", 1), weights("b", 1), 0.5))
        .hasMessageContaining("[a] and [b]");
    assertThatThrownBy(() -> Interpolation.between(weights("a", 1), weights("a", 1, 2), 0.5))
        .hasMessageContaining("a has shapes [1] and [2]");
  }
}
