package dev.hone.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.LocalCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the folders of cross-encoders say, in the forms that each version writes them. */
class CrossEncoderFolderTest {
  private static final String SIGMOID = "torch.nn.modules.activation.Sigmoid";
  private static final String IDENTITY = "torch.nn.modules.linear.Identity";

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static ModelFolder encoder;

  @BeforeAll
  static void unpack() {
    encoder =
        ModelSource.resolve(
            "builtin:all-MiniLM-L6-v2",
            LocalCache.at(shared.resolve("cache")),
            new Configuration());
  }

  private Path written(Consumer<ObjectNode> config) throws IOException {
    return MadeCrossEncoder.write(temporary.resolve("model"), encoder, 512, 1, config);
  }

  private CrossEncoderFolder opened(Consumer<ObjectNode> config) throws IOException {
    return CrossEncoderFolder.open(written(config));
  }

  private static Consumer<ObjectNode> since4(String activation) {
    return config -> config.putObject("sentence_transformers").put("activation_fn", activation);
  }

  /** Adds what version 6 writes beside the transformer. */
  private static Path since6(Path folder, String settings, String modules) throws IOException {
    Files.writeString(folder.resolve("config_sentence_transformers.json"), settings);
    Files.writeString(folder.resolve("modules.json"), modules);
    return folder;
  }

  private static final String TRANSFORMER =
      "{\"path\": \"\", \"type\": \"sentence_transformers.base.modules.transformer.Transformer\"}";

  @Test
  void activationIsFoundWhereEachVersionKeepsIt() throws IOException {
    assertThat(opened(config -> {}).activation()).isEqualTo(ScoreActivation.SIGMOID);
    assertThat(opened(MadeCrossEncoder.activation(IDENTITY)).activation())
        .isEqualTo(ScoreActivation.IDENTITY);
    assertThat(opened(since4(IDENTITY)).activation()).isEqualTo(ScoreActivation.IDENTITY);
    assertThat(opened(since4(SIGMOID).andThen(MadeCrossEncoder.activation(IDENTITY))).activation())
        .isEqualTo(ScoreActivation.SIGMOID);
    Path folder =
        since6(
            written(since4(SIGMOID)),
            "{\"model_type\": \"CrossEncoder\", \"activation_fn\": \"%s\"}".formatted(IDENTITY),
            "[" + TRANSFORMER + "]");
    assertThat(CrossEncoderFolder.open(folder).activation()).isEqualTo(ScoreActivation.IDENTITY);
  }

  @Test
  void anEncoderIsNone() throws IOException {
    assertThat(CrossEncoderFolder.isIn(encoder.path())).isFalse();
    Path folder = written(config -> {});
    assertThat(CrossEncoderFolder.isIn(folder)).isTrue();
    since6(folder, "{\"model_type\": \"SentenceTransformer\"}", "[" + TRANSFORMER + "]");
    assertThat(CrossEncoderFolder.isIn(folder)).isFalse();
    since6(folder, "{\"model_type\": \"CrossEncoder\"}", "[" + TRANSFORMER + "]");
    assertThat(CrossEncoderFolder.isIn(folder)).isTrue();
  }

  @Test
  void whatScoresDependOnChangesTheDigest() throws IOException {
    String digest = opened(config -> {}).digest();
    assertThat(opened(config -> {}).digest()).isEqualTo(digest);
    assertThat(opened(MadeCrossEncoder.activation(IDENTITY)).digest()).isNotEqualTo(digest);
    Path shorter =
        MadeCrossEncoder.write(temporary.resolve("shorter"), encoder, 128, 1, config -> {});
    assertThat(CrossEncoderFolder.open(shorter).digest()).isNotEqualTo(digest);
    Path other = MadeCrossEncoder.write(temporary.resolve("other"), encoder, 512, 2, config -> {});
    assertThat(CrossEncoderFolder.open(other).digest()).isNotEqualTo(digest);
  }

  @Test
  void textsAreToldApartWhereTheTokenizerSaysSo() throws IOException {
    assertThat(opened(config -> {}).hasTokenTypes()).isTrue();
    Path folder = written(config -> {});
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"model_input_names\": [\"input_ids\", \"attention_mask\"]}");
    assertThat(CrossEncoderFolder.open(folder).hasTokenTypes()).isFalse();
  }

  @Test
  void severalLabelsAreRefused() throws IOException {
    refused(
        config -> config.putObject("id2label").put("0", "no").put("1", "yes"),
        "gives 2 numbers",
        "num_labels=1");
    refused(config -> config.remove("id2label"), "gives 2 numbers");
    refused(
        config -> {
          config.remove("id2label");
          config.put("num_labels", 3);
        },
        "gives 3 numbers");
  }

  @Test
  void whatIsNotKnownIsRefusedByName() throws IOException {
    refused(
        MadeCrossEncoder.activation("torch.nn.modules.activation.Tanh"),
        "torch.nn.modules.activation.Tanh",
        "activation_fn=torch.nn.Identity()");
    refused(since4("my_package.Sigmoid"), "my_package.Sigmoid");
    Path folder = written(config -> {});
    String dense =
        "{\"path\": \"1_Dense\", \"type\": \"sentence_transformers.base.modules.dense.Dense\"}";
    since6(folder, "{\"model_type\": \"CrossEncoder\"}", "[" + TRANSFORMER + "," + dense + "]");
    refused(folder, "dense.Dense");
    since6(
        folder,
        "{\"model_type\": \"CrossEncoder\", \"default_prompt_name\": \"query\"}",
        "[" + TRANSFORMER + "]");
    refused(folder, "default_prompt_name 'query'");
  }

  @Test
  void headThatIsMissingIsNamed() throws IOException {
    Path folder = written(config -> {});
    Files.copy(
        encoder.transformer().resolve("model.safetensors"),
        folder.resolve("model.safetensors"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> CrossEncoderFolder.open(folder).weights())
        .isInstanceOf(HoneException.class)
        .hasMessageContaining("tensor classifier.bias of shape [1] is missing");
  }

  private void refused(Consumer<ObjectNode> config, String... parts) throws IOException {
    refused(written(config), parts);
  }

  private static void refused(Path folder, String... parts) {
    assertThatThrownBy(() -> CrossEncoderFolder.open(folder))
        .isInstanceOfSatisfying(
            HoneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION))
        .hasMessageContaining(folder.toString())
        .hasMessageContainingAll(parts);
  }
}
