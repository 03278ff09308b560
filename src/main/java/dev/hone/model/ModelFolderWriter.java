package dev.hone.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/**
 * Writes a tuned model as a folder in its base's layout, so that it drops into whatever served the
 * base.
 */
public final class ModelFolderWriter {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Files that are the base's own, where it has them. */
  private static final List<String> COPIED =
      List.of(
          ModelFolder.CONFIG,
          "tokenizer_config.json",
          "special_tokens_map.json",
          "vocab.txt",
          "sentence_bert_config.json");

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
      if (Files.isRegularFile(base.path().resolve(file))) {
        Files.copy(base.path().resolve(file), target.resolve(file));
      }
    }
    Files.writeString(target.resolve(TokenizerFile.NAME), base.tokenizerJson());
    Safetensors.write(target.resolve(WeightFiles.SINGLE), weights);
    modules(base, target);
    ObjectNode limits = JSON.createObjectNode();
    limits.put("max_seq_length", base.maxLength());
    limits.put("do_lower_case", false);
    if (!Files.exists(target.resolve("sentence_bert_config.json"))) {
      Files.write(target.resolve("sentence_bert_config.json"), pretty(limits));
    }
    settings(base, target);
  }

  private static void modules(ModelFolder base, Path target) throws IOException {
    var modules = JSON.createArrayNode();
    modules.add(module(0, "", "Transformer"));
    modules.add(module(1, "1_Pooling", "Pooling"));
    if (base.normalized()) {
      modules.add(module(2, "2_Normalize", "Normalize"));
    }
    Files.write(target.resolve("modules.json"), pretty(modules));
    ObjectNode pooling = JSON.createObjectNode();
    pooling.put("word_embedding_dimension", base.dimension());
    pooling.put("pooling_mode_cls_token", base.pooling() == Pooling.CLS);
    pooling.put("pooling_mode_mean_tokens", base.pooling() == Pooling.MEAN);
    pooling.put("pooling_mode_max_tokens", base.pooling() == Pooling.MAX);
    pooling.put("pooling_mode_mean_sqrt_len_tokens", false);
    Files.createDirectories(target.resolve("1_Pooling"));
    Files.write(target.resolve("1_Pooling/config.json"), pretty(pooling));
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
    if (!base.queryPrompt().isEmpty() || !base.documentPrompt().isEmpty()) {
      prompts.put("query", base.queryPrompt());
      prompts.put("document", base.documentPrompt());
    }
    settings.putNull("default_prompt_name");
    settings.put("similarity_fn_name", "cosine");
    Files.write(target.resolve("config_sentence_transformers.json"), pretty(settings));
  }

  private static byte[] pretty(com.fasterxml.jackson.databind.JsonNode node) throws IOException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
  }
}
