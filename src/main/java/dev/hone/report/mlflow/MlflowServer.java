package dev.hone.report.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Speaks HTTP with a tracking server (REST API 2.0). Requests go through the JVM's proxy, have time
 * limits, and follow no redirection, which might carry credentials elsewhere.
 */
final class MlflowServer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** An upload may be as slow as 2 MBit/s. */
  private static final long SLOWEST_BYTES_PER_SECOND = 250_000;

  private static final Set<Integer> WORTH_A_RETRY = Set.of(408, 429, 500, 502, 503, 504);
  private static final int LONGEST_MESSAGE = 500;

  private final String address;
  private final MlflowCredentials credentials;
  private final Retries retries;
  private final HttpClient client;

  /** A server at an http or https address. */
  MlflowServer(String address, MlflowCredentials credentials, Retries retries) {
    this.address = address.replaceFirst("/+$", "");
    this.credentials = credentials;
    this.retries = retries;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** Where the server is, without a slash at the end. */
  String address() {
    return address;
  }

  /** Does something of several requests until it succeeds. */
  <T> T retried(Retries.Attempt<T> attempt) {
    return retries.run(address, attempt);
  }

  /** What a call answers; empty where it names something that is not there. */
  Optional<JsonNode> find(String call, Map<String, String> query) throws Unavailable {
    String text =
        query.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&"));
    URI uri = URI.create(address + "/api/2.0/mlflow/" + call + "?" + text);
    HttpResponse<String> response = send(HttpRequest.newBuilder(uri).GET(), uri, ANSWER);
    return errorCode(response).equals("RESOURCE_DOES_NOT_EXIST")
        ? Optional.empty()
        : Optional.of(answer(uri, response));
  }

  /**
   * Sends a call's body and gives its answer; empty where it makes something that is there.
   *
   * @throws Unavailable where it may be sent again
   */
  Optional<JsonNode> post(String call, JsonNode body) throws Unavailable {
    URI uri = URI.create(address + "/api/2.0/mlflow/" + call);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(bytes(body)));
    HttpResponse<String> response = send(request, uri, ANSWER);
    return errorCode(response).equals("RESOURCE_ALREADY_EXISTS")
        ? Optional.empty()
        : Optional.of(answer(uri, response));
  }

  /**
   * Sends a file, which is never in memory as a whole.
   *
   * @param path among the artifacts that the server keeps, parts joined by /
   */
  void put(String path, Path file) throws Unavailable {
    String encoded =
        Arrays.stream(path.split("/")).map(MlflowServer::encoded).collect(Collectors.joining("/"));
    URI uri = URI.create(address + "/api/2.0/mlflow-artifacts/artifacts/" + encoded);
    try {
      long seconds = Files.size(file) / SLOWEST_BYTES_PER_SECOND;
      BodyPublisher content = BodyPublishers.ofFile(file);
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri)
              .header("Content-Type", "application/octet-stream")
              .PUT(content);
      answer(uri, send(request, uri, ANSWER.plusSeconds(seconds)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request, URI uri, Duration limit)
      throws Unavailable {
    credentials.header().ifPresent(header -> request.header("Authorization", header));
    HttpResponse<String> response;
    try {
      response = client.send(request.timeout(limit).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      // Where nobody listens, the JDK gives no message.
      String reason =
          e.getMessage() == null
              ? "no connection (" + e.getClass().getSimpleName() + ")"
              : e.getMessage();
      throw new Unavailable(uri.getPath() + ": " + reason, Duration.ZERO, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoneException(
          ErrorCode.INTERRUPTED,
          "Interrupted while logging to MLflow. Run the same command again: it does that alone.",
          e);
    }
    if (WORTH_A_RETRY.contains(response.statusCode())) {
      throw new Unavailable(said(uri, response), pause(response), null);
    }
    return response;
  }

  private JsonNode answer(URI uri, HttpResponse<String> response) {
    int status = response.statusCode();
    if (status == 401 || status == 403) {
      throw refused(
          uri,
          response,
          "Set %s and %s, or %s, in the environment to what this server accepts."
              .formatted(
                  MlflowCredentials.USER, MlflowCredentials.PASSWORD, MlflowCredentials.TOKEN));
    }
    if (status >= 300 && status < 400) {
      throw refused(
          uri,
          response,
          "Set mlflow.tracking-uri to where it points: "
              + response.headers().firstValue("Location").orElse("(it does not say)"));
    }
    if (status == 413) {
      throw refused(uri, response, "Raise the largest body that the proxy before it lets through.");
    }
    if (status >= 400) {
      throw refused(uri, response, "Correct what it names, or mlflow.tracking-uri.");
    }
    return parsed(uri, response);
  }

  private JsonNode parsed(URI uri, HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw refused(uri, response, "That is no MLflow server: correct mlflow.tracking-uri.");
    }
  }

  private HoneException refused(URI uri, HttpResponse<String> response, String remedy) {
    return new HoneException(
        ErrorCode.CONFIGURATION,
        "Cannot log to MLflow at %s: %s. %s What the run gave stays published, and the same command does the logging alone."
            .formatted(address, said(uri, response), remedy));
  }

  private static String said(URI uri, HttpResponse<String> response) {
    String body = response.body().strip().replaceAll("\\s+", " ");
    String cut =
        body.length() <= LONGEST_MESSAGE ? body : body.substring(0, LONGEST_MESSAGE) + "...";
    return "%s answers %d%s"
        .formatted(uri.getPath(), response.statusCode(), cut.isEmpty() ? "" : ", " + cut);
  }

  private static Duration pause(HttpResponse<String> response) {
    String text = response.headers().firstValue("Retry-After").orElse("");
    return text.matches("\\d{1,4}") ? Duration.ofSeconds(Long.parseLong(text)) : Duration.ZERO;
  }

  private static String errorCode(HttpResponse<String> response) {
    if (response.statusCode() < 400) {
      return "";
    }
    try {
      return JSON.readTree(response.body()).path("error_code").asText();
    } catch (JsonProcessingException e) {
      return "";
    }
  }

  private static byte[] bytes(JsonNode body) {
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
