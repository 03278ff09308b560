package dev.hone.train;

import dev.hone.model.ModelFolder;
import dev.hone.model.Tensor;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * Where training starts or goes on.
 *
 * @param model the folder that says what the model is made of
 * @param weights all of its weights by Hugging Face name; nothing: the folder's
 * @param optimizer what the optimizer remembers
 */
public record TrainingStart(
    ModelFolder model,
    Optional<Supplier<SortedMap<String, Tensor>>> weights,
    OptimizerState optimizer) {
  /** With a folder's own weights, before the first update. */
  public static TrainingStart at(ModelFolder model) {
    return at(model, OptimizerState.NONE);
  }

  /** With a folder's own weights, after some updates. */
  public static TrainingStart at(ModelFolder model, OptimizerState optimizer) {
    return new TrainingStart(model, Optional.empty(), optimizer);
  }

  /** Where the training of a model was left. */
  public static TrainingStart at(ModelFolder model, TrainingState left) {
    return new TrainingStart(model, Optional.of(left.weights()), left.optimizer());
  }
}
