package dev.hone.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * An encoder's architecture, as its config.json states it.
 *
 * @param vocabulary rows of the word embedding
 * @param hidden hidden size, the vectors' dimension
 * @param layers transformer layers
 * @param heads attention heads; divides the hidden size
 * @param intermediate size of the feed-forward layer
 * @param positions rows of the position embedding
 * @param tokenTypes rows of the token type embedding
 * @param layerNormEpsilon added to the variance
 * @param dropout hidden dropout in training, in [0, 1)
 */
public record EncoderConfig(
    int vocabulary,
    int hidden,
    int layers,
    int heads,
    int intermediate,
    int positions,
    int tokenTypes,
    double layerNormEpsilon,
    double dropout) {

  /**
   * Reads a BERT configuration.
   *
   * @throws HoneException naming what this version cannot run
   */
  static EncoderConfig read(Path file) {
    JsonNode json;
    try {
      json = new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw refused(file, "it cannot be read as JSON: " + e.getMessage(), e);
    }
    require(file, json, "model_type", "bert", "");
    require(file, json, "hidden_act", "gelu", "gelu");
    require(file, json, "position_embedding_type", "absolute", "absolute");
    return new EncoderConfig(
        positive(file, json, "vocab_size"),
        positive(file, json, "hidden_size"),
        positive(file, json, "num_hidden_layers"),
        positive(file, json, "num_attention_heads"),
        positive(file, json, "intermediate_size"),
        positive(file, json, "max_position_embeddings"),
        positive(file, json, "type_vocab_size"),
        json.path("layer_norm_eps").asDouble(1e-12),
        json.path("hidden_dropout_prob").asDouble(0.1));
  }

  private static int positive(Path file, JsonNode json, String key) {
    int value = json.path(key).asInt(0);
    if (value <= 0) {
      throw refused(file, key + " is missing or not a positive number", null);
    }
    return value;
  }

  private static void require(
      Path file, JsonNode json, String key, String known, String whereAbsent) {
    String value = json.path(key).asText(whereAbsent);
    if (!value.equals(known)) {
      throw refused(file, key + " is '" + value + "', and only '" + known + "' is known", null);
    }
  }

  private static HoneException refused(Path file, String why, Exception cause) {
    return new HoneException(
        ErrorCode.CONFIGURATION,
        "Cannot use the model of " + file + ": " + why + ". Choose a BERT encoder.",
        cause);
  }
}
