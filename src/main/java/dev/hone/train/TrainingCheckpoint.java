package dev.hone.train;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * All that a run needs to go on from between two updates, bit by bit as if it had never stopped,
 * and what it has seen until then.
 *
 * @param done updates done
 * @param seed the run's
 * @param state weights and optimizer
 * @param log all updates since the run, or its part, began
 * @param validations all validations so far
 */
public record TrainingCheckpoint(
    int done,
    long seed,
    TrainingState state,
    List<TrainingUpdate> log,
    ValidationHistory validations) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String POSITION = "position.json";
  private static final String LOG = "updates.json";

  /** Copies the list. */
  public TrainingCheckpoint {
    log = List.copyOf(log);
  }

  /** The epoch of the last update; 0 before the first. */
  public int epoch() {
    return log.isEmpty() ? 0 : log.get(log.size() - 1).epoch();
  }

  /**
   * Writes all of it.
   *
   * @param folder an empty folder
   */
  public void write(Path folder) throws IOException {
    state.write(folder);
    ObjectNode position = JSON.createObjectNode();
    position.put("step", done);
    position.put("epoch", epoch());
    position.put("seed", seed);
    Files.write(folder.resolve(POSITION), JSON.writeValueAsBytes(position));
    Files.write(folder.resolve(LOG), JSON.writeValueAsBytes(log));
    validations.write(folder);
  }

  /**
   * What {@link #write} wrote.
   *
   * @param folder stays until the state's tensors have been asked for
   */
  public static TrainingCheckpoint read(Path folder) throws IOException {
    JsonNode position = JSON.readTree(folder.resolve(POSITION).toFile());
    return new TrainingCheckpoint(
        position.required("step").asInt(),
        position.required("seed").asLong(),
        TrainingState.read(folder),
        JSON.readValue(folder.resolve(LOG).toFile(), new TypeReference<List<TrainingUpdate>>() {}),
        ValidationHistory.read(folder));
  }
}
