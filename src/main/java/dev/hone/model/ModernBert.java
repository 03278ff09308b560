package dev.hone.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hone.model.TorchScriptArchive.Module;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;

/**
 * ModernBERT: rotary positions, gated feed-forward nets, and windows in most layers.
 *
 * @param vocabulary rows of the word embedding
 * @param hidden hidden size
 * @param heads attention heads
 * @param intermediate size of the feed-forward net
 * @param positions the most tokens of a text
 * @param windowed for each layer, whether it sees only the window; the first one never
 * @param window the farthest key that a windowed layer sees, on either side
 * @param everywhereTheta base of the rotation in layers that see everything
 * @param windowTheta base of the rotation in layers with a window
 * @param epsilon added to the variance in LayerNorm
 * @param dropout dropout of the embeddings and the feed-forward nets in training
 */
record ModernBert(
    int vocabulary,
    int hidden,
    int heads,
    int intermediate,
    int positions,
    List<Boolean> windowed,
    int window,
    double everywhereTheta,
    double windowTheta,
    double epsilon,
    double dropout)
    implements Architecture {
  private static final String FULL = "full_attention";
  private static final String SLIDING = "sliding_attention";
  private static final String EVERYWHERE_THETA = "global_rope_theta";
  private static final String WINDOW_THETA = "local_rope_theta";
  private static final String EVERY = "global_attn_every_n_layers";

  static ModernBert read(ConfigJson config) {
    config.known("hidden_activation", "gelu");
    for (String flag : List.of("norm_bias", "attention_bias", "mlp_bias")) {
      config.known(flag, "false");
    }
    List<Boolean> windowed = windowed(config);
    if (windowed.get(0)) {
      throw config.refused("its first layer has a window");
    }
    return new ModernBert(
        config.positive("vocab_size"),
        config.positive("hidden_size"),
        config.positive("num_attention_heads"),
        config.positive("intermediate_size"),
        config.positive("max_position_embeddings"),
        windowed,
        config.integer("local_attention", 128) / 2,
        theta(config, FULL, EVERYWHERE_THETA, 160_000),
        theta(config, SLIDING, WINDOW_THETA, 10_000),
        config.number("norm_eps", 1e-5),
        Math.max(config.dropout("embedding_dropout", 0), config.dropout("mlp_dropout", 0)));
  }

  /** Version 5 of transformers lists each layer's type, earlier ones say which are not windowed. */
  private static List<Boolean> windowed(ConfigJson config) {
    int depth = config.positive("num_hidden_layers");
    JsonNode types = config.json().path("layer_types");
    if (!types.isArray()) {
      return windowed(depth, config.integer(EVERY, 3));
    }
    List<Boolean> windowed = new ArrayList<>();
    for (JsonNode type : types) {
      if (!List.of(FULL, SLIDING).contains(type.asText())) {
        throw config.refused("layer_types names '" + type.asText() + "'");
      }
      windowed.add(type.asText().equals(SLIDING));
    }
    if (windowed.size() != depth) {
      throw config.refused(
          "layer_types has %d elements for %d layers".formatted(windowed.size(), depth));
    }
    return windowed;
  }

  private static double theta(ConfigJson config, String type, String key, double otherwise) {
    JsonNode rope = config.json().path("rope_parameters").path(type);
    String kind = rope.path("rope_type").asText("default");
    if (!kind.equals("default") || config.json().path("rope_scaling").isObject()) {
      throw config.refused("its rotary positions are scaled, rope_type '" + kind + "'");
    }
    JsonNode stated = config.json().path(key);
    return rope.path("rope_theta").asDouble(stated.isNumber() ? stated.asDouble() : otherwise);
  }

  @Override
  public String words() {
    return "embeddings.tok_embeddings.weight";
  }

  /**
   * Before version 5 a rotation's base has a key of its own, and layers without a window come at
   * regular distances.
   */
  @Override
  public Map<String, Object> earlierNames() {
    Map<String, Object> names = new LinkedHashMap<>();
    names.put(EVERYWHERE_THETA, everywhereTheta);
    names.put(WINDOW_THETA, windowTheta);
    IntStream.rangeClosed(1, windowed.size())
        .filter(distance -> windowed(windowed.size(), distance).equals(windowed))
        .findFirst()
        .ifPresent(distance -> names.put(EVERY, distance));
    return names;
  }

  private static List<Boolean> windowed(int depth, int distance) {
    return IntStream.range(0, depth).mapToObj(layer -> layer % distance != 0).toList();
  }

  @Override
  public int maxTokens() {
    return positions;
  }

  @Override
  public String prefix() {
    return "model.";
  }

  @Override
  public List<String> sources() {
    return List.of("modernbert.py");
  }

  @Override
  public int depth() {
    return windowed.size();
  }

  @Override
  public List<Map<String, String>> layers() {
    return IntStream.range(0, depth())
        .mapToObj(i -> Map.of("i", String.valueOf(i), "type", i == 0 ? "FirstLayer" : "Layer"))
        .toList();
  }

  @Override
  public SortedMap<String, long[]> shapes() {
    Shapes shapes =
        new Shapes()
            .weight("embeddings.tok_embeddings.weight", vocabulary, hidden)
            .weight("embeddings.norm.weight", hidden)
            .weight("final_norm.weight", hidden);
    for (int layer = 0; layer < windowed.size(); layer++) {
      String name = "layers." + layer + ".";
      if (layer > 0) {
        shapes.weight(name + "attn_norm.weight", hidden);
      }
      shapes
          .weight(name + "attn.Wqkv.weight", 3L * hidden, hidden)
          .weight(name + "attn.Wo.weight", hidden, hidden)
          .weight(name + "mlp_norm.weight", hidden)
          .weight(name + "mlp.Wi.weight", 2L * intermediate, hidden)
          .weight(name + "mlp.Wo.weight", hidden, intermediate);
    }
    return shapes.all();
  }

  @Override
  public Map<String, Object> transformer(ArchiveParts parts) {
    Map<String, Object> layers = new LinkedHashMap<>();
    for (int layer = 0; layer < windowed.size(); layer++) {
      layers.put(String.valueOf(layer), layer(parts, layer));
    }
    Module embeddings =
        Module.of(
            "Embeddings",
            Map.of(
                "dropout", parts.dropout(),
                "tok_embeddings", parts.embedding("embeddings.tok_embeddings"),
                "norm", parts.scaleNorm("embeddings.norm", epsilon)));
    return Map.of(
        "window",
        window,
        "embeddings",
        embeddings,
        "layers",
        Module.of("Layers", layers),
        "final_norm",
        parts.scaleNorm("final_norm", epsilon));
  }

  private Module layer(ArchiveParts parts, int layer) {
    String name = "layers." + layer + ".";
    double theta = windowed.get(layer) ? windowTheta : everywhereTheta;
    Map<String, Object> all = new LinkedHashMap<>();
    all.put(
        "attn",
        Module.of(
            "SelfAttention",
            Map.of(
                "dropout", parts.options().attentionDropout(),
                "weighing", parts.attention(heads),
                "rotary", Module.of("Rotary", Map.of("theta", theta)),
                "Wqkv", parts.projection(name + "attn.Wqkv"),
                "Wo", parts.projection(name + "attn.Wo"))));
    all.put("mlp_norm", parts.scaleNorm(name + "mlp_norm", epsilon));
    all.put(
        "mlp",
        Module.of(
            "FeedForward",
            Map.of(
                "dropout", parts.dropout(),
                "Wi", parts.projection(name + "mlp.Wi"),
                "Wo", parts.projection(name + "mlp.Wo"))));
    if (layer == 0) {
      return Module.of("FirstLayer", all);
    }
    all.put("windowed", windowed.get(layer));
    all.put("attn_norm", parts.scaleNorm(name + "attn_norm", epsilon));
    return Module.of("Layer", all);
  }
}
