package dev.hone.evaluate;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One evaluated model of one run, as a command line names it: {@code [WORKSPACE#]ID[:MODEL]}.
 *
 * @param workspace path or URI; empty for the configured one
 * @param runId the run's id
 * @param model base, tuned, bm25, ...: a model that the run evaluated
 */
public record RunReference(String workspace, String runId, String model) {
  /** The model where none is named. */
  public static final String TUNED = "tuned";

  private static final String SYNTAX =
      "A run is [WORKSPACE#]ID[:MODEL], several (training seeds) are separated by commas";

  /**
   * Checks id and model.
   *
   * @throws HoneException if one is not safe in a path
   */
  public RunReference {
    Ids.check("run-id", runId);
    Ids.check("model", model);
  }

  /**
   * Reads runs separated by commas, each with its own workspace and model.
   *
   * @return one or more
   * @throws HoneException with {@link ErrorCode#CONFIGURATION} if one is malformed or stands twice
   */
  public static List<RunReference> parseAll(String texts) {
    List<RunReference> references = new ArrayList<>();
    for (String text : texts.split(",", -1)) {
      RunReference reference = parse(text.strip());
      if (references.contains(reference)) {
        throw malformed(texts, reference.label() + " stands there twice");
      }
      references.add(reference);
    }
    return references;
  }

  /** A workspace's URI holds colons itself, ids and models do not. */
  private static RunReference parse(String text) {
    int hash = text.lastIndexOf('#');
    if (hash == 0) {
      throw malformed(text, "nothing stands before #");
    }
    String run = text.substring(hash + 1);
    int colon = run.lastIndexOf(':');
    String id = colon < 0 ? run : run.substring(0, colon);
    String model = colon < 0 ? TUNED : run.substring(colon + 1);
    if (id.isEmpty() || model.isEmpty()) {
      throw malformed(text, id.isEmpty() ? "it has no run's id" : "no model follows the colon");
    }
    return new RunReference(hash < 0 ? "" : text.substring(0, hash), id, model);
  }

  private static HoneException malformed(String text, String why) {
    return new HoneException(
        ErrorCode.CONFIGURATION, "Cannot read the run '%s': %s. %s.".formatted(text, why, SYNTAX));
  }

  /** The workspace, or nothing where it is the configured one. */
  public Optional<String> namedWorkspace() {
    return workspace.isEmpty() ? Optional.empty() : Optional.of(workspace);
  }

  /** As a command line names it. */
  public String label() {
    return (workspace.isEmpty() ? "" : workspace + "#") + runId + ":" + model;
  }
}
