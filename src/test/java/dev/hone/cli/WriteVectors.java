package dev.hone.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hone.model.ModelFolder;
import dev.hone.store.LocalCache;
import dev.hone.text.TextRole;
import dev.hone.torch.Encoder;
import dev.hone.torch.TorchRuntime;
import dev.hone.torch.WordNetTexts;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes what Hone computes with a model folder, for sentence-transformers to compare with. */
public final class WriteVectors {
  private WriteVectors() {}

  /** Arguments: the model folder, the file to write. */
  public static void main(String[] arguments) throws Exception {
    List<String> texts = new ArrayList<>(WordNetTexts.ofAllLengths(40));
    texts.addAll(WordNetTexts.lemmas(40));
    ObjectMapper json = new ObjectMapper();
    ModelFolder folder = ModelFolder.open(Path.of(arguments[0]));
    try (Encoder encoder = Encoder.open(folder, TorchRuntime.processors(), LocalCache.ofUser());
        BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[1]))) {
      for (TextRole role : TextRole.values()) {
        float[][] vectors = encoder.encode(texts, role).vectors();
        for (int i = 0; i < vectors.length; i++) {
          out.write(
              json.writeValueAsString(
                  Map.of("text", texts.get(i), "role", role.label(), "vector", vectors[i])));
          out.newLine();
        }
      }
    }
  }
}
