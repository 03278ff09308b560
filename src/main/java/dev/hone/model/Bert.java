package dev.hone.model;

import dev.hone.model.TorchScriptArchive.Module;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * BERT, and RoBERTa and XLM-RoBERTa, which differ from it in how they count positions.
 *
 * @param counted how positions are counted
 * @param vocabulary rows of the word embedding
 * @param hidden hidden size
 * @param depth transformer layers
 * @param heads attention heads
 * @param intermediate size of the feed-forward net
 * @param positions rows of the position embedding
 * @param tokenTypes rows of the token type embedding
 * @param padding id of the padding token
 * @param epsilon added to the variance in LayerNorm
 * @param dropout hidden dropout in training
 */
record Bert(
    Positions counted,
    int vocabulary,
    int hidden,
    int depth,
    int heads,
    int intermediate,
    int positions,
    int tokenTypes,
    int padding,
    double epsilon,
    double dropout)
    implements Architecture {

  /** How a token's position is counted. */
  enum Positions {
    /** From 0. */
    ABSOLUTE,
    /** From the id of the padding plus 1, padding left out. */
    AFTER_PADDING
  }

  static Bert read(ConfigJson config, Positions counted) {
    config.known("hidden_act", "gelu");
    config.known("position_embedding_type", "absolute");
    config.known("is_decoder", "false");
    config.known("add_cross_attention", "false");
    return new Bert(
        counted,
        config.positive("vocab_size"),
        config.positive("hidden_size"),
        config.positive("num_hidden_layers"),
        config.positive("num_attention_heads"),
        config.positive("intermediate_size"),
        config.positive("max_position_embeddings"),
        config.positive("type_vocab_size"),
        config.integer("pad_token_id", counted == Positions.ABSOLUTE ? 0 : 1),
        config.number("layer_norm_eps", 1e-12),
        config.dropout("hidden_dropout_prob", 0.1));
  }

  @Override
  public int maxTokens() {
    return counted == Positions.ABSOLUTE ? positions : positions - padding - 1;
  }

  @Override
  public String prefix() {
    return counted == Positions.ABSOLUTE ? "bert." : "roberta.";
  }

  @Override
  public List<String> sources() {
    return counted == Positions.ABSOLUTE
        ? List.of("bert.py", "bert_layers.py", "feed_forward.py", "layers.py")
        : List.of("positions.py", "roberta.py", "bert_layers.py", "feed_forward.py", "layers.py");
  }

  @Override
  public boolean tellsTextsApart() {
    return counted == Positions.ABSOLUTE && tokenTypes > 1;
  }

  @Override
  public List<String> pairSources() {
    return tellsTextsApart()
        ? List.of("bert_pairs.py", "bert_layers.py", "feed_forward.py", "layers.py")
        : sources();
  }

  @Override
  public SortedMap<String, long[]> shapes() {
    Shapes shapes =
        new Shapes()
            .weight("embeddings.word_embeddings.weight", vocabulary, hidden)
            .weight("embeddings.position_embeddings.weight", positions, hidden)
            .weight("embeddings.token_type_embeddings.weight", tokenTypes, hidden)
            .norm("embeddings.LayerNorm", hidden);
    for (int layer = 0; layer < depth; layer++) {
      String name = "encoder.layer." + layer + ".";
      shapes
          .linear(name + "attention.self.query", hidden, hidden)
          .linear(name + "attention.self.key", hidden, hidden)
          .linear(name + "attention.self.value", hidden, hidden)
          .linear(name + "attention.output.dense", hidden, hidden)
          .norm(name + "attention.output.LayerNorm", hidden)
          .linear(name + "intermediate.dense", intermediate, hidden)
          .linear(name + "output.dense", hidden, intermediate)
          .norm(name + "output.LayerNorm", hidden);
    }
    return shapes.all();
  }

  @Override
  public Map<String, Object> transformer(ArchiveParts parts) {
    Map<String, Object> layers = new LinkedHashMap<>();
    for (int layer = 0; layer < depth; layer++) {
      layers.put(String.valueOf(layer), layer(parts, "encoder.layer." + layer + "."));
    }
    return Map.of(
        "embeddings",
        embeddings(parts),
        "encoder",
        Module.of("Encoder", Map.of("layer", Module.of("Layers", layers))));
  }

  private Module embeddings(ArchiveParts parts) {
    Map<String, Object> embeddings = new LinkedHashMap<>();
    embeddings.put("dropout", parts.dropout());
    if (counted == Positions.AFTER_PADDING) {
      embeddings.put("positions", Module.of("Positions", Map.of("padding", padding)));
    }
    embeddings.put("word_embeddings", parts.embedding("embeddings.word_embeddings"));
    embeddings.put("position_embeddings", parts.embedding("embeddings.position_embeddings"));
    embeddings.put("token_type_embeddings", parts.embedding("embeddings.token_type_embeddings"));
    embeddings.put("LayerNorm", parts.norm("embeddings.LayerNorm", epsilon));
    return Module.of("Embeddings", embeddings);
  }

  private Module layer(ArchiveParts parts, String name) {
    Module self =
        Module.of(
            "SelfAttention",
            Map.of(
                "weighing", parts.attention(heads),
                "query", parts.linear(name + "attention.self.query"),
                "key", parts.linear(name + "attention.self.key"),
                "value", parts.linear(name + "attention.self.value")));
    Module attention =
        Module.of(
            "AttentionBlock",
            Map.of("self", self, "output", output(parts, name + "attention.output.")));
    Module intermediate =
        Module.of("Intermediate", Map.of("dense", parts.linear(name + "intermediate.dense")));
    return Module.of(
        "Layer",
        Map.of(
            "attention",
            attention,
            "intermediate",
            intermediate,
            "output",
            output(parts, name + "output.")));
  }

  private Module output(ArchiveParts parts, String name) {
    return Module.of(
        "Output",
        Map.of(
            "dropout", parts.dropout(),
            "dense", parts.linear(name + "dense"),
            "LayerNorm", parts.norm(name + "LayerNorm", epsilon)));
  }
}
