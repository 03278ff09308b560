package dev.hone.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.LocalCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real model's folder in the forms that folders come in, whole and damaged. */
class ModelFolderTest {
  private static final String WORDS = "embeddings.word_embeddings.weight";

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static ModelFolder builtin;
  private Path folder;

  @BeforeAll
  static void unpack() {
    builtin =
        ModelSource.resolve(
            "builtin:all-MiniLM-L6-v2",
            LocalCache.at(shared.resolve("cache")),
            new Configuration());
  }

  @BeforeEach
  void copyTheModel() throws IOException {
    folder = temporary.resolve("model");
    try (Stream<Path> files = Files.walk(builtin.path())) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(builtin.path().relativize(file).toString()));
      }
    }
  }

  @Test
  void shardsHoldTheSameWeights() throws IOException {
    ObjectNode index = new ObjectMapper().createObjectNode();
    ObjectNode map = index.putObject("weight_map");
    for (int shard = 0; shard < 2; shard++) {
      SortedMap<String, Tensor> part = new TreeMap<>();
      String name = "model-0000%d-of-00002.safetensors".formatted(shard + 1);
      for (var weight : builtin.weights().entrySet()) {
        if (weight.getKey().startsWith("embeddings.") == (shard == 0)) {
          part.put("bert." + weight.getKey(), weight.getValue());
          map.put("bert." + weight.getKey(), name);
        }
      }
      Safetensors.write(folder.resolve(name), part);
    }
    Files.delete(folder.resolve("model.safetensors"));
    Files.writeString(folder.resolve("model.safetensors.index.json"), index.toString());

    ModelFolder sharded = ModelFolder.open(folder);
    assertThat(sharded.weights()).hasSameSizeAs(builtin.weights());
    sharded
        .weights()
        .forEach(
            (name, weight) ->
                assertThat(weight.values()).isEqualTo(builtin.weights().get(name).values()));
    String digest = sharded.digest();
    Path last = folder.resolve("model-00002-of-00002.safetensors");
    byte[] changed = Files.readAllBytes(last);
    changed[changed.length - 1] ^= 1;
    Files.write(last, changed);
    assertThat(ModelFolder.open(folder).digest()).isNotEqualTo(digest);
  }

  @Test
  void vocabularyAloneIsWrittenOutAsTokenizer() throws IOException {
    Files.delete(folder.resolve("tokenizer.json"));
    ModelFolder alone = ModelFolder.open(folder);
    Path written = Files.createDirectory(temporary.resolve("written"));
    ModelFolderWriter.write(alone, alone.weights(), written);
    ObjectMapper json = new ObjectMapper();
    assertThat(json.readTree(written.resolve("tokenizer.json").toFile()))
        .isEqualTo(json.readTree(builtin.tokenizerJson()));
    assertThat(ModelFolder.open(written).tokenizerJson()).isEqualTo(alone.tokenizerJson());
  }

  @Test
  void classThatOnlyVersionFiveKnowsIsWrittenByItsEarlierName() throws IOException {
    ObjectMapper json = new ObjectMapper();
    Path settings = folder.resolve("tokenizer_config.json");
    ObjectNode changed = (ObjectNode) json.readTree(settings.toFile());
    changed.put("tokenizer_class", "TokenizersBackend");
    Files.writeString(settings, changed.toString());
    Path written = Files.createDirectory(temporary.resolve("written"));
    ModelFolderWriter.write(ModelFolder.open(folder), builtin.weights(), written);
    assertThat(json.readTree(written.resolve("tokenizer_config.json").toFile()))
        .isEqualTo(changed.put("tokenizer_class", "PreTrainedTokenizerFast"));
  }

  @Test
  void modernBertIsStatedForEarlierVersionsToo() throws IOException {
    Path file = temporary.resolve("config.json");
    String config =
        """
        {"model_type": "modernbert", "vocab_size": 9, "hidden_size": 8, "num_hidden_layers": 4,
         "num_attention_heads": 2, "intermediate_size": 8, "max_position_embeddings": 16,
         "layer_types": ["full_attention", "sliding_attention", "%s", "%s"],
         "rope_parameters": {"full_attention": {"rope_theta": 300.0},
                             "sliding_attention": {"rope_theta": 20.0}}}
        """;
    Files.writeString(file, config.formatted("full_attention", "sliding_attention"));
    assertThat(Architecture.of(ConfigJson.read(file)).earlierNames())
        .containsOnly(
            entry("global_rope_theta", 300.0),
            entry("local_rope_theta", 20.0),
            entry("global_attn_every_n_layers", 2));
    Files.writeString(file, config.formatted("full_attention", "full_attention"));
    assertThat(Architecture.of(ConfigJson.read(file)).earlierNames())
        .containsOnlyKeys("global_rope_theta", "local_rope_theta");
  }

  @Test
  void damagedWeightsNameFileAndTensor() throws IOException {
    SortedMap<String, Tensor> weights = builtin.weights();
    Tensor words = weights.get(WORDS);

    words.values()[385] = Float.NaN;
    refused(() -> written(weights).weights(), WORDS, "found NaN at position [1, 1]");

    weights.put(WORDS, new Tensor(new long[] {384, 30522}, words.values()));
    refused(() -> written(weights).weights(), WORDS, "[30522, 384], found [384, 30522]");

    weights.remove(WORDS);
    refused(() -> written(weights).weights(), WORDS, "of shape [30522, 384] is missing");

    Path file = folder.resolve("model.safetensors");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 1_000_000));
    refused(() -> ModelFolder.open(folder), file.toString(), "ends at byte 1000000");
  }

  @Test
  void tokenizerOfAnotherModelIsRefused() throws IOException {
    ObjectNode tokenizer = (ObjectNode) new ObjectMapper().readTree(builtin.tokenizerJson());
    tokenizer.withArray("added_tokens").addObject().put("id", 30522).put("content", "extra");
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer.toString());
    refused(() -> ModelFolder.open(folder), "'extra' with the id 30522", WORDS + " has 30522 rows");
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    Files.delete(folder.resolve("vocab.txt"));
    Files.delete(folder.resolve("tokenizer.json"));
    refused(() -> ModelFolder.open(folder), "neither tokenizer.json nor vocab.txt");
    Files.move(folder.resolve("model.safetensors"), folder.resolve("pytorch_model.bin"));
    refused(() -> ModelFolder.open(folder), "pytorch_model.bin", "SentenceTransformer");
    Files.delete(folder.resolve("config.json"));
    refused(() -> ModelFolder.open(folder), "it has no config.json");
  }

  private ModelFolder written(SortedMap<String, Tensor> weights) {
    try {
      Files.delete(folder.resolve("model.safetensors"));
      Safetensors.write(folder.resolve("model.safetensors"), weights);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ModelFolder.open(folder);
  }

  private void refused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            HoneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessageContaining(folder.toString())
        .hasMessageContainingAll(parts);
  }
}
