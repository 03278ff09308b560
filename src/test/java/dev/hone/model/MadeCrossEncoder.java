package dev.hone.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Makes a cross-encoder of a real encoder: its weights and tokenizer, with a head of random weights
 * on top, in the folder that transformers writes.
 */
public final class MadeCrossEncoder {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MadeCrossEncoder() {}

  /**
   * Writes a folder.
   *
   * @param encoder a BERT
   * @param maxLength the most tokens of a pair
   * @param config what else config.json says
   */
  public static Path write(
      Path folder, ModelFolder encoder, int maxLength, long seed, Consumer<ObjectNode> config)
      throws IOException {
    Files.createDirectories(folder);
    ObjectNode json =
        (ObjectNode) JSON.readTree(encoder.transformer().resolve("config.json").toFile());
    json.putArray("architectures").add("BertForSequenceClassification");
    json.putObject("id2label").put("0", "LABEL_0");
    config.accept(json);
    Files.writeString(folder.resolve("config.json"), json.toString());
    Files.writeString(folder.resolve("tokenizer.json"), encoder.tokenizerJson());
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        JSON.createObjectNode().put("model_max_length", maxLength).toString());
    SortedMap<String, Tensor> weights = new TreeMap<>();
    encoder.weights().forEach((name, tensor) -> weights.put("bert." + name, tensor));
    int hidden = encoder.architecture().hidden();
    Random random = new Random(seed);
    double scale = 1.5 / Math.sqrt(hidden);
    weights.put("bert.pooler.dense.weight", normal(random, scale, hidden, hidden));
    weights.put("bert.pooler.dense.bias", normal(random, 0.5, hidden));
    weights.put("classifier.weight", normal(random, scale, 1, hidden));
    weights.put("classifier.bias", normal(random, 0.5, 1));
    Files.deleteIfExists(folder.resolve("model.safetensors"));
    Safetensors.write(folder.resolve("model.safetensors"), weights);
    return folder;
  }

  private static Tensor normal(Random random, double deviation, long... shape) {
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return new Tensor(shape, values);
  }

  /** Says how the score comes of the head's number, as sentence-transformers did before 4.0. */
  public static Consumer<ObjectNode> activation(String name) {
    return config -> config.put("sbert_ce_default_activation_function", name);
  }
}
