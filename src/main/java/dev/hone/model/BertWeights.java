package dev.hone.model;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The weights that a BERT encoder needs, by Hugging Face name, with their shapes. */
final class BertWeights {
  private BertWeights() {}

  /** Name and shape of every weight of the architecture. */
  static SortedMap<String, long[]> shapes(EncoderConfig config) {
    SortedMap<String, long[]> shapes = new TreeMap<>();
    long d = config.hidden();
    long f = config.intermediate();
    shapes.put("embeddings.word_embeddings.weight", new long[] {config.vocabulary(), d});
    shapes.put("embeddings.position_embeddings.weight", new long[] {config.positions(), d});
    shapes.put("embeddings.token_type_embeddings.weight", new long[] {config.tokenTypes(), d});
    norm(shapes, "embeddings.LayerNorm", d);
    for (int layer = 0; layer < config.layers(); layer++) {
      String prefix = "encoder.layer." + layer + ".";
      for (String part : new String[] {"query", "key", "value"}) {
        linear(shapes, prefix + "attention.self." + part, d, d);
      }
      linear(shapes, prefix + "attention.output.dense", d, d);
      norm(shapes, prefix + "attention.output.LayerNorm", d);
      linear(shapes, prefix + "intermediate.dense", f, d);
      linear(shapes, prefix + "output.dense", d, f);
      norm(shapes, prefix + "output.LayerNorm", d);
    }
    return shapes;
  }

  private static void linear(Map<String, long[]> shapes, String name, long out, long in) {
    shapes.put(name + ".weight", new long[] {out, in});
    shapes.put(name + ".bias", new long[] {out});
  }

  private static void norm(Map<String, long[]> shapes, String name, long size) {
    shapes.put(name + ".weight", new long[] {size});
    shapes.put(name + ".bias", new long[] {size});
  }

  /**
   * Picks the architecture's weights out of a file's tensors; a prefix {@code bert.} is dropped and
   * what the encoder does not use (pooler, heads) is left out.
   *
   * @throws HoneException naming the first weight that is missing or has another shape
   */
  static SortedMap<String, Tensor> select(
      SortedMap<String, Tensor> tensors, EncoderConfig config, String where) {
    SortedMap<String, Tensor> selected = new TreeMap<>();
    shapes(config)
        .forEach(
            (name, shape) -> {
              Tensor tensor = tensors.getOrDefault(name, tensors.get("bert." + name));
              if (tensor == null || !Arrays.equals(tensor.shape(), shape)) {
                String found = tensor == null ? "no such" : Arrays.toString(tensor.shape());
                throw new HoneException(
                    ErrorCode.CONFIGURATION,
                    "Cannot use the weights of %s: %s should be %s, found %s tensor. Check that config.json and the weights belong together."
                        .formatted(where, name, Arrays.toString(shape), found));
              }
              selected.put(name, tensor);
            });
    return selected;
  }
}
