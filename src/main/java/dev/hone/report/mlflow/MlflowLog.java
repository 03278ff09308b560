package dev.hone.report.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hone.config.MlflowConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs runs to a tracking server, each one once.
 *
 * <p>A run there carries the tags {@link #RUN_ID} and {@link #DIGEST}, and is FINISHED only when
 * all of it is there. One that is not, because logging broke, is gone on with: parameters that it
 * has are left, and metrics have the time at which it began, so that the same value twice is one.
 */
public final class MlflowLog {
  /** Tag with the run's id. */
  public static final String RUN_ID = "hone.run_id";

  /** Tag with the digest of all that the run published. */
  public static final String DIGEST = "hone.digest";

  private static final Logger LOG = LoggerFactory.getLogger(MlflowLog.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LOG_BATCH = "runs/log-batch";
  private static final int MOST_PARAMETERS = 100;
  private static final int MOST_METRICS = 1000;
  private static final String PROXIED = "mlflow-artifacts";

  private final MlflowConfig config;
  private final MlflowServer server;

  /**
   * A log on the server of a configuration.
   *
   * @param environment where credentials are looked up
   */
  public MlflowLog(MlflowConfig config, Map<String, String> environment, Retries retries) {
    this.config = config;
    this.server =
        new MlflowServer(config.trackingUri(), MlflowCredentials.of(environment), retries);
  }

  /**
   * Logs a run unless that is done, and returns the address of its page.
   *
   * @throws HoneException with {@link ErrorCode#STORAGE} where the server does not answer, with
   *     {@link ErrorCode#CONFIGURATION} where it refuses
   */
  public String log(LoggedRun run) {
    String experiment = server.retried(this::experiment);
    JsonNode there = server.retried(() -> foundOrCreated(experiment, run));
    String id = id(there);
    if (isFinished(there)) {
      LOG.info("MLflow: run {} is logged already", run.runId());
    } else {
      try {
        write(there, run);
      } catch (HoneException e) {
        markFailed(id, e);
        throw e;
      }
    }
    return server.address() + "/#/experiments/" + experiment + "/runs/" + id;
  }

  /** The experiment's id. */
  private String experiment() throws Unavailable {
    Map<String, String> query = Map.of("experiment_name", config.experiment());
    Optional<JsonNode> found = server.find("experiments/get-by-name", query);
    if (found.isEmpty()) {
      Optional<JsonNode> created =
          server.post(
              "experiments/create", JSON.createObjectNode().put("name", config.experiment()));
      if (created.isPresent()) {
        return created.get().path("experiment_id").asText();
      }
      // Somebody else made it meanwhile.
      found = server.find("experiments/get-by-name", query);
    }
    JsonNode experiment = found.orElseThrow().path("experiment");
    if (experiment.path("lifecycle_stage").asText().equals("deleted")) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot log to MLflow at %s: the experiment %s is deleted there. Restore it, or set mlflow.experiment to another name."
              .formatted(server.address(), config.experiment()));
    }
    return experiment.path("experiment_id").asText();
  }

  /** A create whose answer was lost is found by the search of the next try. */
  private JsonNode foundOrCreated(String experiment, LoggedRun run) throws Unavailable {
    ObjectNode search = JSON.createObjectNode();
    search.putArray("experiment_ids").add(experiment);
    search.put(
        "filter",
        "tags.`%s` = '%s' and tags.`%s` = '%s'"
            .formatted(RUN_ID, run.runId(), DIGEST, run.digest()));
    search.put("run_view_type", "ACTIVE_ONLY");
    search.putArray("order_by").add("attributes.start_time ASC");
    List<JsonNode> found = new ArrayList<>();
    server.post("runs/search", search).orElseThrow().path("runs").forEach(found::add);
    Optional<JsonNode> finished = found.stream().filter(MlflowLog::isFinished).findFirst();
    if (finished.isPresent() || !found.isEmpty()) {
      return finished.orElse(found.get(0));
    }
    ObjectNode create = JSON.createObjectNode();
    create.put("experiment_id", experiment);
    create.put("run_name", config.runName().orElse(run.runId()));
    create.put("start_time", System.currentTimeMillis());
    ArrayNode tags = create.putArray("tags");
    tags.add(tag(RUN_ID, run.runId()));
    tags.add(tag(DIGEST, run.digest()));
    return server.post("runs/create", create).orElseThrow().path("run");
  }

  private void write(JsonNode there, LoggedRun run) {
    String id = id(there);
    if (!status(there).equals("RUNNING")) {
      status(id, "RUNNING");
    }
    logBatches(id, "params", parameters(there, run), MOST_PARAMETERS);
    logBatches(id, "metrics", metrics(there, run), MOST_METRICS);
    logBatches(id, "tags", tags(run), MOST_PARAMETERS);
    upload(there, run);
    status(id, "FINISHED");
  }

  private static List<ObjectNode> parameters(JsonNode there, LoggedRun run) {
    Set<String> logged = new HashSet<>();
    there.path("data").path("params").forEach(one -> logged.add(one.path("key").asText()));
    List<ObjectNode> parameters = new ArrayList<>();
    run.parameters()
        .forEach(
            (path, value) -> {
              String name = MlflowNames.part(path);
              if (!logged.contains(name)) {
                parameters.add(tag(name, MlflowNames.parameterValue(value)));
              }
            });
    return parameters;
  }

  private static List<ObjectNode> metrics(JsonNode there, LoggedRun run) {
    long start = there.path("info").path("start_time").asLong();
    return run.metrics().stream()
        .map(
            metric ->
                JSON.createObjectNode()
                    .put("key", metric.name())
                    .put("value", metric.value())
                    .put("timestamp", start)
                    .put("step", metric.step()))
        .toList();
  }

  /** Hone's own go over the user's. */
  private List<ObjectNode> tags(LoggedRun run) {
    Map<String, String> tags = new TreeMap<>(config.tags());
    tags.putAll(run.tags());
    tags.put(RUN_ID, run.runId());
    tags.put(DIGEST, run.digest());
    return tags.entrySet().stream()
        .map(entry -> tag(MlflowNames.part(entry.getKey()), MlflowNames.tagValue(entry.getValue())))
        .toList();
  }

  private static ObjectNode tag(String key, String value) {
    return JSON.createObjectNode().put("key", key).put("value", value);
  }

  private void logBatches(String id, String kind, List<ObjectNode> items, int most) {
    for (List<ObjectNode> batch :
        Batches.of(items, most, item -> item.toString().getBytes(StandardCharsets.UTF_8).length)) {
      ObjectNode body = JSON.createObjectNode().put("run_id", id);
      body.putArray(kind).addAll(batch);
      server.retried(() -> server.post(LOG_BATCH, body));
    }
  }

  private void upload(JsonNode there, LoggedRun run) {
    String uri = there.path("info").path("artifact_uri").asText();
    Optional<String> folder = proxiedFolder(uri);
    if (folder.isEmpty()) {
      LOG.warn(
          "MLflow at {} keeps the files of experiment {} at {}, where only a client of its own can write: the model folder and the pages are not there. To have them there, start the server with --serve-artifacts and --artifacts-destination, and set mlflow.experiment to a new name.",
          server.address(),
          config.experiment(),
          uri);
      return;
    }
    for (Map.Entry<String, Path> file : run.files().entrySet()) {
      String path = folder.get() + "/" + file.getKey();
      server.retried(
          () -> {
            server.put(path, file.getValue());
            return path;
          });
    }
  }

  /** Where the server itself takes files of a run; empty where it leaves that to its clients. */
  private static Optional<String> proxiedFolder(String artifactUri) {
    URI uri = URI.create(artifactUri);
    return PROXIED.equals(uri.getScheme()) && uri.getRawAuthority() == null
        ? Optional.of(uri.getPath().replaceFirst("^/+", ""))
        : Optional.empty();
  }

  private void status(String id, String status) {
    server.retried(() -> server.post("runs/update", update(id, status)));
  }

  private static ObjectNode update(String id, String status) {
    ObjectNode update = JSON.createObjectNode().put("run_id", id).put("status", status);
    return status.equals("RUNNING") ? update : update.put("end_time", System.currentTimeMillis());
  }

  /** Once, without tries: where the server is gone, the run stays RUNNING there. */
  private void markFailed(String id, HoneException reason) {
    try {
      var unused = server.post("runs/update", update(id, "FAILED"));
    } catch (Unavailable | HoneException e) {
      reason.addSuppressed(e);
    }
  }

  private static String id(JsonNode there) {
    return there.path("info").path("run_id").asText();
  }

  private static boolean isFinished(JsonNode there) {
    return status(there).equals("FINISHED");
  }

  private static String status(JsonNode there) {
    return there.path("info").path("status").asText();
  }
}
