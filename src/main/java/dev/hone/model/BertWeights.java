package dev.hone.model;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The weights that a BERT encoder needs, by Hugging Face name, with their shapes. */
final class BertWeights {
  /** The word embedding. */
  static final String WORDS = "embeddings.word_embeddings.weight";

  private BertWeights() {}

  /** Name and shape of every weight of the architecture. */
  static SortedMap<String, long[]> shapes(EncoderConfig config) {
    SortedMap<String, long[]> shapes = new TreeMap<>();
    long d = config.hidden();
    long f = config.intermediate();
    shapes.put(WORDS, new long[] {config.vocabulary(), d});
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

  /** The weights as they are found in a checkpoint, with or without a head. */
  static ExpectedWeights expected(EncoderConfig config) {
    return new ExpectedWeights(shapes(config), List.of("bert."));
  }
}
