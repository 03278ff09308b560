package dev.hone.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.config.RunConfig;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that run takes. */
class BestConfigurationTest {
  @TempDir private Path folder;

  @Test
  void theFileGivesTheTunedConfigurationWithTheBestSettings() throws IOException {
    Path tuned =
        Files.writeString(
            Files.createDirectory(folder.resolve("a \"b\"")).resolve("run.conf"),
            "hone { seed = 3, train { learning-rate = 1e-5, warmup-ratio = 0.3 } }");
    List<String> sets =
        List.of(
            "workspace=\"s3a://bucket/hone\"",
            "train.learning-rate=3E-5",
            "train.loss=\"cached-mnrl\"",
            "train.learning-rate=4E-5");
    Path file = folder.resolve("best.conf");

    new BestConfiguration(file).write("it was good", tuned, sets);

    assertThat(file).content().contains("it was good");
    assertThat(RunConfig.load(file, List.of())).isEqualTo(RunConfig.load(tuned, sets));
  }

  @Test
  void anEarlierSearchsFileIsReplacedAndNoOther() throws IOException {
    Path tuned = Files.writeString(folder.resolve("run.conf"), "hone { seed = 3 }");
    Path file = folder.resolve("best.conf");
    new BestConfiguration(file).write("first", tuned, List.of());
    new BestConfiguration(file).write("second", tuned, List.of());

    assertThat(file).content().contains("second").doesNotContain("first");
    assertThatThrownBy(() -> new BestConfiguration(tuned))
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("--output");
    assertThat(tuned).hasContent("hone { seed = 3 }");
  }

  @Test
  void aFolderThatIsNotThereIsNamedBeforeTheSearch() {
    Path file = folder.resolve("absent").resolve("best.conf");

    assertThatThrownBy(() -> new BestConfiguration(file))
        .isInstanceOf(HoneException.class)
        .hasMessageContainingAll("absent", "--output");
  }
}
