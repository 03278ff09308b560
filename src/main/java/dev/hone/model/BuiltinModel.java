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
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A model that comes with Hone as a class path resource: its ONNX graph and tokenizer, unpacked
 * into a folder that reads like the published one.
 *
 * @param id its name in the configuration
 * @param published its name on the Hugging Face hub
 * @param onnx resource of the graph
 * @param tokenizer resource of the tokenizer.json
 * @param files the small files of the published folder, by name
 * @param license its licence as the hub spells it
 * @param citation how its authors ask to be cited
 */
record BuiltinModel(
    String id,
    String published,
    String onnx,
    String tokenizer,
    Map<String, String> files,
    String license,
    String citation) {
  static final String PREFIX = "builtin:";

  /** Raised when the unpacked folder changes, so that an older one is not taken for it. */
  private static final int LAYOUT = 3;

  private static final BuiltinModel MINILM =
      new BuiltinModel(
          "builtin:all-MiniLM-L6-v2",
          "sentence-transformers/all-MiniLM-L6-v2",
          "all-minilm-l6-v2.onnx",
          "all-minilm-l6-v2-tokenizer.json",
          files(6, "mean_tokens", 256, Map.of()),
          "apache-2.0",
          """
          @inproceedings{reimers-2019-sentence-bert,
            title = "Sentence-BERT: Sentence Embeddings using Siamese BERT-Networks",
            author = "Reimers, Nils and Gurevych, Iryna",
            booktitle = "Proceedings of EMNLP 2019",
            url = "https://arxiv.org/abs/1908.10084",
          }
          """);

  private static final BuiltinModel BGE =
      new BuiltinModel(
          "builtin:bge-small-en-v1.5",
          "BAAI/bge-small-en-v1.5",
          "bge-small-en-v1.5.onnx",
          "bge-small-en-v1.5-tokenizer.json",
          files(
              12,
              "cls_token",
              512,
              Map.of("query", "Represent this sentence for searching relevant passages: ")),
          "mit",
          """
          @misc{bge_embedding,
            title = {C-Pack: Packaged Resources To Advance General Chinese Embedding},
            author = {Shitao Xiao and Zheng Liu and Peitian Zhang and Niklas Muennighoff},
            year = {2023},
            eprint = {2309.07597},
            archivePrefix = {arXiv},
          }
          """);

  private static final BuiltinModel E5 =
      new BuiltinModel(
          "builtin:e5-small-v2",
          "intfloat/e5-small-v2",
          "e5-small-v2.onnx",
          "e5-small-v2-tokenizer.json",
          files(
              12,
              "mean_tokens",
              512,
              Map.of("query", "query: ", "document", "passage: ", "passage", "passage: ")),
          "mit",
          """
          @article{wang2022text,
            title = {Text Embeddings by Weakly-Supervised Contrastive Pre-training},
            author = {Wang, Liang and Yang, Nan and Huang, Xiaolong and Jiao, Binxing and Yang, Linjun and Jiang, Daxin and Majumder, Rangan and Wei, Furu},
            journal = {arXiv preprint arXiv:2212.03533},
            year = {2022},
          }
          """);

  static final List<BuiltinModel> ALL = List.of(MINILM, BGE, E5);

  static BuiltinModel named(String id) {
    return ALL.stream()
        .filter(model -> model.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new HoneException(
                    ErrorCode.CONFIGURATION,
                    "Cannot find the builtin model %s. Known: %s."
                        .formatted(
                            id,
                            ALL.stream().map(BuiltinModel::id).collect(Collectors.joining(", ")))));
  }

  /** All three are BERT with 12 heads of 32, an uncased vocabulary and vectors of length 1. */
  private static Map<String, String> files(
      int layers, String pooling, int maxLength, Map<String, String> prompts) {
    return Map.of(
        "config.json",
        """
        {
          "architectures": ["BertModel"],
          "attention_probs_dropout_prob": 0.1,
          "hidden_act": "gelu",
          "hidden_dropout_prob": 0.1,
          "hidden_size": 384,
          "initializer_range": 0.02,
          "intermediate_size": 1536,
          "layer_norm_eps": 1e-12,
          "max_position_embeddings": 512,
          "model_type": "bert",
          "num_attention_heads": 12,
          "num_hidden_layers": %d,
          "pad_token_id": 0,
          "position_embedding_type": "absolute",
          "type_vocab_size": 2,
          "use_cache": true,
          "vocab_size": 30522
        }
        """
            .formatted(layers),
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
        {"word_embedding_dimension": 384, "pooling_mode_%s": true}
        """
            .formatted(pooling),
        "sentence_bert_config.json",
        """
        {"max_seq_length": %d, "do_lower_case": false}
        """
            .formatted(maxLength),
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
        settings(prompts));
  }

  private static String settings(Map<String, String> prompts) {
    ObjectNode settings = new ObjectMapper().createObjectNode();
    ObjectNode named = settings.putObject("prompts");
    new TreeMap<>(prompts).forEach(named::put);
    settings.putNull("default_prompt_name");
    settings.put("similarity_fn_name", "cosine");
    return settings.toString();
  }

  /** The unpacked folder; the first call takes a second or two. */
  ModelFolder folder(LocalCache cache) {
    String entry = id.substring(PREFIX.length()) + "-layout-" + LAYOUT;
    return ModelFolder.open(cache.entry(entry, this::unpack));
  }

  private void unpack(Path folder) throws IOException {
    Files.writeString(
        folder.resolve(BaseCard.FILE),
        "---\nmodel_name: %s\nlicense: %s\n---\n\n```bibtex\n%s```\n"
            .formatted(published, license, citation));
    for (Map.Entry<String, String> file : new TreeMap<>(files).entrySet()) {
      Path target = folder.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.writeString(target, file.getValue());
    }
    Files.createDirectories(folder.resolve("2_Normalize"));
    Architecture bert = Architecture.of(ConfigJson.read(folder.resolve(ModelFolder.CONFIG)));
    try (InputStream graph = resource(onnx)) {
      SortedMap<String, Tensor> weights =
          new ExpectedWeights(bert.shapes(), List.of()).from(OnnxWeights.read(graph), onnx);
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
