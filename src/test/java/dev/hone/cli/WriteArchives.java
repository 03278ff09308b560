package dev.hone.cli;

import dev.hone.model.Archive;
import dev.hone.model.ArchiveOptions;
import dev.hone.model.ModelFolder;
import dev.hone.model.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Writes the archives of model folders, for a PyTorch that knows nothing of Hone to load. */
public final class WriteArchives {
  private WriteArchives() {}

  /** Argument: a folder with model folders NAME/folder; their archives go to NAME/LABEL.pt. */
  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]);
    List<Path> named;
    try (Stream<Path> children = Files.list(root)) {
      named =
          children.filter(child -> Files.isDirectory(child.resolve("folder"))).sorted().toList();
    }
    for (Path child : named) {
      ModelFolder folder = ModelFolder.open(child.resolve("folder"));
      for (ArchiveOptions options : all(folder)) {
        Archive.write(folder, options, child.resolve(name(options) + ".pt"));
      }
    }
  }

  private static List<ArchiveOptions> all(ModelFolder folder) {
    double dropout = folder.architecture().dropout();
    return List.of(
        new ArchiveOptions(true, Precision.FP32, false, dropout, 0),
        new ArchiveOptions(true, Precision.BF16, false, dropout, 0),
        new ArchiveOptions(false, Precision.FP32, false, 0, 0),
        new ArchiveOptions(false, Precision.BF16, false, 0, 0),
        new ArchiveOptions(false, Precision.FP32, true, 0, 0));
  }

  /** The label without the dropouts. */
  private static String name(ArchiveOptions options) {
    return String.join("-", List.of(options.label().split("-")).subList(0, 3));
  }
}
