package dev.hone.report.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hone.config.Auto;
import dev.hone.config.MlflowConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of faults; that all of a run arrives is checked against a real server. */
class MlflowLogTest {
  private static final Retries RETRIES = new Retries(3, Duration.ofMillis(1));
  private static final String PROXIED = "mlflow-artifacts:/1/r/artifacts";
  private static final String FINISHED =
      "{\"runs\": [{\"info\": {\"run_id\": \"old\", \"status\": \"FINISHED\"}}]}";

  private final FaultyServer server = new FaultyServer();

  @TempDir private Path folder;

  @AfterEach
  void stop() {
    server.close();
  }

  private LoggedRun run() throws IOException {
    Path card = Files.writeString(folder.resolve("a card.md"), "card");
    return new LoggedRun(
        "run-1",
        "abc",
        new TreeMap<>(Map.of("seed", "42", "train.loss", "mnrl")),
        List.of(new LoggedMetric("tuned/ndcg_at_10", .5, 0)),
        new TreeMap<>(Map.of("hone.code_version", "0.1")),
        new TreeMap<>(Map.of("model/a card.md", card)));
  }

  private String log(Map<String, String> environment) throws IOException {
    SortedMap<String, String> tags = new TreeMap<>(Map.of("team", "search", "hone.run_id", "x"));
    MlflowConfig config =
        new MlflowConfig(server.address() + "/", "hone", Auto.chosen(), new TreeMap<>(tags));
    return new MlflowLog(config, environment, RETRIES).log(run());
  }

  private HoneException failure(Map<String, String> environment) {
    HoneException e = catchThrowableOfType(HoneException.class, () -> log(environment));
    assertThat(e).as("a failure").isNotNull();
    return e;
  }

  private List<String> statuses() {
    return server.requests("runs/update").stream()
        .map(request -> request.body().replaceAll(".*\"status\":\"(\\w+)\".*", "$1"))
        .toList();
  }

  @Test
  void aServerThatIsBusyForAWhileIsAskedAgain() throws IOException {
    server
        .answers("get-by-name", 503, "starting")
        .answers("get-by-name", 429, "slow down", Map.of("Retry-After", "0"))
        .answers("a%20card.md", 502, "")
        .answers("a%20card.md", 200, "{}")
        .thatKnowsNoRun(PROXIED);

    assertThat(log(Map.of())).isEqualTo(server.address() + "/#/experiments/1/runs/r");
    assertThat(server.requests("get-by-name")).hasSize(3);
    assertThat(server.requests("/mlflow-artifacts/artifacts/1/r/artifacts/model/a%20card.md"))
        .hasSize(2)
        .allSatisfy(put -> assertThat(put.method() + " " + put.body()).isEqualTo("PUT card"));
    assertThat(statuses()).containsExactly("FINISHED");
  }

  @Test
  void aCreateWhoseAnswerWasLostIsLookedForBeforeItIsSentAgain() throws IOException {
    server
        .answers("runs/search", 200, "{}")
        .answers("runs/search", 200, FINISHED)
        .answers("runs/create", 504, "")
        .answers("get-by-name", 200, "{\"experiment\": {\"experiment_id\": \"1\"}}");

    assertThat(log(Map.of())).endsWith("/runs/old");
    assertThat(server.requests("runs/create")).hasSize(1);
  }

  @Test
  void aRunThatIsThereIsLeftAsItIs() throws IOException {
    server
        .answers("get-by-name", 200, "{\"experiment\": {\"experiment_id\": \"1\"}}")
        .answers("runs/search", 200, FINISHED);

    assertThat(log(Map.of())).endsWith("/#/experiments/1/runs/old");
    assertThat(server.requests("")).hasSize(2);
    assertThat(server.requests("runs/search").get(0).body())
        .contains("tags.`hone.run_id` = 'run-1' and tags.`hone.digest` = 'abc'");
  }

  @Test
  void aRunThatBrokeIsGoneOnWith() throws IOException {
    String broken =
        """
        {"runs": [{"info": {"run_id": "b", "status": "FAILED", "start_time": 7,
                            "artifact_uri": "mlflow-artifacts:/1/b/artifacts"},
                   "data": {"params": [{"key": "seed", "value": "42"}]}}]}
        """;
    server
        .answers("runs/search", 200, broken)
        .answers("a%20card.md", 200, "{}")
        .thatKnowsNoRun(PROXIED);

    log(Map.of());

    assertThat(server.requests("runs/create")).isEmpty();
    assertThat(statuses()).containsExactly("RUNNING", "FINISHED");
    List<FaultyServer.Request> batches = server.requests("runs/log-batch");
    assertThat(batches.get(0).body()).contains("train.loss").doesNotContain("seed");
    assertThat(batches.get(1).body()).contains("\"timestamp\":7").contains("tuned/ndcg_at_10");
    assertThat(batches.get(2).body())
        .contains("{\"key\":\"team\",\"value\":\"search\"}")
        .contains("{\"key\":\"hone.run_id\",\"value\":\"run-1\"}")
        .contains("hone.code_version");
  }

