package dev.hone.torch;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How far two encoders agree on the same texts.
 *
 * @param lowest the lowest cosine of a text's two vectors
 * @param lowestCentred the same, after each side's mean is taken off its vectors: what all texts
 *     have in common hides no difference
 * @param overlap the share of the nearest ten of a text, among the other texts, that are the same
 *     on both sides; a mean over the texts
 */
record Agreement(double lowest, double lowestCentred, double overlap) {
  private static final int NEAREST = 10;

  /** Compares vectors, row by row; their lengths do not matter, but for the mean. */
  static Agreement between(float[][] ours, float[][] theirs) {
    float[][] ourUnits = units(ours);
    float[][] theirUnits = units(theirs);
    return new Agreement(
        lowest(ourUnits, theirUnits),
        lowest(units(centred(ourUnits)), units(centred(theirUnits))),
        overlap(ourUnits, theirUnits));
  }

  private static double lowest(float[][] ours, float[][] theirs) {
    return IntStream.range(0, ours.length)
        .mapToDouble(i -> dot(ours[i], theirs[i]))
        .min()
        .orElseThrow();
  }

  private static double overlap(float[][] ours, float[][] theirs) {
    return IntStream.range(0, ours.length)
        .mapToDouble(
            i -> {
              Set<Integer> same = nearest(ours, i);
              same.retainAll(nearest(theirs, i));
              return (double) same.size() / NEAREST;
            })
        .average()
        .orElseThrow();
  }

  private static Set<Integer> nearest(float[][] vectors, int text) {
    return IntStream.range(0, vectors.length)
        .filter(other -> other != text)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer other) -> -dot(vectors[text], vectors[other])))
        .limit(NEAREST)
        .collect(Collectors.toSet());
  }

  private static float[][] centred(float[][] vectors) {
    float[] mean = mean(vectors);
    float[][] centred = new float[vectors.length][mean.length];
    for (int row = 0; row < vectors.length; row++) {
      for (int i = 0; i < mean.length; i++) {
        centred[row][i] = vectors[row][i] - mean[i];
      }
    }
    return centred;
  }

  /** The mean of rows. */
  static float[] mean(float[][] rows) {
    float[] mean = new float[rows[0].length];
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      for (float[] row : rows) {
        sum += row[i];
      }
      mean[i] = (float) (sum / rows.length);
    }
    return mean;
  }

  /** Rows brought to length 1. */
  static float[][] units(float[][] rows) {
    return Arrays.stream(rows).map(Agreement::unit).toArray(float[][]::new);
  }

  private static float[] unit(float[] vector) {
    double length = Math.sqrt(dot(vector, vector));
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] / length);
    }
    return unit;
  }

  private static double dot(float[] a, float[] b) {
    double dot = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
    }
    return dot;
  }
}
