package dev.hone.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A model's config.json: its values with their ranges checked, and what is not known refused by
 * name.
 *
 * @param file where it lies, for messages
 * @param json its content
 */
record ConfigJson(Path file, JsonNode json) {

  static ConfigJson read(Path file) {
    try {
      JsonNode json = new ObjectMapper().readTree(file.toFile());
      return new ConfigJson(file, json);
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot use the model of %s: it is not JSON: %s. Download or save the model again."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /** A whole number above 0, under the first of the keys that is there. */
  int positive(String... keys) {
    JsonNode value = value(keys);
    if (!value.canConvertToInt() || value.asInt() <= 0) {
      throw refused(
          "%s is %s, and a whole number above 0 is needed"
              .formatted(String.join(" or ", keys), value.isMissingNode() ? "missing" : value));
    }
    return value.asInt();
  }

  int integer(String key, int otherwise) {
    return json.path(key).asInt(otherwise);
  }

  double number(String key, double otherwise) {
    return json.path(key).asDouble(otherwise);
  }

  /** A share in [0, 1). */
  double dropout(String key, double otherwise) {
    double value = number(key, otherwise);
    if (!(value >= 0 && value < 1)) {
      throw refused("%s is %s, and a number in [0, 1) is needed".formatted(key, value));
    }
    return value;
  }

  String text(String key) {
    return json.path(key).asText("");
  }

  JsonNode value(String... keys) {
    return Arrays.stream(keys)
        .map(json::path)
        .filter(node -> !node.isMissingNode() && !node.isNull())
        .findFirst()
        .orElse(json.path(keys[0]));
  }

  /** Refuses a text other than those known; an absent one is fine. */
  void known(String key, String... known) {
    JsonNode value = json.path(key);
    if (!value.isMissingNode() && !value.isNull() && !List.of(known).contains(value.asText())) {
      throw refused(
          "%s is '%s', and only %s is known"
              .formatted(key, value.asText(), "'" + String.join("' or '", known) + "'"));
    }
  }

  HoneException refused(String why) {
    return new HoneException(
        ErrorCode.CONFIGURATION,
        "Cannot use the model of %s: %s. Known are %s."
            .formatted(file, why, String.join(", ", Architecture.known())));
  }
}
