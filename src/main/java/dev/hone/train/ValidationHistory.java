package dev.hone.train;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The validations of a run so far, in their order.
 *
 * @param results the first one is the base's
 */
public record ValidationHistory(List<ValidationResult> results) {
  /** Before the first validation. */
  public static final ValidationHistory NONE = new ValidationHistory(List.of());

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "validations.json";

  /** Copies the list. */
  public ValidationHistory {
    results = List.copyOf(results);
  }

  /** Whether the run was validated after these updates. */
  public boolean has(int step) {
    return !results.isEmpty() && results.get(results.size() - 1).step() == step;
  }

  /** Updates done at the validation of the highest criterion; the first of several such. */
  public int best() {
    return results.get(bestPlace()).step();
  }

  /** How many validations there were since the best one. */
  public int sinceBest() {
    return results.size() - 1 - bestPlace();
  }

  /** Writes one file. */
  void write(Path folder) throws IOException {
    Files.write(folder.resolve(FILE), JSON.writeValueAsBytes(results));
  }

  /** Reads what {@link #write} wrote. */
  static ValidationHistory read(Path folder) throws IOException {
    return new ValidationHistory(
        JSON.readValue(
            folder.resolve(FILE).toFile(), new TypeReference<List<ValidationResult>>() {}));
  }

  private int bestPlace() {
    int best = 0;
    for (int place = 1; place < results.size(); place++) {
      if (results.get(place).criterion() > results.get(best).criterion()) {
        best = place;
      }
    }
    return best;
  }
}
