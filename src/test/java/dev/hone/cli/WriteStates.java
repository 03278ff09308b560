package dev.hone.cli;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.model.ModelFolder;
import dev.hone.model.ModelFolderWriter;
import dev.hone.model.ModelSource;
import dev.hone.model.Precision;
import dev.hone.model.Safetensors;
import dev.hone.model.Tensor;
import dev.hone.store.LocalCache;
import dev.hone.text.Prompts;
import dev.hone.text.TextRole;
import dev.hone.text.TokenBatch;
import dev.hone.torch.Encoder;
import dev.hone.torch.EncoderOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * Writes what Hone computes with many models, in one process, for Python to compare with.
 *
 * <p>Each line of the plan is a JSON object: {@code model}, {@code texts} (a file of texts by role)
 * and {@code result}, the safetensors file to write; with {@code rewritten} the model is written as
 * a folder again; with {@code replace} (pairs of texts) and {@code add} it runs by a changed
 * source.
 */
public final class WriteStates {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LocalCache cache;

  private WriteStates(LocalCache cache) {
    this.cache = cache;
  }

  /** Arguments: a folder for archives and unpacked models, the plans. */
  public static void main(String[] arguments) throws Exception {
    WriteStates writer = new WriteStates(LocalCache.at(Path.of(arguments[0])));
    for (String plan : List.of(arguments).subList(1, arguments.length)) {
      for (String line : Files.readAllLines(Path.of(plan))) {
        writer.follow(JSON.readTree(line));
      }
    }
  }

  private void follow(JsonNode order) throws Exception {
    ModelFolder folder =
        ModelSource.resolve(order.get("model").asText(), cache, new Configuration());
    SortedMap<String, Tensor> results = new TreeMap<>();
    JsonNode texts = JSON.readTree(Path.of(order.get("texts").asText()).toFile());
    try (Encoder encoder = open(folder, order)) {
      for (TextRole role : TextRole.values()) {
        alone(encoder, texts(texts, role), role, results);
      }
      if (order.has("rewritten")) {
        Path target = Files.createDirectories(Path.of(order.get("rewritten").asText()));
        ModelFolderWriter.write(folder, folder.weights(), target);
      }
    }
    if (order.has("rewritten")) {
      together(folder, texts, results);
    }
    Safetensors.write(Path.of(order.get("result").asText()), results);
  }

  private Encoder open(ModelFolder folder, JsonNode order) throws Exception {
    if (!order.has("replace")) {
      return Encoder.open(folder, 1, cache);
    }
    LocalCache own = LocalCache.at(Path.of(order.get("result").asText()).resolveSibling("changed"));
    Encoder.open(folder, 1, own).close();
    ChangedSource.change(own, order.get("replace"), order.get("add").asText());
    return Encoder.open(folder, 1, own);
  }

  private static List<String> texts(JsonNode byRole, TextRole role) {
    List<String> texts = new ArrayList<>();
    byRole.get(role.label()).forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** Each text among those of its length, as inference has them. */
  private static void alone(
      Encoder encoder, List<String> texts, TextRole role, SortedMap<String, Tensor> results) {
    results.put(role.label() + ".vectors", matrix(encoder.encode(texts, role).vectors()));
    float[][][] states = encoder.states(texts, role);
    for (int i = 0; i < states.length; i++) {
      results.put(role.label() + ".states." + i, matrix(states[i]));
    }
  }

  /** All texts in one batch, padded to the longest, as training has them. */
  private void together(ModelFolder folder, JsonNode texts, SortedMap<String, Tensor> results) {
    Prompts prompts = new Prompts(folder.queryPrompt(), folder.documentPrompt());
    EncoderOptions options =
        EncoderOptions.training(1, folder.maxLength(), Precision.FP32, 0, 0, cache);
    try (Encoder encoder = Encoder.open(folder, prompts, options);
        NDManager scope = encoder.scope()) {
      for (TextRole role : TextRole.values()) {
        TokenBatch batch = TokenBatch.of(encoder.tokenize(texts(texts, role), role));
        float[] vectors = encoder.embed(batch, scope).toFloatArray();
        long[] shape = {batch.rows(), vectors.length / batch.rows()};
        results.put(role.label() + ".together", new Tensor(shape, vectors));
      }
    }
  }

  private static Tensor matrix(float[][] rows) {
    int width = rows[0].length;
    float[] values = new float[rows.length * width];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, values, row * width, width);
    }
    return new Tensor(new long[] {rows.length, width}, values);
  }
}
