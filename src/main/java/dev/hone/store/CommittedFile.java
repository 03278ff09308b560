package dev.hone.store;

import java.io.Serializable;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * One file of a commit.
 *
 * @param path relative to the folder of its table or artifact; parts separated by '/', none of them
 *     empty, {@code .} or {@code ..}
 * @param size in bytes, at least 0
 * @param sha256 of its content, 64 lower-case hexadecimal digits
 */
public record CommittedFile(String path, long size, String sha256) implements Serializable {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * Checks the values, because a commit is read back from a shared place and its paths are written
   * to on download.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public CommittedFile {
    if (path == null
        || Arrays.stream(path.split("/", -1)).anyMatch(CommittedFile::leadsElsewhere)) {
      throw new IllegalArgumentException(
          "illegal path of a file: " + path + ", must be relative, without empty, . or .. parts");
    }
    if (size < 0) {
      throw new IllegalArgumentException(
          "illegal size of " + path + ": " + size + ", must be >= 0");
    }
    if (sha256 == null || !SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "illegal SHA-256 of " + path + ": " + sha256 + ", must be 64 hexadecimal digits");
    }
  }

  private static boolean leadsElsewhere(String part) {
    return part.isEmpty() || part.equals(".") || part.equals("..");
  }
}
