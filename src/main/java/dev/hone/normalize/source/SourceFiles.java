package dev.hone.normalize.source;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** The files of sources that Hone reads itself: found by path, opened as decompressed streams. */
final class SourceFiles {
  private SourceFiles() {}

  /**
   * The files at a path, as URIs in their order: a file, all files below a folder, or a pattern's.
   * Names that begin with a dot or an underscore are hidden, as for Spark.
   *
   * @throws FileNotFoundException if there is none
   */
  static List<String> at(String path, Configuration hadoop) throws IOException {
    Path root = new Path(path);
    FileSystem files = root.getFileSystem(hadoop);
    FileStatus[] found = files.globStatus(root);
    List<String> names = new ArrayList<>();
    for (FileStatus one : found == null ? new FileStatus[0] : found) {
      collect(files, one, names);
    }
    if (names.isEmpty()) {
      throw new FileNotFoundException("there is no file at this path");
    }
    Collections.sort(names);
    return names;
  }

  private static void collect(FileSystem files, FileStatus status, List<String> names)
      throws IOException {
    if (status.isFile()) {
      names.add(status.getPath().toUri().toString());
      return;
    }
    for (FileStatus child : files.listStatus(status.getPath())) {
      if (!isHidden(child.getPath().getName())) {
        collect(files, child, names);
      }
    }
  }

  /** Whether files of this name are no data. */
  static boolean isHidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  /**
   * Checks that texts of an encoding can be read.
   *
   * @throws HoneException if this Java does not know it
   */
  static void checkEncoding(String name) {
    try {
      Charset.forName(name);
    } catch (IllegalArgumentException e) {
      throw new HoneException(
          ErrorCode.CONFIGURATION,
          "There is no encoding %s. Name one that Java knows, such as UTF-8 or ISO-8859-1."
              .formatted(name),
          e);
    }
  }

  /** Opens a file, decompressed as its name's ending says. */
  static InputStream open(String file, Configuration hadoop) throws IOException {
    Path path = new Path(URI.create(file));
    CompressionCodec codec = codec(path.getName(), hadoop);
    InputStream stream = path.getFileSystem(hadoop).open(path);
    if (codec == null) {
      return stream;
    }
    try {
      return codec.createInputStream(stream);
    } catch (IOException | RuntimeException e) { // such as a native library that is not there
      stream.close();
      throw new IOException("it cannot be decompressed: " + e.getMessage(), e);
    }
  }

  private static CompressionCodec codec(String name, Configuration hadoop) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String known = ending.equals("tgz") ? "gz" : ending;
    return new CompressionCodecFactory(hadoop).getCodec(new Path("/file." + known));
  }
}
