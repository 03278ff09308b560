package dev.hone.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A transformer's own folder, as encoders and cross-encoders have it: configuration, weights and
 * tokenizer.
 *
 * @param path the folder
 * @param config its config.json
 * @param weights its weights
 * @param architecture the encoder that config.json describes
 * @param tokenizer its tokenizer
 * @param maxLength the most tokens of an input, special tokens included
 */
record TransformerFolder(
    Path path,
    ConfigJson config,
    WeightFiles weights,
    Architecture architecture,
    TokenizerFile tokenizer,
    int maxLength) {
  static final String CONFIG = "config.json";
  static final String LIMITS = "sentence_bert_config.json";
  private static final String TOKENIZER_SETTINGS = "tokenizer_config.json";

  /**
   * Opens a folder.
   *
   * @param model the model's folder, for messages
   * @throws dev.hone.error.HoneException if a file is missing, or something in it is not known
   */
  static TransformerFolder open(Path model, Path path) throws IOException {
    if (!Files.isRegularFile(path.resolve(CONFIG))) {
      throw ModelFolder.refused(model, "it has no " + CONFIG);
    }
    WeightFiles weights = WeightFiles.in(path);
    ConfigJson config = ConfigJson.read(path.resolve(CONFIG));
    Architecture architecture = Architecture.of(config);
    TokenizerFile tokenizer = TokenizerFile.in(path);
    tokenizer.requireIdsBelow(architecture.vocabulary(), architecture.words());
    if (limits(path).path("do_lower_case").asBoolean()) {
      tokenizer = tokenizer.lowercased();
    }
    return new TransformerFolder(
        path, config, weights, architecture, tokenizer, maxLength(path, architecture));
  }

  /** What tokenizer_config.json states; empty where there is none. */
  JsonNode tokenizerSettings() throws IOException {
    return ModelFolder.optional(path.resolve(TOKENIZER_SETTINGS));
  }

  private static JsonNode limits(Path path) throws IOException {
    return ModelFolder.optional(path.resolve(LIMITS));
  }

  /** Up to version 5 stated beside the modules; else the tokenizer's, as far as positions reach. */
  private static int maxLength(Path path, Architecture architecture) throws IOException {
    double stated = limits(path).path("max_seq_length").asDouble();
    if (stated <= 0) {
      stated =
          ModelFolder.optional(path.resolve(TOKENIZER_SETTINGS))
              .path("model_max_length")
              .asDouble(architecture.maxTokens());
    }
    return (int) Math.min(stated, architecture.maxTokens());
  }
}
