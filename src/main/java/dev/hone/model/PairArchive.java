package dev.hone.model;

import dev.hone.model.TorchScriptArchive.Module;
import dev.hone.store.Digests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns the folder of a cross-encoder into the TorchScript archive that the engine runs. */
public final class PairArchive {
  /** Raised when the tree of modules changes, so that no older archive is taken for it. */
  private static final int REVISION = 1;

  private PairArchive() {}

  /** A name for the archive's place in a cache: the same for the same model, source and options. */
  public static String name(CrossEncoderFolder folder, ArchiveOptions options) {
    String source = Digests.ofText(REVISION + source(folder));
    return "pair-archive-%s-%s-%s"
        .formatted(folder.digest().substring(0, 32), source.substring(0, 12), options.label());
  }

  /** Writes the archive of a folder. */
  public static void write(CrossEncoderFolder folder, ArchiveOptions options, Path archive)
      throws IOException {
    ArchiveParts parts = new ArchiveParts(folder.weights(), options);
    Map<String, Module> model =
        Map.of(
            "transformer",
            Module.of("Transformer", folder.architecture().transformer(parts)),
            "head",
            folder.head().module(parts, folder.activation()));
    TorchScriptArchive.write(archive, source(folder), Module.of("Model", model));
  }

  private static String source(CrossEncoderFolder folder) {
    List<String> resources = new ArrayList<>(List.of("parts.py"));
    resources.addAll(folder.architecture().pairSources());
    resources.add("pair_head.py");
    return ScriptSource.of(
        resources,
        Map.of("layers", folder.architecture().layers(), "steps", folder.head().steps()));
  }
}
