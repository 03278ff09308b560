package dev.hone.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a command line names runs. */
class RunReferenceTest {
  private static RunReference run(String workspace, String id, String model) {
    return new RunReference(workspace, id, model);
  }

  @Test
  void aRunIsItsTunedModelInTheConfiguredWorkspace() {
    assertThat(RunReference.parseAll("run-1")).containsExactly(run("", "run-1", "tuned"));
    assertThat(RunReference.parseAll("run-1:bm25")).containsExactly(run("", "run-1", "bm25"));
  }

  @Test
  void aWorkspaceMayHoldColonsAndSlashes() {
    assertThat(RunReference.parseAll("s3a://bucket:9000/a#b/hone#run-1:base"))
        .containsExactly(run("s3a://bucket:9000/a#b/hone", "run-1", "base"));
    assertThat(RunReference.parseAll("hdfs://host:8020/hone#run-1"))
        .containsExactly(run("hdfs://host:8020/hone", "run-1", "tuned"));
  }

  @Test
  void seedsAreSeparatedByCommasEachWithItsOwnWorkspaceAndModel() {
    List<RunReference> seeds = RunReference.parseAll("a, /w#b:base,c");

    assertThat(seeds)
        .containsExactly(run("", "a", "tuned"), run("/w", "b", "base"), run("", "c", "tuned"));
    assertThat(seeds).extracting(RunReference::label).contains("a:tuned", "/w#b:base");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a,",
        "#a",
        ":base",
        "a:",
        "/w#",
        "/w#:base",
        "a/b",
        "a:b:c",
        "a,a:tuned",
        "../a"
      })
  void whatIsNoRunIsRefused(String text) {
    assertThatThrownBy(() -> RunReference.parseAll(text))
        .isInstanceOfSatisfying(
            HoneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION));
  }
}
