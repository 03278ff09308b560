package dev.hone.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hone.model.SentenceModule.Normalize;
import dev.hone.store.LocalCache;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The folder of a model that comes with Hone says what its authors' folder says, and so does the
 * folder that is written from it.
 */
class BuiltinModelTest {
  @TempDir private static Path shared;
  @TempDir private Path temporary;

  @Test
  void miniLmPoolsTheMeanOf256TokensWithoutPrompts() throws Exception {
    for (ModelFolder folder : unpackedAndWritten("builtin:all-MiniLM-L6-v2")) {
      isBert(folder, 6, Pooling.MEAN, 256);
      assertThat(folder.queryPrompt()).isEmpty();
      assertThat(folder.documentPrompt()).isEmpty();
    }
  }

  @Test
  void bgePoolsTheFirstOf512TokensAndHasAPromptForQueries() throws Exception {
    String query = "Represent this sentence for searching relevant passages: ";
    for (ModelFolder folder : unpackedAndWritten("builtin:bge-small-en-v1.5")) {
      isBert(folder, 12, Pooling.CLS, 512);
      assertThat(folder.queryPrompt()).isEqualTo(query);
      assertThat(folder.documentPrompt()).isEmpty();
      assertThat(folder.prompts()).containsEntry("query", query);
    }
  }

  @Test
  void e5PoolsTheMeanOf512TokensAndHasPromptsForQueriesAndPassages() throws Exception {
    Map<String, String> prompts =
        Map.of("query", "query: ", "document", "passage: ", "passage", "passage: ");
    for (ModelFolder folder : unpackedAndWritten("builtin:e5-small-v2")) {
      isBert(folder, 12, Pooling.MEAN, 512);
      assertThat(folder.queryPrompt()).isEqualTo("query: ");
      assertThat(folder.documentPrompt()).isEqualTo("passage: ");
      assertThat(folder.prompts()).isEqualTo(new TreeMap<>(prompts));
    }
  }

  private static void isBert(ModelFolder folder, int layers, Pooling pooling, int maxLength) {
    String last = "encoder.layer.%d.output.dense.weight";
    assertThat(folder.architecture().shapes())
        .containsKey(last.formatted(layers - 1))
        .doesNotContainKey(last.formatted(layers));
    assertThat(folder.pooling()).isEqualTo(pooling);
    assertThat(folder.includePrompt()).isTrue();
    assertThat(folder.after()).hasSize(1).hasOnlyElementsOfType(Normalize.class);
    assertThat(folder.dimension()).isEqualTo(384);
    assertThat(folder.maxLength()).isEqualTo(maxLength);
  }

  private ModelFolder[] unpackedAndWritten(String id) throws Exception {
    ModelFolder unpacked = open(id);
    Path target = Files.createDirectory(temporary.resolve("written"));
    ModelFolderWriter.write(unpacked, unpacked.weights(), target);
    return new ModelFolder[] {unpacked, ModelFolder.open(target)};
  }

  /** The artifact of MiniLM cuts and pads to 128 tokens. */
  @ParameterizedTest
  @ValueSource(strings = {"all-MiniLM-L6-v2", "bge-small-en-v1.5", "e5-small-v2"})
  void tokenizerIsTheArtifactsButCutsAndPadsNothing(String name) throws Exception {
    ObjectMapper json = new ObjectMapper();
    JsonNode unpacked = json.readTree(open("builtin:" + name).tokenizerJson());

    assertThat(unpacked.path("truncation").isNull()).isTrue();
    assertThat(unpacked.path("padding").isNull()).isTrue();
    assertThat(withoutLimits(unpacked)).isEqualTo(withoutLimits(artifact(json, name)));
  }

  private static JsonNode artifact(ObjectMapper json, String name) throws Exception {
    String resource = "/" + name.toLowerCase(Locale.ROOT) + "-tokenizer.json";
    try (InputStream stream = BuiltinModelTest.class.getResourceAsStream(resource)) {
      return json.readTree(stream);
    }
  }

  private static JsonNode withoutLimits(JsonNode tokenizer) {
    ObjectNode rest = tokenizer.deepCopy();
    return rest.without(List.of("truncation", "padding"));
  }

  private ModelFolder open(String id) {
    return ModelSource.resolve(id, LocalCache.at(shared.resolve("cache")), new Configuration());
  }
}
