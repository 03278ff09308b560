package dev.hone.model;

import dev.hone.model.TorchScriptArchive.Module;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * MPNet: BERT without token types, with one table of relative attention biases.
 *
 * @param vocabulary rows of the word embedding
 * @param hidden hidden size
 * @param depth transformer layers
 * @param heads attention heads
 * @param intermediate size of the feed-forward net
 * @param positions rows of the position embedding
 * @param epsilon added to the variance in LayerNorm
 * @param dropout hidden dropout in training
 */
record MPNet(
    int vocabulary,
    int hidden,
    int depth,
    int heads,
    int intermediate,
    int positions,
    double epsilon,
    double dropout)
    implements Architecture {
  private static final int PADDING = 1; // transformers fixes it, whatever config.json says
  private static final int BUCKETS = 32;

  static MPNet read(ConfigJson config) {
    config.known("hidden_act", "gelu");
    config.known("relative_attention_num_buckets", String.valueOf(BUCKETS));
    return new MPNet(
        config.positive("vocab_size"),
        config.positive("hidden_size"),
        config.positive("num_hidden_layers"),
        config.positive("num_attention_heads"),
        config.positive("intermediate_size"),
        config.positive("max_position_embeddings"),
        config.number("layer_norm_eps", 1e-12),
        config.dropout("hidden_dropout_prob", 0.1));
  }

  @Override
  public int maxTokens() {
    return positions - PADDING - 1;
  }

  @Override
  public String prefix() {
    return "mpnet.";
  }

  @Override
  public List<String> sources() {
    return List.of("positions.py", "mpnet.py", "feed_forward.py", "layers.py");
  }

  @Override
  public SortedMap<String, long[]> shapes() {
    Shapes shapes =
        new Shapes()
            .weight("embeddings.word_embeddings.weight", vocabulary, hidden)
            .weight("embeddings.position_embeddings.weight", positions, hidden)
            .norm("embeddings.LayerNorm", hidden)
            .weight("encoder.relative_attention_bias.weight", BUCKETS, heads);
    for (int layer = 0; layer < depth; layer++) {
      String name = "encoder.layer." + layer + ".";
      for (String part : List.of("q", "k", "v", "o")) {
        shapes.linear(name + "attention.attn." + part, hidden, hidden);
      }
      shapes
          .norm(name + "attention.LayerNorm", hidden)
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
    Module encoder =
        Module.of(
            "Encoder",
            Map.of(
                "layer",
                Module.of("Layers", layers),
                "relative_attention_bias",
                parts.embedding("encoder.relative_attention_bias")));
    return Map.of("embeddings", embeddings(parts), "encoder", encoder);
  }

  private Module embeddings(ArchiveParts parts) {
    return Module.of(
        "Embeddings",
        Map.of(
            "dropout", parts.dropout(),
            "positions", Module.of("Positions", Map.of("padding", PADDING)),
            "word_embeddings", parts.embedding("embeddings.word_embeddings"),
            "position_embeddings", parts.embedding("embeddings.position_embeddings"),
            "LayerNorm", parts.norm("embeddings.LayerNorm", epsilon)));
  }

  private Module layer(ArchiveParts parts, String name) {
    Map<String, Object> attending = new LinkedHashMap<>();
    attending.put("weighing", parts.attention(heads));
    for (String part : List.of("q", "k", "v", "o")) {
      attending.put(part, parts.linear(name + "attention.attn." + part));
    }
    Module attention =
        Module.of(
            "AttentionBlock",
            Map.of(
                "dropout", parts.dropout(),
                "attn", Module.of("SelfAttention", attending),
                "LayerNorm", parts.norm(name + "attention.LayerNorm", epsilon)));
    Module output =
        Module.of(
            "Output",
            Map.of(
                "dropout", parts.dropout(),
                "dense", parts.linear(name + "output.dense"),
                "LayerNorm", parts.norm(name + "output.LayerNorm", epsilon)));
    return Module.of(
        "Layer",
        Map.of(
            "attention",
            attention,
            "intermediate",
            Module.of("Intermediate", Map.of("dense", parts.linear(name + "intermediate.dense"))),
            "output",
            output));
  }
}
