package dev.hone.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.model.SentenceModule.Dense;
import dev.hone.model.SentenceModule.Normalize;
import dev.hone.store.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A Hugging Face or sentence-transformers model folder on this machine's disk: what its files say.
 *
 * @param path the folder
 * @param transformer the folder in it with config.json, weights and tokenizer; mostly itself
 * @param architecture the encoder
 * @param pooling how token states become one vector
 * @param includePrompt whether a prompt's tokens are pooled
 * @param after what follows the pooling, in order
 * @param maxLength the most tokens of a text, special tokens and prompt included
 * @param queryPrompt put before queries; empty for none
 * @param documentPrompt put before documents; empty for none
 * @param similarity what compares its vectors: {@code cosine} or {@code dot}
 * @param prompts all prompts that the folder names
 * @param tokenizerJson the content of the tokenizer.json
 * @param digest SHA-256 over weights, configuration, tokenizer and modules: the same for the same
 *     model anywhere
 */
public record ModelFolder(
    Path path,
    Path transformer,
    Architecture architecture,
    Pooling pooling,
    boolean includePrompt,
    List<SentenceModule> after,
    int maxLength,
    String queryPrompt,
    String documentPrompt,
    String similarity,
    SortedMap<String, String> prompts,
    String tokenizerJson,
    String digest) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LINEAR = "linear";
  static final String CONFIG = TransformerFolder.CONFIG;
  static final String LIMITS = TransformerFolder.LIMITS;
  static final String SETTINGS = "config_sentence_transformers.json";

  /**
   * Opens a folder.
   *
   * @throws HoneException if a file is missing, or something in it is not known; the message names
   *     it
   */
  public static ModelFolder open(Path path) {
    try {
      ModuleList modules = ModuleList.read(path);
      TransformerFolder transformer =
          TransformerFolder.open(path, path.resolve(modules.transformer()));
      JsonNode settings = optional(path.resolve(SETTINGS));
      String query = prompt(settings, "query");
      String document = prompt(settings, "document", "passage", "corpus");
      return new ModelFolder(
          path,
          transformer.path(),
          transformer.architecture(),
          modules.pooling(),
          modules.includePrompt(),
          modules.after(),
          transformer.maxLength(),
          query,
          document,
          similarity(path, settings),
          prompts(settings),
          transformer.tokenizer().json(),
          digest(
              files(path, transformer, modules),
              modules + "|" + transformer.maxLength() + "|" + query + "|" + document,
              transformer.tokenizer()));
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.CONFIGURATION, "Cannot read the model folder " + path + ": " + e, e);
    }
  }

  /** The settings of sentence-transformers; empty where there are none. */
  JsonNode settings() throws IOException {
    return optional(path.resolve(SETTINGS));
  }

  /**
   * All weights: the transformer's by Hugging Face name, those of dense modules under {@link
   * #denseName}.
   */
  public SortedMap<String, Tensor> weights() {
    SortedMap<String, Tensor> weights =
        new ExpectedWeights(architecture.shapes(), List.of(architecture.prefix()))
            .from(WeightFiles.in(transformer));
    for (int i = 0; i < after.size(); i++) {
      if (after.get(i) instanceof Dense dense) {
        String name = denseName(i);
        new ExpectedWeights(shapes(dense), List.of())
            .from(WeightFiles.in(path.resolve(dense.path())))
            .forEach((part, tensor) -> weights.put(name + part.substring(LINEAR.length()), tensor));
      }
    }
    return weights;
  }

  /** What the names of the weights of the module at {@code index} of {@link #after} begin with. */
  static String denseName(int index) {
    return "sentence." + index + "." + LINEAR;
  }

  private static SortedMap<String, long[]> shapes(Dense dense) {
    Shapes shapes = new Shapes().weight(LINEAR + ".weight", dense.out(), dense.in());
    return dense.bias() ? shapes.weight(LINEAR + ".bias", dense.out()).all() : shapes.all();
  }

  /** Length of the vectors. */
  public int dimension() {
    int dimension = architecture.hidden();
    for (SentenceModule module : after) {
      if (module instanceof Dense dense) {
        dimension = dense.out();
      }
    }
    return dimension;
  }

  /** Whether its vectors have to be brought to length 1 before inner products compare them. */
  public boolean wantsUnitLength() {
    return similarity.equals("cosine") && !normalized();
  }

  /** Whether vectors have length 1. */
  public boolean normalized() {
    return !after.isEmpty() && after.get(after.size() - 1) instanceof Normalize;
  }

  private static String similarity(Path path, JsonNode settings) {
    String name = settings.path("similarity_fn_name").asText("cosine");
    return switch (name) {
      case "cosine", "dot" -> name;
      case "dot_product" -> "dot";
      default ->
          throw refused(
              path,
              "its " + SETTINGS + " has similarity_fn_name '" + name + "', which is not known");
    };
  }

  private static SortedMap<String, String> prompts(JsonNode settings) {
    SortedMap<String, String> prompts = new TreeMap<>();
    settings
        .path("prompts")
        .properties()
        .forEach(prompt -> prompts.put(prompt.getKey(), prompt.getValue().asText()));
    return prompts;
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

  private static List<Path> files(Path path, TransformerFolder transformer, ModuleList modules) {
    List<Path> files = new ArrayList<>(transformer.weights().files());
    files.add(transformer.path().resolve(CONFIG));
    for (SentenceModule module : modules.after()) {
      if (module instanceof Dense dense) {
        files.addAll(WeightFiles.in(path.resolve(dense.path())).files());
      }
    }
    return files;
  }

  static String digest(List<Path> files, String settings, TokenizerFile tokenizer)
      throws IOException {
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
