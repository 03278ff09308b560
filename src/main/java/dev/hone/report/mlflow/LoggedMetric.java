package dev.hone.report.mlflow;

import java.util.Objects;

/**
 * One value of a metric.
 *
 * @param name its name, as MLflow takes it ({@link MlflowNames})
 * @param value any double
 * @param step optimizer update that it was measured at, from 0; 0 where it belongs to none
 */
public record LoggedMetric(String name, double value, long step) {
  /** Refuses a metric without a name. */
  public LoggedMetric {
    Objects.requireNonNull(name, "name");
  }
}
