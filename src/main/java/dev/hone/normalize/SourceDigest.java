package dev.hone.normalize;

import dev.hone.config.SourceConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.Digests;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** What a source holds, as a digest: SHA-256 over its files, by their names below its root. */
final class SourceDigest {
  private SourceDigest() {}

  /**
   * The digest of the files at a source's path: a file, a folder or a pattern. A source without a
   * path has none to read.
   *
   * @throws HoneException if there is nothing at the path, or it cannot be read
   */
  static String of(String dataset, SourceConfig source, Configuration hadoop) {
    if (source.isWordNet()) {
      return WordNetLexicon.digest();
    }
    if (source.path().isEmpty()) {
      return "";
    }
    Path path = new Path(source.path());
    try {
      FileSystem files = path.getFileSystem(hadoop);
      FileStatus[] found = files.globStatus(path);
      if (found == null || found.length == 0) {
        throw new FileNotFoundException("there is nothing at this path");
      }
      TreeMap<String, String> digests = new TreeMap<>();
      for (FileStatus one : found) {
        collect(files, one, digests);
      }
      return Digests.ofText(digests.toString());
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.INPUT,
          "Cannot read data set %s: %s: %s. Name a file, a folder or a pattern."
              .formatted(dataset, source.path(), e.getMessage()),
          e);
    }
  }

  private static void collect(FileSystem files, FileStatus root, Map<String, String> digests)
      throws IOException {
    String parent = root.getPath().getParent().toUri().getPath();
    RemoteIterator<LocatedFileStatus> below = files.listFiles(root.getPath(), true);
    while (below.hasNext()) {
      Path file = below.next().getPath();
      try (InputStream stream = files.open(file)) {
        String name = file.toUri().getPath().substring(parent.length());
        digests.put(name, Digests.ofStream(stream));
      }
    }
  }
}
