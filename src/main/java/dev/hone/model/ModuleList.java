package dev.hone.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hone.model.SentenceModule.Dense;
import dev.hone.model.SentenceModule.Normalize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The modules of a sentence-transformers folder, as modules.json and their own files state them. A
 * plain transformers folder gets mean pooling and nothing after it.
 *
 * @param transformer the transformer's own folder in the model's folder; empty where it is the same
 * @param pooling how token states become one vector
 * @param includePrompt whether a prompt's tokens are pooled
 * @param after what follows the pooling, in order
 */
record ModuleList(
    String transformer, Pooling pooling, boolean includePrompt, List<SentenceModule> after) {
  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

  static ModuleList read(Path folder) throws IOException {
    if (!Files.isRegularFile(folder.resolve("modules.json"))) {
      return new ModuleList("", Pooling.MEAN, true, List.of());
    }
    Reader reader = new Reader(folder);
    for (JsonNode module : ModelFolder.optional(folder.resolve("modules.json"))) {
      reader.module(module);
    }
    return reader.list();
  }

  private static final class Reader {
    private final Path folder;
    private final List<SentenceModule> after = new ArrayList<>();
    private String transformer;
    private Pooling pooling;
    private boolean includePrompt = true;

    Reader(Path folder) {
      this.folder = folder;
    }

    /** A module is known by the last part of its type, whose package differs between versions. */
    void module(JsonNode module) throws IOException {
      String type = module.path("type").asText();
      String name = type.substring(type.lastIndexOf('.') + 1);
      String path = module.path("path").asText();
      if (!path.isEmpty() && !PATH.matcher(path).matches()) {
        throw refused("its modules.json names the path '%s'".formatted(path));
      }
      if (transformer == null && !name.equals("Transformer")) {
        throw refused("its modules.json begins with the module '" + name + "'");
      }
      if (transformer != null && pooling == null && !name.equals("Pooling")) {
        throw refused("its modules.json has '" + name + "' where Pooling belongs");
      }
      JsonNode config = ModelFolder.optional(folder.resolve(path).resolve("config.json"));
      switch (name) {
        case "Transformer" -> transformer(path);
        case "Pooling" -> pooling(config);
        case "Normalize" -> after.add(new Normalize());
        case "Dense" -> after.add(dense(path, config));
        default -> throw refused("its modules.json names the module '" + name + "'");
      }
    }

    ModuleList list() {
      if (pooling == null) {
        throw refused("its modules.json names no Pooling");
      }
      return new ModuleList(transformer, pooling, includePrompt, List.copyOf(after));
    }

    private void transformer(String path) {
      if (transformer != null) {
        throw refused("its modules.json names two transformers");
      }
      transformer = path;
    }

    private void pooling(JsonNode config) {
      if (pooling != null) {
        throw refused("its modules.json names two poolings");
      }
      Set<String> modes = modes(config);
      for (Pooling known : Pooling.values()) {
        if (modes.equals(Set.of(known.label()))) {
          pooling = known;
        }
      }
      if (pooling == null) {
        throw refused("its pooling is " + modes + ", and only one of mean, cls, max, lasttoken");
      }
      includePrompt = config.path("include_prompt").asBoolean(true);
    }

    /** Up to version 5 a flag per mode, since version 6 one name or a list. */
    private static Set<String> modes(JsonNode config) {
      Set<String> modes = new LinkedHashSet<>();
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
                  modes.add(named(field.getKey().substring("pooling_mode_".length())));
                }
              });
      return modes;
    }

    private static String named(String flag) {
      for (Pooling known : Pooling.values()) {
        if (known.flag().equals(flag)) {
          return known.label();
        }
      }
      return flag;
    }

    private Dense dense(String path, JsonNode config) {
      String function = config.path("activation_function").asText("");
      String activation =
          switch (function.substring(function.lastIndexOf('.') + 1)) {
            case "Tanh" -> "tanh";
            case "Identity" -> "identity";
            default -> throw refused("its " + path + " has the activation '" + function + "'");
          };
      int in = config.path("in_features").asInt();
      int out = config.path("out_features").asInt();
      if (in <= 0 || out <= 0) {
        throw refused(
            "its %s/config.json states in_features %d, out_features %d".formatted(path, in, out));
      }
      for (String key : List.of("module_input_name", "module_output_name")) {
        String name = config.path(key).asText("sentence_embedding");
        if (!name.equals("sentence_embedding")) {
          throw refused("its %s has %s '%s'".formatted(path, key, name));
        }
      }
      return new Dense(path, in, out, config.path("bias").asBoolean(true), activation);
    }

    private RuntimeException refused(String why) {
      return ModelFolder.refused(folder, why + ", which is not known");
    }
  }
}
