package dev.hone.report.mlflow;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP server that answers as it was told, to see what becomes of a tracking server's faults.
 */
final class FaultyServer implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  record Answer(int status, String body, Map<String, String> headers) {}

  record Request(String method, String path, String authorization, String body) {}

  FaultyServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.start();
  }

  /** The next answer to requests whose path ends so; the last one told goes on. */
  FaultyServer answers(String path, int status, String body) {
    return answers(path, status, body, Map.of());
  }

  FaultyServer answers(String path, int status, String body, Map<String, String> headers) {
    answers.computeIfAbsent(path, any -> new ArrayDeque<>()).add(new Answer(status, body, headers));
    return this;
  }

  /** What a server says that knows the experiment 1 and no run of it, and makes the run r. */
  FaultyServer thatKnowsNoRun(String artifactUri) {
    String run =
        "{\"info\": {\"run_id\": \"r\", \"status\": \"RUNNING\", \"start_time\": 5, \"artifact_uri\": \"%s\"}}"
            .formatted(artifactUri);
    return answers("get-by-name", 200, "{\"experiment\": {\"experiment_id\": \"1\"}}")
        .answers("runs/search", 200, "{}")
        .answers("runs/create", 200, "{\"run\": " + run + "}")
        .answers("runs/log-batch", 200, "{}")
        .answers("runs/update", 200, "{}");
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Request> requests(String path) {
    return requests.stream().filter(request -> request.path().endsWith(path)).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getRawPath();
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      requests.add(
          new Request(
              exchange.getRequestMethod(),
              path,
              exchange.getRequestHeaders().getFirst("Authorization"),
              body));
      Answer answer =
          answers.entrySet().stream()
              .filter(entry -> path.endsWith(entry.getKey()))
              .findFirst()
              .map(
                  entry ->
                      entry.getValue().size() == 1
                          ? entry.getValue().getFirst()
                          : entry.getValue().removeFirst())
              .orElse(new Answer(404, "no " + path, Map.of()));
      answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
