package dev.hone.train;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.Serializable;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which parameters are trained, and how fast each of them learns.
 *
 * <p>With L layers and a decay d, the parameters of layer l = 0..L-1 learn at d^(L-1-l) of the
 * run's rate, what lies before the layers (embeddings, tables that all layers share) at d^L, what
 * follows them at the whole rate (Howard and Ruder 2018, arXiv 1801.06146, as ELECTRA counts it). A
 * rate given by name stands for itself: the decay does not change it, the schedule does.
 *
 * @param layerDecay d, above 0, at most 1; 1: all layers learn alike
 * @param rates the highest learning rate by pattern of names; of several that match, the longest
 *     counts
 * @param frozen patterns of what is not trained
 */
public record ParameterRates(
    double layerDecay, SortedMap<String, Double> rates, List<String> frozen)
    implements Serializable {
  /** Everything is trained, all of it at the run's rate. */
  public static final ParameterRates ALL_ALIKE =
      new ParameterRates(1, Collections.emptySortedMap(), List.of());

  /** Copies the collections; refuses a decay out of range. */
  public ParameterRates {
    if (!(layerDecay > 0 && layerDecay <= 1)) {
      throw new IllegalArgumentException(
          "layerDecay is " + layerDecay + ", must be above 0, at most 1");
    }
    rates = Collections.unmodifiableSortedMap(new TreeMap<>(rates));
    frozen = List.copyOf(frozen);
  }

  /**
   * What the run's learning rate is multiplied by for each parameter that is trained.
   *
   * @param names all parameters of the model
   * @param learningRate the run's highest learning rate
   * @return factors by name; those that are frozen are left out
   * @throws HoneException with {@link ErrorCode#CONFIGURATION} if a pattern matches no parameter,
   *     or nothing is left to train
   */
  public SortedMap<String, Double> factors(Collection<String> names, double learningRate) {
    frozen.forEach(pattern -> requireMatch("train.freeze", pattern, names));
    rates.keySet().forEach(pattern -> requireMatch("train.learning-rates", pattern, names));
    int layers =
        names.stream()
                .map(ParameterPattern::layer)
                .mapToInt(layer -> layer.orElse(-1))
                .max()
                .orElse(-1)
            + 1;
    SortedMap<String, Double> factors = new TreeMap<>();
    for (String name : names) {
      if (frozen.stream().noneMatch(pattern -> new ParameterPattern(pattern).matches(name))) {
        factors.put(name, factor(name, layers, learningRate));
      }
    }
    if (factors.isEmpty()) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot train: train.freeze = %s leaves no parameter of the model to train. Take something out of it."
              .formatted(frozen));
    }
    return factors;
  }

  private double factor(String name, int layers, double learningRate) {
    return rates.entrySet().stream()
        .filter(rate -> new ParameterPattern(rate.getKey()).matches(name))
        .max(Comparator.comparingInt(rate -> rate.getKey().length()))
        .map(Map.Entry::getValue)
        .map(rate -> rate / learningRate)
        .orElseGet(() -> Math.pow(layerDecay, depthFromTop(name, layers)));
  }

  private static int depthFromTop(String name, int layers) {
    OptionalInt layer = ParameterPattern.layer(name);
    if (layer.isPresent()) {
      return layers - 1 - layer.getAsInt();
    }
    boolean before = name.startsWith("embeddings.") || name.contains("relative_attention_bias");
    return before ? layers : 0;
  }

  private static void requireMatch(String key, String pattern, Collection<String> names) {
    if (names.stream().noneMatch(new ParameterPattern(pattern)::matches)) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot train: %s names \"%s\", but the model has no parameter or layer of that name. Its parameters are, among others, %s."
              .formatted(key, pattern, some(names)));
    }
  }

  /** The first name of each kind, so that one sees how the model calls them. */
  private static String some(Collection<String> names) {
    List<String> sorted = names.stream().sorted().toList();
    int step = Math.max(1, sorted.size() / 6);
    StringBuilder some = new StringBuilder();
    for (int i = 0; i < sorted.size(); i += step) {
      some.append(some.isEmpty() ? "" : ", ").append(sorted.get(i));
    }
    return some.toString();
  }
}
