package dev.hone.normalize.source;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.Digests;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** What a source holds, as a digest: SHA-256 over its files, by their names below its root. */
public final class SourceDigest {
  private static final Pattern IS_PATTERN = Pattern.compile("[*?\\[{]");

  private final String place;
  private final Configuration hadoop;

  /**
   * Digests of one source's files.
   *
   * @param place what messages call it, such as {@code medquad, source}
   */
  public SourceDigest(String place, Configuration hadoop) {
    this.place = place;
    this.hadoop = hadoop;
  }

  /**
   * The digest of the files at a path: a file, a folder or a pattern. A source without a path has
   * none to read.
   *
   * @throws HoneException if there is nothing at the path, or it cannot be read
   */
  public String of(String path) {
    if (path.isEmpty()) {
      return "";
    }
    try {
      SortedMap<String, String> digests = new TreeMap<>();
      for (Map.Entry<Path, String> file : files(path).entrySet()) {
        try (InputStream stream = file.getKey().getFileSystem(hadoop).open(file.getKey())) {
          digests.put(file.getValue(), Digests.ofStream(stream));
        }
      }
      return Digests.ofText(digests.toString());
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /**
   * Refuses paths of several splits that hold one file: its records would stand in all of them.
   *
   * @throws HoneException if there is such a file, or there is nothing at a path
   */
  public void refuseShared(SortedMap<String, String> paths) {
    Map<Path, String> splits = new HashMap<>();
    paths.forEach(
        (split, path) -> {
          for (Path file : filesOf(path)) {
            String other = splits.putIfAbsent(file, split);
            if (other != null) {
              throw new HoneException(
                  ErrorCode.INPUT,
                  "Cannot use data set %s: the file %s belongs to paths.%s and to paths.%s. Name each file for one split."
                      .formatted(place, file, other, split));
            }
          }
        });
  }

  private Iterable<Path> filesOf(String path) {
    try {
      return files(path).keySet();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** The files at a path, with their names below its root: the part before any pattern. */
  private SortedMap<Path, String> files(String pattern) throws IOException {
    Path path = new Path(pattern);
    FileSystem system = path.getFileSystem(hadoop);
    FileStatus[] found = system.globStatus(path);
    if (found == null || found.length == 0) {
      throw new FileNotFoundException("there is nothing at this path");
    }
    SortedMap<Path, String> files = new TreeMap<>();
    Path fixed = system.makeQualified(path).getParent();
    while (fixed != null && IS_PATTERN.matcher(fixed.toUri().getPath()).find()) {
      fixed = fixed.getParent();
    }
    String parent = fixed == null ? "" : fixed.toUri().getPath();
    for (FileStatus root : found) {
      RemoteIterator<LocatedFileStatus> below = system.listFiles(root.getPath(), true);
      while (below.hasNext()) {
        Path file = below.next().getPath();
        files.put(file, file.toUri().getPath().substring(parent.length()));
      }
    }
    return files;
  }

  private HoneException unreadable(String path, IOException e) {
    return new HoneException(
        ErrorCode.INPUT,
        "Cannot read data set %s: %s: %s. Name a file, a folder or a pattern."
            .formatted(place, path, e.getMessage()),
        e);
  }
}