  @Test
  void aServerThatStaysAwayCostsARetryAndMarksTheRun() {
    server.answers("a%20card.md", 500, "disk full").thatKnowsNoRun(PROXIED);

    HoneException e = failure(Map.of());

    assertThat(e.code()).isEqualTo(ErrorCode.STORAGE);
    assertThat(e)
        .hasMessageContaining("answers 500, disk full (3 tries)")
        .hasMessageContaining("the same command does the logging alone")
        .hasMessageContaining("mlflow.tracking-uri=none");
    assertThat(server.requests("a%20card.md")).hasSize(3);
    assertThat(statuses()).containsExactly("FAILED");
  }

  @Test
  void noServerAtAllIsWorthARetryToo() {
    server.close();

    HoneException e = failure(Map.of());

    assertThat(e.code()).isEqualTo(ErrorCode.STORAGE);
    assertThat(e).hasMessageContaining(server.address()).hasMessageContaining("(3 tries)");
  }

  @Test
  void aServerThatKnowsNobodySaysWhichVariablesToSetAndNoSecret() {
    server.answers("get-by-name", 401, "You are not authenticated.");

    HoneException e =
        failure(Map.of("MLFLOW_TRACKING_USERNAME", "me", "MLFLOW_TRACKING_PASSWORD", "hush-hush"));

    assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION);
    assertThat(e)
        .hasMessageContaining("MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or")
        .hasMessageContaining("MLFLOW_TRACKING_TOKEN");
    assertThat(e.getMessage()).doesNotContain("hush-hush").doesNotContain("bWU6aHVzaC1odXNo");
    assertThat(server.requests("get-by-name"))
        .extracting(FaultyServer.Request::authorization)
        .containsExactly("Basic bWU6aHVzaC1odXNo");
  }

  @Test
  void aTokenIsSentWhereThereIsNoUser() {
    server.answers("get-by-name", 403, "");

    assertThat(failure(Map.of("MLFLOW_TRACKING_TOKEN", "t")).code())
        .isEqualTo(ErrorCode.CONFIGURATION);
    assertThat(server.requests("get-by-name").get(0).authorization()).isEqualTo("Bearer t");
  }

  @Test
  void aRedirectionIsNotFollowedBecauseSecretsWouldBe() {
    server
        .answers("get-by-name", 302, "", Map.of("Location", server.address() + "/elsewhere"))
        .answers("elsewhere", 200, "{}");

    assertThat(failure(Map.of()))
        .hasMessageContaining("where it points: ")
        .hasMessageContaining("/elsewhere");
    assertThat(server.requests("elsewhere")).isEmpty();
  }

  @Test
  void anotherServersPageIsNoAnswer() {
    server.answers("get-by-name", 200, "<html>Welcome</html>");

    assertThat(failure(Map.of())).hasMessageContaining("That is no MLflow server");
  }

  @Test
  void anExperimentThatIsMissingIsMade() throws IOException {
    server
        .answers("get-by-name", 404, "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\"}")
        .answers("experiments/create", 200, "{\"experiment_id\": \"8\"}")
        .answers("runs/search", 200, FINISHED);

    assertThat(log(Map.of())).endsWith("/#/experiments/8/runs/old");
  }

  @Test
  void anExperimentThatIsDeletedIsNotWrittenTo() {
    server.answers(
        "get-by-name",
        200,
        "{\"experiment\": {\"experiment_id\": \"1\", \"lifecycle_stage\": \"deleted\"}}");

    assertThat(failure(Map.of())).hasMessageContaining("the experiment hone is deleted there");
  }

  @Test
  void filesThatTheServerDoesNotTakeAreLeftOut() throws IOException {
    server.thatKnowsNoRun("s3://bucket/1/r/artifacts");

    log(Map.of());

    assertThat(server.requests("a%20card.md")).isEmpty();
    assertThat(statuses()).containsExactly("FINISHED");
  }
}
