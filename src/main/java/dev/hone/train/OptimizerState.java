package dev.hone.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hone.model.Safetensors;
import dev.hone.model.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What the optimizer remembers between two parts of a run, beside the weights: with it, training
 * goes on bit by bit as if it had never stopped. Moments are made or read when they are asked for,
 * so that not all of them are in the heap at once.
 *
 * @param updates updates done, those left out for a gradient that was not finite not counted
 * @param nonFinite how many updates in a row were left out last
 * @param first AdamW's moving average of the gradient, fp32, by parameter name
 * @param second its moving average of the gradient's square, fp32, by parameter name
 */
public record OptimizerState(
    int updates,
    int nonFinite,
    Supplier<SortedMap<String, Tensor>> first,
    Supplier<SortedMap<String, Tensor>> second) {
  /** Before the first update. */
  public static final OptimizerState NONE = new OptimizerState(0, 0, TreeMap::new, TreeMap::new);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIRST = "first.safetensors";
  private static final String SECOND = "second.safetensors";
  private static final String COUNTS = "counts.json";

  /**
   * Writes the state, the same bytes for the same state.
   *
   * @param folder an empty folder
   */
  public void write(Path folder) throws IOException {
    Safetensors.write(folder.resolve(FIRST), first.get());
    Safetensors.write(folder.resolve(SECOND), second.get());
    ObjectNode counts = JSON.createObjectNode();
    counts.put("updates", updates);
    counts.put("non_finite", nonFinite);
    Files.write(folder.resolve(COUNTS), JSON.writeValueAsBytes(counts));
  }

  /**
   * What {@link #write} wrote; asking for moments throws a HoneException where they are damaged.
   *
   * @param folder stays until the moments have been asked for
   */
  public static OptimizerState read(Path folder) throws IOException {
    JsonNode counts = JSON.readTree(folder.resolve(COUNTS).toFile());
    return new OptimizerState(
        counts.required("updates").asInt(),
        counts.required("non_finite").asInt(),
        () -> Safetensors.read(folder.resolve(FIRST)),
        () -> Safetensors.read(folder.resolve(SECOND)));
  }
}
