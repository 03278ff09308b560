package dev.hone.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hone.model.Safetensors;
import dev.hone.model.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the optimizer remembers between two parts of a run, beside the weights: with it, training
 * goes on bit by bit as if it had never stopped.
 *
 * @param updates updates done, those left out for a gradient that was not finite not counted
 * @param nonFinite how many updates in a row were left out last
 * @param first AdamW's moving average of the gradient, fp32, by parameter name
 * @param second its moving average of the gradient's square, fp32, by parameter name
 */
public record OptimizerState(
    int updates, int nonFinite, SortedMap<String, Tensor> first, SortedMap<String, Tensor> second) {
  /** Before the first update. */
  public static final OptimizerState NONE =
      new OptimizerState(0, 0, new TreeMap<>(), new TreeMap<>());

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MOMENTS = "moments.safetensors";
  private static final String COUNTS = "counts.json";
  private static final String FIRST = "first.";
  private static final String SECOND = "second.";

  /** Copies the maps. */
  public OptimizerState {
    first = Collections.unmodifiableSortedMap(new TreeMap<>(first));
    second = Collections.unmodifiableSortedMap(new TreeMap<>(second));
  }

  /**
   * Writes the state, the same bytes for the same state.
   *
   * @param folder an empty folder
   */
  public void write(Path folder) throws IOException {
    SortedMap<String, Tensor> moments = new TreeMap<>();
    first.forEach((name, tensor) -> moments.put(FIRST + name, tensor));
    second.forEach((name, tensor) -> moments.put(SECOND + name, tensor));
    Safetensors.write(folder.resolve(MOMENTS), moments);
    ObjectNode counts = JSON.createObjectNode();
    counts.put("updates", updates);
    counts.put("non_finite", nonFinite);
    Files.write(folder.resolve(COUNTS), JSON.writeValueAsBytes(counts));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws dev.hone.error.HoneException if the moments are damaged
   */
  public static OptimizerState read(Path folder) throws IOException {
    SortedMap<String, Tensor> first = new TreeMap<>();
    SortedMap<String, Tensor> second = new TreeMap<>();
    for (Map.Entry<String, Tensor> moment : Safetensors.read(folder.resolve(MOMENTS)).entrySet()) {
      String name = moment.getKey();
      if (name.startsWith(FIRST)) {
        first.put(name.substring(FIRST.length()), moment.getValue());
      } else {
        second.put(name.substring(SECOND.length()), moment.getValue());
      }
    }
    JsonNode counts = JSON.readTree(folder.resolve(COUNTS).toFile());
    return new OptimizerState(
        counts.required("updates").asInt(), counts.required("non_finite").asInt(), first, second);
  }
}
