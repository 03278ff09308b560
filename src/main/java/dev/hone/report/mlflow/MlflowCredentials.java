package dev.hone.report.mlflow;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** What a server knows us by, from MLflow's own environment variables; never shown. */
public final class MlflowCredentials {
  static final String USER = "MLFLOW_TRACKING_USERNAME";
  static final String PASSWORD = "MLFLOW_TRACKING_PASSWORD";
  static final String TOKEN = "MLFLOW_TRACKING_TOKEN";

  private final String headerOrNull;

  private MlflowCredentials(String headerOrNull) {
    this.headerOrNull = headerOrNull;
  }

  /** User and password where both are set, else the token, else none: MLflow's own order. */
  public static MlflowCredentials of(Map<String, String> environment) {
    String user = environment.getOrDefault(USER, "");
    String password = environment.getOrDefault(PASSWORD, "");
    String token = environment.getOrDefault(TOKEN, "");
    if (!user.isEmpty() && !password.isEmpty()) {
      byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return new MlflowCredentials("Basic " + Base64.getEncoder().encodeToString(pair));
    }
    return new MlflowCredentials(token.isEmpty() ? null : "Bearer " + token);
  }

  /** The value of the header Authorization. */
  Optional<String> header() {
    return Optional.ofNullable(headerOrNull);
  }
}
