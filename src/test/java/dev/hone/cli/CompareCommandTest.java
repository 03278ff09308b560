package dev.hone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hone.evaluate.PublishedEvaluations;
import dev.hone.evaluate.PublishedEvaluations.Model;
import dev.hone.store.Commit;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exit codes of compare, which a scheduler acts on, and what stands on stdout. */
class CompareCommandTest {
  @TempDir private Path folder;

  private record Outcome(int code, String out) {}

  private static Outcome compare(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "compare";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      return new Outcome(Main.run(all), out.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(before);
    }
  }

  @Test
  void aWorseCandidateIsCodeTen() {
    PublishedEvaluations published = PublishedEvaluations.in(folder);
    Commit data = published.data("one", "1", 1);
    published.evaluation("one", "base", data, Model.onTest().ranked("law", .5, .5, .5, .5));
    published.evaluation("one", "tuned", data, Model.onTest().ranked("law", .5, .4, .5, .5));
    String workspace = published.workspace().uri();

    Outcome worse =
        compare("--baseline", "one:base", "--candidate", "one", "--workspace", workspace);
    assertThat(worse.code()).isEqualTo(10);
    assertThat(worse.out()).contains("Worse than the baseline: ndcg@10 0.5000 -> 0.4750");

    PublishedEvaluations.in(folder); // a session again: each command ends its own
    Outcome tolerated =
        compare(
            "--baseline",
            workspace + "#one:base",
            "--candidate",
            workspace + "#one",
            "--tolerance=0.025",
            "--format=json");
    assertThat(tolerated.code()).isZero();
    assertThat(tolerated.out()).startsWith("{").contains("\"worse\" : false");
  }

  @Test
  void whatIsNotThereIsCodeNineAndNothingIsMadeOfIt() {
    Path missing = folder.resolve("missing");

    Outcome outcome =
        compare("--baseline", "a", "--candidate", "b", "--workspace", missing.toString());

    assertThat(outcome).isEqualTo(new Outcome(9, ""));
    assertThat(Files.exists(missing)).isFalse();
  }

  @Test
  void aCommandLineThatCannotBeReadIsCodeTwo() {
    assertThat(compare("--baseline", "a").code()).isEqualTo(2);
    assertThat(compare("--baseline", "a:", "--candidate", "b").code()).isEqualTo(2);
    assertThat(compare("--baseline", "a", "--candidate", "b", "--tolerance=-1").code())
        .isEqualTo(2);
    assertThat(compare("--baseline", "a", "--candidate", "b", "--tolerance=NaN").code())
        .isEqualTo(2);
    assertThat(compare("--baseline", "a", "--candidate", "b", "--set", "max-forgeting=1").code())
        .isEqualTo(2);
  }
}
