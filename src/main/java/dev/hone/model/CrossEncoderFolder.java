package dev.hone.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * The folder of a cross-encoder, a model that scores pairs of texts, on this machine's disk: what
 * its files say. transformers and all versions of sentence-transformers write such folders.
 *
 * @param path the folder
 * @param transformer the folder in it with config.json, weights and tokenizer; mostly itself
 * @param architecture the encoder below the head
 * @param head how token states become one number
 * @param activation what makes that number the score
 * @param maxLength the most tokens of a pair, special tokens included
 * @param hasTokenTypes whether the model is told which text a token belongs to
 * @param tokenizerJson the content of the tokenizer.json
 * @param digest SHA-256 over weights, configuration, tokenizer and settings: the same for the same
 *     model anywhere
 */
public record CrossEncoderFolder(
    Path path,
    Path transformer,
    Architecture architecture,
    PairHead head,
    ScoreActivation activation,
    int maxLength,
    boolean hasTokenTypes,
    String tokenizerJson,
    String digest) {
  private static final String MODULES = "modules.json";
  private static final String ACTIVATION = "activation_fn";
  private static final String EARLIER_ACTIVATION = "sbert_ce_default_activation_function";
  private static final int LABELS_BY_DEFAULT = 2;

  /** Whether a folder holds a cross-encoder, by what its settings or its head say. */
  public static boolean isIn(Path path) {
    try {
      if (Files.isRegularFile(path.resolve(MODULES))) {
        return settings(path).path("model_type").asText().equals("CrossEncoder");
      }
      return ModelFolder.optional(path.resolve(ModelFolder.CONFIG))
          .path("architectures")
          .path(0)
          .asText()
          .endsWith("ForSequenceClassification");
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /**
   * Opens a folder.
   *
   * @throws HoneException if a file is missing, or something in it is not known; the message names
   *     it
   */
  public static CrossEncoderFolder open(Path path) {
    try {
      TransformerFolder transformer = TransformerFolder.open(path, transformer(path));
      ConfigJson config = transformer.config();
      requireOneLabel(path, config.json());
      requireNoPrompt(path);
      PairHead head = PairHead.of(config, transformer.architecture());
      ScoreActivation activation = activation(path, config.json());
      boolean hasTokenTypes = hasTokenTypes(path, transformer);
      List<Path> files = new ArrayList<>(transformer.weights().files());
      files.add(config.file());
      return new CrossEncoderFolder(
          path,
          transformer.path(),
          transformer.architecture(),
          head,
          activation,
          transformer.maxLength(),
          hasTokenTypes,
          transformer.tokenizer().json(),
          ModelFolder.digest(
              files,
              "pairs|" + activation + "|" + transformer.maxLength() + "|" + hasTokenTypes,
              transformer.tokenizer()));
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** All weights by Hugging Face name, without what a checkpoint puts before the encoder's. */
  public SortedMap<String, Tensor> weights() {
    SortedMap<String, long[]> shapes = architecture.shapes();
    shapes.putAll(head.shapes());
    return new ExpectedWeights(shapes, List.of(architecture.prefix()))
        .from(WeightFiles.in(transformer));
  }

  /** Since version 6 there is a list of modules; the transformer with its head is then all. */
  private static Path transformer(Path path) throws IOException {
    JsonNode modules = ModelFolder.optional(path.resolve(MODULES));
    if (modules.isEmpty()) {
      return path;
    }
    String type = modules.path(0).path("type").asText();
    String folder = modules.path(0).path("path").asText();
    if (!type.endsWith(".Transformer") || !folder.matches("([A-Za-z0-9_][A-Za-z0-9_.-]*)?")) {
      throw refused(
          path, "its %s begins with the module '%s' in '%s'".formatted(MODULES, type, folder));
    }
    if (modules.size() > 1) {
      throw refused(
          path,
          "its %s names the module '%s' after the transformer, and only a head of transformers is known"
              .formatted(MODULES, modules.path(1).path("type").asText()));
    }
    return path.resolve(folder);
  }

  /** transformers counts the names of the labels, then num_labels, and else takes two. */
  private static void requireOneLabel(Path path, JsonNode config) {
    JsonNode names = config.path("id2label");
    int labels =
        names.isObject() ? names.size() : config.path("num_labels").asInt(LABELS_BY_DEFAULT);
    if (labels != 1) {
      throw refused(
          path,
          "its head gives %d numbers (num_labels in config.json), and a scorer needs one. Take a cross-encoder that ranks, such as ms-marco-MiniLM or bge-reranker, or train one with num_labels=1"
              .formatted(labels));
    }
  }

  private static void requireNoPrompt(Path path) throws IOException {
    String prompt = settings(path).path("default_prompt_name").asText("");
    if (!prompt.isEmpty() && !prompt.equals("null")) {
      throw refused(
          path,
          "its %s has default_prompt_name '%s', and prompts of cross-encoders are not known"
              .formatted(ModelFolder.SETTINGS, prompt));
    }
  }

  /**
   * Where the versions of sentence-transformers keep the activation: 6 in its settings, 4 and 5 in
   * a group of config.json, before that in a key of it. Without any it is Sigmoid, for one label.
   */
  private static ScoreActivation activation(Path path, JsonNode config) throws IOException {
    JsonNode stated = settings(path).path(ACTIVATION);
    if (!stated.isTextual()) {
      JsonNode group = config.path("sentence_transformers");
      stated = group.has(ACTIVATION) ? group.path(ACTIVATION) : config.path(EARLIER_ACTIVATION);
    }
    if (!stated.isTextual()) {
      return ScoreActivation.SIGMOID;
    }
    String name = stated.asText();
    return switch (name.startsWith("torch.") ? name.substring(name.lastIndexOf('.') + 1) : "") {
      case "Sigmoid" -> ScoreActivation.SIGMOID;
      case "Identity" -> ScoreActivation.IDENTITY;
      default ->
          throw refused(
              path,
              "its activation is '%s', and torch's Sigmoid and Identity alone are known. Load it in sentence-transformers with activation_fn=torch.nn.Identity() and save it again"
                  .formatted(name));
    };
  }

  private static boolean hasTokenTypes(Path path, TransformerFolder transformer)
      throws IOException {
    JsonNode settings = transformer.tokenizerSettings();
    String side = settings.path("truncation_side").asText("right");
    if (!side.equals("right")) {
      throw refused(path, "its tokenizer cuts texts on the " + side + ", not on the right");
    }
    JsonNode inputs = settings.path("model_input_names");
    boolean named = !inputs.isArray();
    for (JsonNode input : inputs) {
      named |= input.asText().equals("token_type_ids");
    }
    return named && transformer.architecture().tellsTextsApart();
  }

  private static JsonNode settings(Path path) throws IOException {
    return ModelFolder.optional(path.resolve(ModelFolder.SETTINGS));
  }

  private static HoneException refused(Path path, String why) {
    return new HoneException(
        ErrorCode.CONFIGURATION, "Cannot use the cross-encoder " + path + ": " + why + ".");
  }

  private static HoneException unreadable(Path path, IOException e) {
    return new HoneException(
        ErrorCode.CONFIGURATION, "Cannot read the cross-encoder " + path + ": " + e, e);
  }
}
