package dev.hone.model;

import dev.hone.model.TorchScriptArchive.Module;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * DistilBERT: BERT without token types, under names of its own.
 *
 * @param vocabulary rows of the word embedding
 * @param hidden hidden size
 * @param depth transformer layers
 * @param heads attention heads
 * @param intermediate size of the feed-forward net
 * @param positions rows of the position embedding
 * @param dropout hidden dropout in training
 */
record DistilBert(
    int vocabulary,
    int hidden,
    int depth,
    int heads,
    int intermediate,
    int positions,
    double dropout)
    implements Architecture {
  private static final double EPSILON = 1e-12; // not configurable in transformers

  static DistilBert read(ConfigJson config) {
    config.known("activation", "gelu");
    return new DistilBert(
        config.positive("vocab_size"),
        config.positive("dim", "hidden_size"),
        config.positive("n_layers", "num_hidden_layers"),
        config.positive("n_heads", "num_attention_heads"),
        config.positive("hidden_dim"),
        config.positive("max_position_embeddings"),
        config.dropout("dropout", 0.1));
  }

  @Override
  public int maxTokens() {
    return positions;
  }

  @Override
  public String prefix() {
    return "distilbert.";
  }

  @Override
  public List<String> sources() {
    return List.of("distilbert.py", "layers.py");
  }

  @Override
  public SortedMap<String, long[]> shapes() {
    Shapes shapes =
        new Shapes()
            .weight("embeddings.word_embeddings.weight", vocabulary, hidden)
            .weight("embeddings.position_embeddings.weight", positions, hidden)
            .norm("embeddings.LayerNorm", hidden);
    for (int layer = 0; layer < depth; layer++) {
      String name = "transformer.layer." + layer + ".";
      for (String part : List.of("q_lin", "k_lin", "v_lin", "out_lin")) {
        shapes.linear(name + "attention." + part, hidden, hidden);
      }
      shapes
          .norm(name + "sa_layer_norm", hidden)
          .linear(name + "ffn.lin1", intermediate, hidden)
          .linear(name + "ffn.lin2", hidden, intermediate)
          .norm(name + "output_layer_norm", hidden);
    }
    return shapes.all();
  }

  @Override
  public Map<String, Object> transformer(ArchiveParts parts) {
    Map<String, Object> layers = new LinkedHashMap<>();
    for (int layer = 0; layer < depth; layer++) {
      layers.put(String.valueOf(layer), layer(parts, "transformer.layer." + layer + "."));
    }
    Module embeddings =
        Module.of(
            "Embeddings",
            Map.of(
                "dropout", parts.dropout(),
                "word_embeddings", parts.embedding("embeddings.word_embeddings"),
                "position_embeddings", parts.embedding("embeddings.position_embeddings"),
                "LayerNorm", parts.norm("embeddings.LayerNorm", EPSILON)));
    return Map.of(
        "embeddings",
        embeddings,
        "transformer",
        Module.of("Stack", Map.of("layer", Module.of("Layers", layers))));
  }

  private Module layer(ArchiveParts parts, String name) {
    Map<String, Object> attention = new LinkedHashMap<>();
    attention.put("weighing", parts.attention(heads));
    for (String part : List.of("q_lin", "k_lin", "v_lin", "out_lin")) {
      attention.put(part, parts.linear(name + "attention." + part));
    }
    Module feedForward =
        Module.of(
            "FeedForward",
            Map.of(
                "dropout", parts.dropout(),
                "lin1", parts.linear(name + "ffn.lin1"),
                "lin2", parts.linear(name + "ffn.lin2")));
    return Module.of(
        "Layer",
        Map.of(
            "attention", Module.of("SelfAttention", attention),
            "sa_layer_norm", parts.norm(name + "sa_layer_norm", EPSILON),
            "ffn", feedForward,
            "output_layer_norm", parts.norm(name + "output_layer_norm", EPSILON)));
  }
}
