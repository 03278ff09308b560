package dev.hone.train;

import dev.hone.model.Safetensors;
import dev.hone.model.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * Where training stands between two updates. Tensors are made or read when they are asked for, so
 * that not all of them are in the heap at once.
 *
 * @param weights all of the model's by Hugging Face name
 * @param optimizer what the optimizer remembers
 */
public record TrainingState(Supplier<SortedMap<String, Tensor>> weights, OptimizerState optimizer) {
  private static final String WEIGHTS = "weights.safetensors";

  /**
   * Writes all of it.
   *
   * @param folder an empty folder
   */
  public void write(Path folder) throws IOException {
    Safetensors.write(folder.resolve(WEIGHTS), weights.get());
    optimizer.write(folder);
  }

  /**
   * What {@link #write} wrote; asking for tensors throws a HoneException where they are damaged.
   *
   * @param folder stays until the tensors have been asked for
   */
  public static TrainingState read(Path folder) throws IOException {
    return new TrainingState(
        () -> Safetensors.read(folder.resolve(WEIGHTS)), OptimizerState.read(folder));
  }
}
