package dev.hone.config;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an update of the weights is made of, and which of them it changes how fast.
 *
 * @param accumulation batches whose gradients make one update, 1 or more
 * @param layerDecay factor on the learning rate from one layer to the one below, above 0, at most 1
 * @param learningRates highest learning rate by pattern of parameter names, each above 0
 * @param freeze layers and patterns of parameter names that are not trained
 */
public record UpdateConfig(
    int accumulation,
    double layerDecay,
    SortedMap<String, Double> learningRates,
    List<String> freeze) {
  /** Copies the collections; refuses values out of range. */
  public UpdateConfig {
    Keys.ACCUMULATION.check(accumulation);
    Keys.LAYER_DECAY.check(layerDecay);
    Keys.LEARNING_RATES.check(learningRates);
    Keys.FREEZE.check(freeze);
    learningRates = Collections.unmodifiableSortedMap(new TreeMap<>(learningRates));
    freeze = List.copyOf(freeze);
  }
}
