package dev.hone.model;

import dev.hone.model.SentenceModule.Dense;
import dev.hone.model.TorchScriptArchive.Module;
import dev.hone.store.Digests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns a model folder into the TorchScript archive that the engine runs. */
public final class Archive {
  /** Raised when the tree of modules changes, so that no older archive is taken for it. */
  private static final int REVISION = 2;

  /** What the archive puts before the Hugging Face names of the transformer's weights. */
  public static final String TRANSFORMER = "transformer.";

  private Archive() {}

  /** A name for the archive's place in a cache: the same for the same model, source and options. */
  public static String name(ModelFolder folder, ArchiveOptions options) {
    String source = Digests.ofText(REVISION + source(folder));
    return "archive-%s-%s-%s"
        .formatted(folder.digest().substring(0, 32), source.substring(0, 12), options.label());
  }

  /** Writes the archive of a folder. */
  public static void write(ModelFolder folder, ArchiveOptions options, Path archive)
      throws IOException {
    ArchiveParts parts = new ArchiveParts(folder.weights(), options);
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("transformer", Module.of("Transformer", folder.architecture().transformer(parts)));
    model.put("sentence", sentence(folder, parts));
    TorchScriptArchive.write(archive, source(folder), Module.of("Model", model));
  }

  private static Module sentence(ModelFolder folder, ArchiveParts parts) {
    Map<String, Object> sentence = new LinkedHashMap<>();
    sentence.put("pooling", folder.pooling().label());
    for (int i = 0; i < folder.after().size(); i++) {
      sentence.put(String.valueOf(i), step(folder.after().get(i), i, parts));
    }
    return Module.of("Sentence", sentence);
  }

  private static Module step(SentenceModule step, int number, ArchiveParts parts) {
    if (step instanceof Dense dense) {
      return Module.of(
          type(step),
          Map.of(
              "activation",
              dense.activation(),
              "linear",
              parts.fp32Linear(ModelFolder.denseName(number))));
    }
    return Module.of(type(step), Map.of());
  }

  private static String type(SentenceModule step) {
    if (step instanceof Dense dense) {
      return dense.bias() ? "Dense" : "DenseProjection";
    }
    return "Normalize";
  }

  /** The classes of an architecture, without comments, with repeated lines written out. */
  static String source(ModelFolder folder) {
    Map<String, List<Map<String, String>>> lists =
        Map.of("layers", folder.architecture().layers(), "steps", steps(folder));
    List<String> resources = new ArrayList<>(List.of("parts.py"));
    resources.addAll(folder.architecture().sources());
    resources.add("sentence.py");
    return ScriptSource.of(resources, lists);
  }

  private static List<Map<String, String>> steps(ModelFolder folder) {
    List<Map<String, String>> steps = new ArrayList<>();
    for (SentenceModule step : folder.after()) {
      steps.add(Map.of("i", String.valueOf(steps.size()), "type", type(step)));
    }
    return steps;
  }
}
