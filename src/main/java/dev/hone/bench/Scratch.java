package dev.hone.bench;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that goes with all that is in it, also where the process is interrupted. */
public final class Scratch implements AutoCloseable {
  private final Path folder;
  private final Thread atExit;

  private Scratch(Path folder) {
    this.folder = folder;
    this.atExit = new Thread(this::deleteOrComplain, "hone-scratch");
  }

  /**
   * Makes a folder of its own in a workspace.
   *
   * @throws HoneException if the workspace is not on this machine
   */
  public static Scratch in(Workspace workspace) throws IOException {
    if (!workspace.uri().startsWith("/")) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot measure in %s: benchmarks make their data on this machine. Name a local folder with --workspace."
              .formatted(workspace.uri()));
    }
    return at(Path.of(workspace.uri(), "bench-" + workspace.newAttempt()));
  }

  /** Makes the folder. */
  static Scratch at(Path folder) throws IOException {
    Files.createDirectories(folder);
    Scratch scratch = new Scratch(folder);
    Runtime.getRuntime().addShutdownHook(scratch.atExit);
    return scratch;
  }

  /** Where it lies. */
  public Path folder() {
    return folder;
  }

  private void delete() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(folder)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }

  private void deleteOrComplain() {
    try {
      delete();
    } catch (IOException e) {
      System.err.println("Cannot delete " + folder + ": " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      return; // the hook is at work
    }
    delete();
  }
}
