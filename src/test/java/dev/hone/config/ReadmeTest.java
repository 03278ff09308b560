package dev.hone.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's table of keys is the one that the code declares. */
class ReadmeTest {
  @Test
  void readmeShowsEveryKey() throws Exception {
    assertThat(Files.readString(Path.of("README.md"))).contains(RunConfig.markdownTable().strip());
  }
}
