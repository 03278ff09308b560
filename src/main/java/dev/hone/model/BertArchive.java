package dev.hone.model;

import dev.hone.model.TorchScriptArchive.Module;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Turns a BERT model folder into the TorchScript archive that the engine runs. */
public final class BertArchive {
  /** Raised when the source or the layout changes, so that no older archive is taken for it. */
  public static final int REVISION = 1;

  private final EncoderConfig config;
  private final SortedMap<String, Tensor> weights;
  private final double dropout;
  private final double attentionDropout;

  private BertArchive(ModelFolder folder, double dropout, double attentionDropout) {
    this.config = folder.config();
    this.weights = folder.weights();
    this.dropout = dropout;
    this.attentionDropout = attentionDropout;
  }

  /**
   * Writes the archive.
   *
   * @param dropout hidden dropout in training, in [0, 1)
   * @param attentionDropout dropout of attention weights in training, in [0, 1)
   */
  public static void write(
      ModelFolder folder, double dropout, double attentionDropout, Path archive)
      throws IOException {
    BertArchive bert = new BertArchive(folder, dropout, attentionDropout);
    TorchScriptArchive.write(archive, bert.source(), bert.root(folder));
  }

  /** The resource without its comments, with the lines for each layer repeated. */
  private String source() {
    try (InputStream stream = BertArchive.class.getResourceAsStream("bert.py")) {
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
              .filter(line -> !line.strip().startsWith("#"))
              .map(this::expanded)
              .collect(Collectors.joining("\n"))
          + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String expanded(String line) {
    if (!line.endsWith("#each")) {
      return line;
    }
    String template = line.substring(0, line.length() - "#each".length()).stripTrailing();
    StringBuilder lines = new StringBuilder();
    for (int layer = 0; layer < config.layers(); layer++) {
      lines.append(layer == 0 ? "" : "\n").append(template.replace("{i}", String.valueOf(layer)));
    }
    return lines.toString();
  }

  private Module root(ModelFolder folder) {
    Map<String, Object> layers = new LinkedHashMap<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      layers.put(String.valueOf(layer), layer("encoder.layer." + layer + "."));
    }
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("pooling", folder.pooling().label());
    root.put("normalize", folder.normalized());
    root.put("embeddings", embeddings());
    root.put("encoder", Module.of("Encoder", Map.of("layer", Module.of("Layers", layers))));
    return Module.of("Model", root);
  }

  private Module embeddings() {
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put("dropout", dropout);
    for (String name :
        new String[] {"word_embeddings", "position_embeddings", "token_type_embeddings"}) {
      Tensor weight = weights.get("embeddings." + name + ".weight");
      parts.put(name, Module.of("Embedding", Map.of("weight", weight)));
    }
    parts.put("LayerNorm", norm("embeddings.LayerNorm"));
    return Module.of("Embeddings", parts);
  }

  private Module layer(String prefix) {
    Map<String, Object> self = new LinkedHashMap<>();
    self.put("heads", config.heads());
    self.put("dropout", attentionDropout);
    for (String part : new String[] {"query", "key", "value"}) {
      self.put(part, linear(prefix + "attention.self." + part));
    }
    Map<String, Object> attention = new LinkedHashMap<>();
    attention.put("self", Module.of("SelfAttention", self));
    attention.put("output", output(prefix + "attention.output."));
    Map<String, Object> layer = new LinkedHashMap<>();
    layer.put("attention", Module.of("Attention", attention));
    layer.put(
        "intermediate",
        Module.of("Intermediate", Map.of("dense", linear(prefix + "intermediate.dense"))));
    layer.put("output", output(prefix + "output."));
    return Module.of("Layer", layer);
  }

  private Module output(String prefix) {
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put("dropout", dropout);
    parts.put("dense", linear(prefix + "dense"));
    parts.put("LayerNorm", norm(prefix + "LayerNorm"));
    return Module.of("Output", parts);
  }

  private Module linear(String name) {
    return Module.of("Linear", weightAndBias(name));
  }

  private Module norm(String name) {
    Map<String, Object> parts = weightAndBias(name);
    parts.put("eps", config.layerNormEpsilon());
    return Module.of("LayerNorm", parts);
  }

  private Map<String, Object> weightAndBias(String name) {
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put("weight", weights.get(name + ".weight"));
    parts.put("bias", weights.get(name + ".bias"));
    return parts;
  }
}
