package dev.hone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.config.DatasetType;
import dev.hone.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Corpora made for benchmarks: of real sentences, repeatable, with the faults that data has. */
class MadeCorpusTest {
  private static final int DOCUMENTS = 1_000;

  @TempDir private Path folder;

  private static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      nodes.add(new ObjectMapper().readTree(line));
    }
    return nodes;
  }

  private List<JsonNode> documents(String name, long seed) throws IOException {
    new MadeCorpus(Glosses.ofNouns(), seed).write(folder.resolve(name), DOCUMENTS);
    return lines(folder.resolve(name).resolve("documents.jsonl"));
  }

  private static String text(List<JsonNode> documents, int i) {
    return documents.get(i).get("text").asText();
  }

  @Test
  void equalSeedsMakeEqualFilesAndOthersDoNot() throws IOException {
    List<JsonNode> first = documents("a", 1);
    assertThat(first)
        .hasSize(DOCUMENTS)
        .isEqualTo(documents("b", 1))
        .isNotEqualTo(documents("c", 2));
    for (String file : List.of("queries.jsonl", "qrels.jsonl")) {
      assertThat(folder.resolve("a").resolve(file))
          .hasSameTextualContentAs(folder.resolve("b").resolve(file));
    }
  }

  @Test
  void documentsHaveTheLengthOfParagraphs() throws IOException {
    double words =
        documents("a", 1).stream()
            .mapToInt(one -> one.get("text").asText().split(" ").length)
            .average()
            .orElseThrow();
    assertThat(words).isBetween(80.0, 130.0);
  }

  @Test
  void ofAHundredDocumentsSomeRepeatOthers() throws IOException {
    List<JsonNode> documents = documents("a", 1);
    assertThat(text(documents, 121)).isEqualTo(text(documents, 151));
    assertThat(text(documents, 105)).isNotEqualTo(text(documents, 135));
    Set<String> both = new TreeSet<>(List.of(text(documents, 105).split("\\. ")));
    both.retainAll(List.of(text(documents, 135).split("\\. ")));
    assertThat(both.size()).isGreaterThanOrEqualTo(7);
    String shared = text(documents, 22).substring(0, 200);
    assertThat(text(documents, 122)).startsWith(shared).isNotEqualTo(text(documents, 22));
    assertThat(text(documents, 23)).isEmpty();
    assertThat(text(documents, 123)).isNotEmpty();
  }

  @Test
  void theConfigurationNamesARankingDataSetOfTheseFiles() throws IOException {
    Path file = new MadeCorpus(Glosses.ofNouns(), 1).write(folder.resolve("a"), DOCUMENTS);
    RunConfig config = RunConfig.load(file, List.of());
    assertThat(config.datasets()).hasSize(1);
    assertThat(config.datasets().get(0).type()).isEqualTo(DatasetType.RANKING);
    config
        .datasets()
        .get(0)
        .sources()
        .values()
        .forEach(source -> assertThat(Path.of(source.path())).exists());
  }
}
