package dev.hone.store;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder on this machine's disk that only its user may write, for things that can be made again:
 * unpacked models and archives. Safe for several processes at once.
 *
 * @param root the cache's folder
 */
public record LocalCache(Path root) {

  /** Fills an empty folder. */
  @FunctionalInterface
  public interface Filler {
    /** Writes the entry's files into {@code folder}. */
    void fill(Path folder) throws IOException;
  }

  /**
   * The user's cache: {@code HONE_CACHE}, else {@code ~/.cache/hone}.
   *
   * @throws HoneException if the folder cannot be made or others may write it
   */
  public static LocalCache ofUser() {
    return at(folderOfUser());
  }

  /** Where the user's cache is or would be. */
  public static Path folderOfUser() {
    String configured = System.getenv("HONE_CACHE");
    return configured == null || configured.isBlank()
        ? Path.of(System.getProperty("user.home"), ".cache", "hone")
        : Path.of(configured);
  }

  /** A cache in the folder given, made where it is missing. */
  public static LocalCache at(Path root) {
    try {
      if (!Files.isDirectory(root)) {
        Files.createDirectories(
            root,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(root);
      if (permissions.contains(PosixFilePermission.OTHERS_WRITE)
          || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
        throw new HoneException(
            ErrorCode.CONFIGURATION,
            "Cannot use the cache "
                + root
                + ": other users may write it, so code in it cannot be trusted. Run chmod go-w "
                + root
                + ", or set HONE_CACHE to another folder.");
      }
      return new LocalCache(root);
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.STORAGE,
          "Cannot make the cache folder " + root + ": " + e + ". Set HONE_CACHE to another folder.",
          e);
    }
  }

  /**
   * The folder of one entry, filled on first use; it appears whole or not at all.
   *
   * @param name the entry's name: letters, digits, '.', '_' and '-'
   */
  public Path entry(String name, Filler filler) {
    Path folder = root.resolve(Ids.check("cache entry", name));
    if (Files.isDirectory(folder)) {
      return folder;
    }
    Path temporary = root.resolve(name + ".tmp-" + UUID.randomUUID());
    try {
      Files.createDirectory(temporary);
      try {
        filler.fill(temporary);
        Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException | RuntimeException e) {
        deleteAfter(temporary, e);
        if (Files.isDirectory(folder) && e instanceof FileSystemException) {
          return folder; // another process filled it first
        }
        throw e;
      }
      return folder;
    } catch (IOException e) {
      throw new HoneException(
          ErrorCode.STORAGE,
          "Cannot fill " + folder + ": " + e + ". Free space there, or set HONE_CACHE.",
          e);
    }
  }

  private static void deleteAfter(Path folder, Exception first) {
    try {
      delete(folder);
    } catch (IOException e) {
      first.addSuppressed(e);
    }
  }

  /** Deletes a folder and all in it; a missing one is fine. */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
