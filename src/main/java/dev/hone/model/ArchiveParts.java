package dev.hone.model;

import dev.hone.model.TorchScriptArchive.Module;
import dev.hone.model.TorchScriptArchive.Rounded;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * Makes the modules that every architecture has, as parts.py defines them, from weights by name.
 *
 * @param weights by Hugging Face name
 * @param options precision and dropout
 */
record ArchiveParts(SortedMap<String, Tensor> weights, ArchiveOptions options) {
  private static final int FP32 = 6; // libtorch's ScalarType
  private static final int BF16 = 15;

  /** A dense layer with bias. */
  Module linear(String name) {
    Map<String, Object> parts = product(name, options.precision());
    parts.put("bias", matrix(name + ".bias", options.precision()));
    return Module.of("Linear", parts);
  }

  /** A dense layer without bias. */
  Module projection(String name) {
    return Module.of("Projection", product(name, options.precision()));
  }

  /** A dense layer of a sentence module: computed in fp32 in any precision. */
  Module fp32Linear(String name) {
    Map<String, Object> parts = product(name, Precision.FP32);
    if (!weights.containsKey(name + ".bias")) {
      return Module.of("Projection", parts);
    }
    parts.put("bias", matrix(name + ".bias", Precision.FP32));
    return Module.of("Linear", parts);
  }

  private Map<String, Object> product(String name, Precision precision) {
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put("weight", matrix(name + ".weight", precision));
    parts.put("compute", precision == Precision.BF16 ? BF16 : FP32);
    parts.put("onednn", options.oneDnn());
    return parts;
  }

  /** Where nothing is trained, what is computed in bf16 is stored so. */
  private Object matrix(String name, Precision precision) {
    Tensor weight = weights.get(name);
    return precision == Precision.BF16 && !options.trained() ? new Rounded(weight) : weight;
  }

  Module embedding(String name) {
    return Module.of("Embedding", Map.of("weight", weights.get(name + ".weight")));
  }

  Module norm(String name, double epsilon) {
    return Module.of(
        "LayerNorm",
        Map.of(
            "weight", weights.get(name + ".weight"),
            "bias", weights.get(name + ".bias"),
            "eps", epsilon));
  }

  /** A LayerNorm without bias. */
  Module scaleNorm(String name, double epsilon) {
    return Module.of("ScaleNorm", Map.of("weight", weights.get(name + ".weight"), "eps", epsilon));
  }

  Module attention(int heads) {
    return Module.of(
        "Attention",
        Map.of(
            "heads",
            heads,
            "dropout",
            options.attentionDropout(),
            "products",
            options.precision() == Precision.BF16 && options.oneDnn()));
  }

  double dropout() {
    return options.dropout();
  }
}
