package dev.hone.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What follows the transformer in a sentence-transformers folder. A plain transformers folder gets
 * mean pooling and no Normalize.
 */
record ModuleList(Pooling pooling, boolean normalized) {

  static ModuleList read(Path folder) throws IOException {
    if (!Files.isRegularFile(folder.resolve("modules.json"))) {
      return new ModuleList(Pooling.MEAN, false);
    }
    Pooling pooling = null;
    boolean normalized = false;
    for (JsonNode module : ModelFolder.optional(folder.resolve("modules.json"))) {
      String type = module.path("type").asText();
      String name = type.substring(type.lastIndexOf('.') + 1);
      switch (name) {
        case "Transformer" -> {}
        case "Pooling" ->
            pooling =
                pooling(
                    folder,
                    ModelFolder.optional(
                        folder.resolve(module.path("path").asText()).resolve("config.json")));
        case "Normalize" -> normalized = true;
        default ->
            throw ModelFolder.refused(
                folder, "its modules.json names the module '" + name + "', which is not known");
      }
    }
    if (pooling == null) {
      throw ModelFolder.refused(folder, "its modules.json names no Pooling");
    }
    return new ModuleList(pooling, normalized);
  }

  private static Pooling pooling(Path folder, JsonNode config) {
    List<String> modes = new ArrayList<>();
    JsonNode mode = config.path("pooling_mode");
    if (mode.isTextual()) {
      modes.add(mode.asText());
    }
    mode.forEach(element -> modes.add(element.asText()));
    config
        .properties()
        .forEach(
            field -> {
              if (field.getKey().startsWith("pooling_mode_") && field.getValue().asBoolean()) {
                modes.add(field.getKey().substring("pooling_mode_".length()));
              }
            });
    Pooling only =
        switch (modes.size() == 1 ? modes.get(0) : "") {
          case "mean", "mean_tokens" -> Pooling.MEAN;
          case "cls", "cls_token" -> Pooling.CLS;
          case "max", "max_tokens" -> Pooling.MAX;
          default -> null;
        };
    if (only != null) {
      return only;
    }
    throw ModelFolder.refused(
        folder, "its pooling is " + modes + ", and only one of mean, cls, max is known");
  }
}
