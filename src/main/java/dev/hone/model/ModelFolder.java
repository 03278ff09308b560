package dev.hone.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * A Hugging Face or sentence-transformers model folder on this machine's disk: what its files say.
 *
 * @param path the folder
 * @param config the architecture
 * @param pooling how token vectors become one
 * @param normalized whether the folder's modules end in Normalize
 * @param maxLength the most tokens of a text, special tokens and prompt included
 * @param queryPrompt put before queries; empty for none
 * @param documentPrompt put before documents; empty for none
 * @param digest SHA-256 over weights, configuration, tokenizer and modules: the same for the same
 *     model anywhere
 */
public record ModelFolder(
    Path path,
    EncoderConfig config,
    Pooling pooling,
    boolean normalized,
    int maxLength,
    String queryPrompt,
    String documentPrompt,
    String digest) {
  private static final ObjectMapper JSON = new ObjectMapper();
  static final String CONFIG = "config.json";

  /**
   * Opens a folder.
   *
   * @throws HoneException if a file is missing, or something in it is not known; the message names
   *     it
   */
  public static ModelFolder open(Path path) {
    if (!Files.isRegularFile(path.resolve(CONFIG))) {
      throw refused(path, "it has no " + CONFIG);
    }
    try {
      EncoderConfig config = EncoderConfig.read(path.resolve(CONFIG));
      WeightFiles weights = WeightFiles.in(path);
      TokenizerFile tokenizer = TokenizerFile.in(path);
      tokenizer.requireIdsBelow(config.vocabulary(), BertWeights.WORDS);
      ModuleList modules = ModuleList.read(path);
      JsonNode prompts = optional(path.resolve("config_sentence_transformers.json"));
      int maxLength = maxLength(path, config);
      String query = prompt(prompts, "query");
      String document = prompt(prompts, "document", "passage", "corpus");
      return new ModelFolder(
          path,
          config,
          modules.pooling(),
          modules.normalized(),
          maxLength,
          query,
          document,
          digest(
              path, weights, tokenizer, modules + "|" + maxLength + "|" + query + "|" + document));
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.CONFIGURATION, "Cannot read the model folder " + path + ": " + e, e);
    }
  }

  /**
   * The weights by Hugging Face name.
   *
   * @throws HoneException naming the tensor that is missing, misshapen or not finite
   */
  public SortedMap<String, Tensor> weights() {
    return BertWeights.expected(config).from(WeightFiles.in(path));
  }

  /** The content of the tokenizer.json, which the folder may have as a vocab.txt alone. */
  public String tokenizerJson() {
    return TokenizerFile.in(path).json();
  }

  /** Length of the vectors. */
  public int dimension() {
    return config.hidden();
  }

  private static int maxLength(Path path, EncoderConfig config) throws IOException {
    int stated = optional(path.resolve("sentence_bert_config.json")).path("max_seq_length").asInt();
    if (stated <= 0) {
      double model =
          optional(path.resolve("tokenizer_config.json"))
              .path("model_max_length")
              .asDouble(config.positions());
      stated = (int) Math.min(model, config.positions());
    }
    return Math.min(stated, config.positions());
  }

  /** An empty prompt counts as absent; then the default prompt, where one is named. */
  private static String prompt(JsonNode settings, String... names) {
    for (String name : names) {
      String text = settings.path("prompts").path(name).asText("");
      if (!text.isEmpty()) {
        return text;
      }
    }
    String fallback = settings.path("default_prompt_name").asText("");
    return fallback.isEmpty() ? "" : settings.path("prompts").path(fallback).asText("");
  }

  static JsonNode optional(Path file) throws IOException {
    return Files.isRegularFile(file) ? JSON.readTree(file.toFile()) : JSON.createObjectNode();
  }

  private static String digest(
      Path path, WeightFiles weights, TokenizerFile tokenizer, String settings) throws IOException {
    List<Path> files = new ArrayList<>(weights.files());
    files.add(path.resolve(CONFIG));
    StringBuilder parts = new StringBuilder(settings);
    for (Path file : files) {
      try (InputStream stream = Files.newInputStream(file)) {
        parts.append('|').append(Digests.ofStream(stream));
      }
    }
    return Digests.ofText(parts.append('|').append(Digests.ofText(tokenizer.json())).toString());
  }

  static HoneException refused(Path path, String why) {
    return new HoneException(
        ErrorCode.CONFIGURATION, "Cannot use the model folder " + path + ": " + why + ".");
  }
}
