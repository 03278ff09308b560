package dev.hone.normalize.source;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.api.java.UDF1;

/**
 * Tells which part of a source a file belongs to: the first folder below the source's root, or the
 * file's own name where there is none. In an archive, member paths count.
 *
 * @param root path of the folder that parts lie in, without a slash at its end
 */
record SourceParts(String root) implements UDF1<String, String> {
  private static final Pattern IS_PATTERN = Pattern.compile("[*?\\[{]");
  private static final Pattern MEMBER =
      Pattern.compile("\\.(?:tar|tar\\.gz|tgz)!(.*)$", Pattern.CASE_INSENSITIVE);

  /**
   * The parts below a path: a folder, the folder of a file, or the part before any pattern.
   *
   * @throws IOException if it cannot be reached
   */
  static SourceParts below(String place, Configuration hadoop) throws IOException {
    Path path = new Path(place);
    FileSystem system = path.getFileSystem(hadoop);
    Path root = system.makeQualified(path);
    while (root != null && IS_PATTERN.matcher(root.toUri().getPath()).find()) {
      root = root.getParent();
    }
    if (root != null && isFile(system, root)) {
      root = root.getParent();
    }
    return new SourceParts(root == null ? "" : root.toUri().getPath().replaceFirst("/+$", ""));
  }

  private static boolean isFile(FileSystem system, Path path) throws IOException {
    FileStatus[] found = system.globStatus(path);
    return found != null && found.length == 1 && found[0].isFile();
  }

  /** The part of a file, given as a record's {@link SourceRows#FILE}; null where it has none. */
  @Override
  public String call(String file) {
    if (file == null || file.isEmpty()) {
      return null;
    }
    Matcher member = MEMBER.matcher(file);
    if (member.find()) {
      String name =
          URLDecoder.decode(member.group(1), StandardCharsets.UTF_8); // as TarMembers has it
      return first(name.replaceFirst("^(\\.{0,2}/)*", ""));
    }
    String path = URI.create(file).getPath();
    return path.startsWith(root + "/")
        ? first(path.substring(root.length() + 1))
        : path.substring(path.lastIndexOf('/') + 1);
  }

  private static String first(String path) {
    int slash = path.indexOf('/');
    return slash < 0 ? path : path.substring(0, slash);
  }
}
