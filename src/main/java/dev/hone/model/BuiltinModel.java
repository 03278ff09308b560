package dev.hone.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.LocalCache;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A model that comes with Hone as a class path resource: its ONNX graph and tokenizer, unpacked
 * into a folder that reads like the published one.
 *
 * @param id its name in the configuration
 * @param published its name on the Hugging Face hub
 * @param onnx resource of the graph
 * @param tokenizer resource of the tokenizer.json
 * @param files the small files of the published folder, by name
 */
record BuiltinModel(
    String id, String published, String onnx, String tokenizer, Map<String, String> files) {
  static final String PREFIX = "builtin:";

  /** Raised when the unpacked folder changes, so that an older one is not taken for it. */
  private static final int LAYOUT = 1;

  static final BuiltinModel MINILM =
      new BuiltinModel(
          "builtin:all-MiniLM-L6-v2",
          "sentence-transformers/all-MiniLM-L6-v2",
          "all-minilm-l6-v2.onnx",
          "all-minilm-l6-v2-tokenizer.json",
          Map.of(
              "config.json",
              """
              {
                "architectures": ["BertModel"],
                "attention_probs_dropout_prob": 0.1,
                "gradient_checkpointing": false,
                "hidden_act": "gelu",
                "hidden_dropout_prob": 0.1,
                "hidden_size": 384,
                "initializer_range": 0.02,
                "intermediate_size": 1536,
                "layer_norm_eps": 1e-12,
                "max_position_embeddings": 512,
                "model_type": "bert",
                "num_attention_heads": 12,
                "num_hidden_layers": 6,
                "pad_token_id": 0,
                "position_embedding_type": "absolute",
                "type_vocab_size": 2,
                "use_cache": true,
                "vocab_size": 30522
              }
              """,
              "modules.json",
              """
              [
                {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}
              ]
              """,
              "1_Pooling/config.json",
              """
              {
                "word_embedding_dimension": 384,
                "pooling_mode_cls_token": false,
                "pooling_mode_mean_tokens": true,
                "pooling_mode_max_tokens": false,
                "pooling_mode_mean_sqrt_len_tokens": false
              }
              """,
              "sentence_bert_config.json",
              """
              {"max_seq_length": 256, "do_lower_case": false}
              """,
              "tokenizer_config.json",
              """
              {
                "tokenizer_class": "BertTokenizer",
                "do_lower_case": true,
                "model_max_length": 512,
                "cls_token": "[CLS]",
                "mask_token": "[MASK]",
                "pad_token": "[PAD]",
                "sep_token": "[SEP]",
                "unk_token": "[UNK]",
                "strip_accents": null,
                "tokenize_chinese_chars": true
              }
              """,
              "special_tokens_map.json",
              """
              {"cls_token": "[CLS]", "mask_token": "[MASK]", "pad_token": "[PAD]", "sep_token": "[SEP]", "unk_token": "[UNK]"}
              """,
              "config_sentence_transformers.json",
              """
              {
                "__version__": {"sentence_transformers": "2.0.0", "transformers": "4.6.1", "pytorch": "1.8.1"},
                "prompts": {},
                "default_prompt_name": null,
                "similarity_fn_name": "cosine"
              }
              """));

  static BuiltinModel named(String id) {
    if (id.equals(MINILM.id())) {
      return MINILM;
    }
    throw new HoneException(
        ErrorCode.CONFIGURATION,
        "Cannot find the builtin model " + id + ". Known: " + MINILM.id() + ".");
  }

  /** The unpacked folder; the first call takes a second or two. */
  ModelFolder folder(LocalCache cache) {
    String entry = id.substring(PREFIX.length()) + "-layout-" + LAYOUT;
    return ModelFolder.open(cache.entry(entry, this::unpack));
  }

  private void unpack(Path folder) throws IOException {
    for (Map.Entry<String, String> file : new TreeMap<>(files).entrySet()) {
      Path target = folder.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.writeString(target, file.getValue());
    }
    Files.createDirectories(folder.resolve("2_Normalize"));
    EncoderConfig config = EncoderConfig.read(folder.resolve(ModelFolder.CONFIG));
    try (InputStream graph = resource(onnx)) {
      SortedMap<String, Tensor> weights =
          BertWeights.expected(config).from(OnnxWeights.read(graph), onnx);
      Safetensors.write(folder.resolve(WeightFiles.SINGLE), weights);
    }
    ObjectMapper json = new ObjectMapper();
    try (InputStream stream = resource(tokenizer)) {
      ObjectNode root = (ObjectNode) json.readTree(stream);
      root.putNull("truncation");
      root.putNull("padding");
      Files.write(folder.resolve(TokenizerFile.NAME), json.writeValueAsBytes(root));
      Files.writeString(folder.resolve(TokenizerFile.VOCABULARY), vocabulary(root));
    }
  }

  private static String vocabulary(JsonNode tokenizer) {
    TreeMap<Integer, String> byId = new TreeMap<>();
    tokenizer
        .path("model")
        .path("vocab")
        .properties()
        .forEach(token -> byId.put(token.getValue().asInt(), token.getKey()));
    return String.join("\n", byId.values()) + "\n";
  }

  private static InputStream resource(String name) throws IOException {
    InputStream stream = BuiltinModel.class.getClassLoader().getResourceAsStream(name);
    if (stream == null) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot find "
              + name
              + " on the class path. Put the jars of lib/ beside hone.jar, as submit.sh does.");
    }
    return new BufferedInputStream(stream, 1 << 16);
  }
}
