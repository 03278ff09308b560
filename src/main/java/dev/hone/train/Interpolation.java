package dev.hone.train;

import dev.hone.model.Tensor;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Weights on the straight line from a base model to what was trained from it, which forget less of
 * what the base knows (Wortsman et al. 2022, arXiv 2109.01903).
 */
public final class Interpolation {
  private Interpolation() {}

  /**
   * The weights at a share of the way.
   *
   * @param base weights by name
   * @param trained weights of the same names and shapes
   * @param share from 0, the base, to 1, what was trained
   * @throws IllegalArgumentException if the two have other names or shapes
   */
  public static SortedMap<String, Tensor> between(
      SortedMap<String, Tensor> base, SortedMap<String, Tensor> trained, double share) {
    if (!base.keySet().equals(trained.keySet())) {
      throw new IllegalArgumentException(
          "weights are called %s and %s".formatted(base.keySet(), trained.keySet()));
    }
    SortedMap<String, Tensor> between = new TreeMap<>();
    trained.forEach((name, end) -> between.put(name, between(name, base.get(name), end, share)));
    return between;
  }

  private static Tensor between(String name, Tensor start, Tensor end, double share) {
    if (!Arrays.equals(start.shape(), end.shape())) {
      throw new IllegalArgumentException(
          "%s has shapes %s and %s"
              .formatted(name, Arrays.toString(start.shape()), Arrays.toString(end.shape())));
    }
    float[] values = new float[end.values().length];
    for (int i = 0; i < values.length; i++) {
      double from = start.values()[i];
      values[i] = (float) (from + share * (end.values()[i] - from));
    }
    return new Tensor(end.shape(), values);
  }
}
