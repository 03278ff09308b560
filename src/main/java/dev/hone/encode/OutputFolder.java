package dev.hone.encode;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * A folder that people name for a result, and that appears whole or not at all.
 *
 * <p>On disk and HDFS it is written beside and renamed. An object store has no renaming: there its
 * own committer makes all files visible at the end, and {@code _SUCCESS} comes last.
 */
public final class OutputFolder {
  private final Path folder;
  private final FileSystem files;

  private OutputFolder(Path folder, FileSystem files) {
    this.folder = folder;
    this.files = files;
  }

  /**
   * A folder to be made.
   *
   * @throws HoneException if there is one of that name, or the name is not a path
   */
  public static OutputFolder at(String name, Configuration hadoop) {
    try {
      Path path = new Path(name);
      FileSystem files = path.getFileSystem(hadoop);
      OutputFolder output = new OutputFolder(files.makeQualified(path), files);
      output.requireNew();
      return output;
    } catch (IllegalArgumentException | IOException e) {
      throw new HoneException(
          e instanceof IOException ? ErrorCode.STORAGE : ErrorCode.CONFIGURATION,
          "Cannot write to %s: %s. Name a new folder that you may write."
              .formatted(name, e.getMessage()),
          e);
    }
  }

  private void requireNew() throws IOException {
    if (files.exists(folder)) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "Cannot write to %s: it exists. Name a new folder.".formatted(this));
    }
  }

  /**
   * Makes the folder.
   *
   * @param writer writes the files into the folder that it is given
   * @throws HoneException if another process made it meanwhile, or it cannot be written
   */
  void write(Consumer<String> writer) {
    Path target =
        isObjectStore()
            ? folder
            : new Path(folder.getParent(), "." + folder.getName() + "." + UUID.randomUUID());
    try {
      requireNew();
      try {
        writer.accept(target.toString());
        if (!target.equals(folder)) {
          // The file system's own rename would move it into a folder that has come to be.
          FileContext.getFileContext(files.getUri(), files.getConf())
              .rename(target, folder, Options.Rename.NONE);
        }
      } catch (IOException | RuntimeException e) {
        deleteAfter(target, e);
        throw e;
      }
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.STORAGE,
          "Cannot write %s: %s. Run the same command again once it can.".formatted(this, e),
          e);
    }
  }

  private boolean isObjectStore() {
    return files.getScheme().toLowerCase(Locale.ROOT).startsWith("s3");
  }

  private void deleteAfter(Path written, Exception first) {
    try {
      files.delete(written, true);
    } catch (IOException e) {
      first.addSuppressed(e);
    }
  }

  /** Writes a small file into a folder that a writer was given. */
  void writeFile(String target, String name, String content) {
    try (OutputStream out = files.create(new Path(target, name), false)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.STORAGE,
          "Cannot write %s into %s: %s. Run the same command again once it can."
              .formatted(name, this, e),
          e);
    }
  }

  /** The folder as people name it. */
  @Override
  public String toString() {
    return files.getScheme().equals("file") ? folder.toUri().getPath() : folder.toString();
  }
}
