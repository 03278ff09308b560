package dev.hone.torch;

import ai.djl.ndarray.NDArray;
import dev.hone.text.TokenBatch;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * About how much memory the graph of a forward pass holds: for each padded token, the input and the
 * result of every product with a weight matrix, in fp32, and two fifths of that for norms,
 * activation functions and dropout (MiniLM: 232 kB; 233 were measured). Dropout of attention
 * weights adds three numbers for each pair of tokens, head and layer, because then no fused kernel
 * computes them anew.
 *
 * @param perToken bytes for each padded token
 * @param perPair bytes for each pair of a text's padded tokens
 */
record Activations(long perToken, long perPair) {
  private static final Pattern LAYER = Pattern.compile("(?:^|\\.)(\\d+)\\.");

  /**
   * For a model.
   *
   * @param parameters by Hugging Face name
   * @param heads attention heads of a layer
   * @param attentionDropout in [0, 1)
   */
  static Activations of(SortedMap<String, NDArray> parameters, int heads, double attentionDropout) {
    long perToken = 0;
    Set<String> layers = new HashSet<>();
    for (Map.Entry<String, NDArray> parameter : parameters.entrySet()) {
      String name = parameter.getKey();
      long[] shape = parameter.getValue().getShape().getShape();
      if (shape.length == 2 && !name.contains("embeddings")) {
        perToken += Float.BYTES * (shape[0] + shape[1]);
      }
      Matcher layer = LAYER.matcher(name);
      if (layer.find()) {
        layers.add(layer.group(1));
      }
    }
    long perPair = attentionDropout > 0 ? 3L * Float.BYTES * heads * layers.size() : 0;
    return new Activations(perToken * 7 / 5, perPair);
  }

  /** For a batch. */
  long bytes(TokenBatch batch) {
    long tokens = (long) batch.rows() * batch.tokens();
    return tokens * perToken + tokens * batch.tokens() * perPair;
  }
}
