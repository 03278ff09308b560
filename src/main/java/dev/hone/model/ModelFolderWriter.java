package dev.hone.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hone.model.SentenceModule.Dense;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes a tuned model as a folder in its base's layout, so that it drops into whatever served the
 * base.
 */
public final class ModelFolderWriter {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Files that are the base's own, where it has them. */
  private static final List<String> COPIED =
      List.of("special_tokens_map.json", TokenizerFile.VOCABULARY);

  private static final String TOKENIZER_SETTINGS = "tokenizer_config.json";
  private static final String POOLING = "1_Pooling";

  private ModelFolderWriter() {}

  /**
   * Writes a folder.
   *
   * @param target an empty folder
   * @param weights by Hugging Face name, as {@link ModelFolder#weights()} returns them
   */
  public static void write(ModelFolder base, SortedMap<String, Tensor> weights, Path target)
      throws IOException {
    for (String file : COPIED) {
      if (Files.isRegularFile(base.transformer().resolve(file))) {
        Files.copy(base.transformer().resolve(file), target.resolve(file));
      }
    }
    Files.writeString(target.resolve(TokenizerFile.NAME), base.tokenizerJson());
    config(base, target);
    tokenizerSettings(base, target);
    SortedMap<String, Tensor> transformer = new TreeMap<>(weights);
    transformer.keySet().retainAll(base.architecture().shapes().keySet());
    Safetensors.write(target.resolve(WeightFiles.SINGLE), transformer);
    modules(base, weights, target);
    ObjectNode limits = JSON.createObjectNode();
    limits.put("max_seq_length", base.maxLength());
    limits.put("do_lower_case", false);
    Files.write(target.resolve(ModelFolder.LIMITS), pretty(limits));
    settings(base, target);
  }

  /**
   * The base's own, but for the type of the weights, which are written as fp32, and with what
   * earlier versions look for elsewhere.
   */
  private static void config(ModelFolder base, Path target) throws IOException {
    ObjectNode config =
        (ObjectNode) JSON.readTree(base.transformer().resolve(ModelFolder.CONFIG).toFile());
    for (String key : List.of("torch_dtype", "dtype")) {
      if (config.has(key)) {
        config.put(key, "float32");
      }
    }
    base.architecture().earlierNames().forEach(config::putPOJO);
    Files.write(target.resolve(ModelFolder.CONFIG), pretty(config));
  }

  /** The base's own, but for the name of the general class, which only version 5 knows. */
  private static void tokenizerSettings(ModelFolder base, Path target) throws IOException {
    Path file = base.transformer().resolve(TOKENIZER_SETTINGS);
    if (!Files.isRegularFile(file)) {
      return;
    }
    ObjectNode settings = (ObjectNode) JSON.readTree(file.toFile());
    if (settings.path("tokenizer_class").asText().equals("TokenizersBackend")) {
      settings.put("tokenizer_class", "PreTrainedTokenizerFast");
    }
    Files.write(target.resolve(TOKENIZER_SETTINGS), pretty(settings));
  }

  private static void modules(ModelFolder base, SortedMap<String, Tensor> weights, Path target)
      throws IOException {
    ArrayNode modules = JSON.createArrayNode();
    modules.add(module(0, "", "Transformer"));
    modules.add(module(1, POOLING, "Pooling"));
    Files.createDirectories(target.resolve(POOLING));
    Files.write(target.resolve(POOLING).resolve("config.json"), pretty(pooling(base)));
    for (int i = 0; i < base.after().size(); i++) {
      int index = modules.size();
      if (base.after().get(i) instanceof Dense dense) {
        String path = index + "_Dense";
        modules.add(module(index, path, "Dense"));
        dense(dense, ModelFolder.denseName(i), weights, target.resolve(path));
      } else {
        modules.add(module(index, index + "_Normalize", "Normalize"));
      }
    }
    Files.write(target.resolve("modules.json"), pretty(modules));
  }

  private static ObjectNode pooling(ModelFolder base) {
    ObjectNode pooling = JSON.createObjectNode();
    pooling.put("word_embedding_dimension", base.architecture().hidden());
    for (Pooling mode : Pooling.values()) {
      pooling.put("pooling_mode_" + mode.flag(), base.pooling() == mode);
    }
    pooling.put("pooling_mode_mean_sqrt_len_tokens", false);
    pooling.put("include_prompt", base.includePrompt());
    return pooling;
  }

  private static void dense(
      Dense dense, String name, SortedMap<String, Tensor> weights, Path target) throws IOException {
    ObjectNode config = JSON.createObjectNode();
    config.put("in_features", dense.in());
    config.put("out_features", dense.out());
    config.put("bias", dense.bias());
    config.put(
        "activation_function",
        dense.activation().equals("tanh")
            ? "torch.nn.modules.activation.Tanh"
            : "torch.nn.modules.linear.Identity");
    Files.createDirectories(target);
    Files.write(target.resolve("config.json"), pretty(config));
    SortedMap<String, Tensor> own = new TreeMap<>();
    own.put("linear.weight", weights.get(name + ".weight"));
    if (dense.bias()) {
      own.put("linear.bias", weights.get(name + ".bias"));
    }
    Safetensors.write(target.resolve(WeightFiles.SINGLE), own);
  }

  private static ObjectNode module(int index, String path, String type) {
    ObjectNode module = JSON.createObjectNode();
    module.put("idx", index);
    module.put("name", String.valueOf(index));
    module.put("path", path);
    module.put("type", "sentence_transformers.models." + type);
    return module;
  }

  private static void settings(ModelFolder base, Path target) throws IOException {
    ObjectNode settings = JSON.createObjectNode();
    settings.putObject("__version__").put("sentence_transformers", "2.0.0");
    ObjectNode prompts = settings.putObject("prompts");
    base.prompts().forEach(prompts::put);
    if (!base.queryPrompt().isEmpty() || !base.documentPrompt().isEmpty()) {
      prompts.put("query", base.queryPrompt());
      prompts.put("document", base.documentPrompt());
    }
    String prompt = base.settings().path("default_prompt_name").asText("");
    settings.put("default_prompt_name", prompt.isEmpty() ? null : prompt);
    settings.put("similarity_fn_name", base.similarity());
    Files.write(target.resolve(ModelFolder.SETTINGS), pretty(settings));
  }

  private static byte[] pretty(com.fasterxml.jackson.databind.JsonNode node) throws IOException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
  }
}
