package dev.hone.train;

import dev.hone.model.Safetensors;
import dev.hone.model.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * The best model so far, with the validations that say so.
 *
 * @param weights all of its weights by Hugging Face name, read when they are asked for
 * @param validations all of them
 */
public record BestModel(
    Supplier<SortedMap<String, Tensor>> weights, ValidationHistory validations) {
  private static final String WEIGHTS = "weights.safetensors";

  /**
   * Writes both.
   *
   * @param folder an empty folder
   */
  public void write(Path folder) throws IOException {
    Safetensors.write(folder.resolve(WEIGHTS), weights.get());
    validations.write(folder);
  }

  /**
   * What {@link #write} wrote.
   *
   * @param folder stays until the weights have been asked for
   */
  public static BestModel read(Path folder) throws IOException {
    return new BestModel(
        () -> Safetensors.read(folder.resolve(WEIGHTS)), ValidationHistory.read(folder));
  }
}
