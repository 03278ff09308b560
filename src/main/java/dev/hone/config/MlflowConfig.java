package dev.hone.config;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where MLflow is told of a run; nothing here changes what the run gives.
 *
 * @param trackingUri address of the tracking server, or {@code none}
 * @param experiment the experiment's name, 1 to 500 characters
 * @param runName what the run is called there; auto: its id
 * @param tags further tags of the run, by name
 */
public record MlflowConfig(
    String trackingUri, String experiment, Auto<String> runName, SortedMap<String, String> tags) {
  /** The address that names no server. */
  public static final String NONE = "none";

  /** Refuses values out of range; copies the tags. */
  public MlflowConfig {
    Keys.TRACKING_URI.check(trackingUri);
    Keys.EXPERIMENT.check(experiment);
    Keys.RUN_NAME.check(runName);
    Keys.TAGS.check(tags);
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  /** Whether runs are logged. */
  public boolean isOn() {
    return !trackingUri.equals(NONE);
  }
}
