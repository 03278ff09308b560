package dev.hone.report.mlflow;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What MLflow is told of one run.
 *
 * @param runId the run's id
 * @param digest of all that the run published: with the id it says whether this was logged before
 * @param parameters settings by their path
 * @param metrics values, several steps of one name among them
 * @param tags by name
 * @param files files on this machine by their path among the run's artifacts, parts joined by /
 */
public record LoggedRun(
    String runId,
    String digest,
    SortedMap<String, String> parameters,
    List<LoggedMetric> metrics,
    SortedMap<String, String> tags,
    SortedMap<String, Path> files) {
  /** Copies maps and lists. */
  public LoggedRun {
    parameters = new TreeMap<>(parameters);
    metrics = List.copyOf(metrics);
    tags = new TreeMap<>(tags);
    files = new TreeMap<>(files);
  }
}
