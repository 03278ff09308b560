package dev.hone.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The few file operations that the protocol is made of, for one kind of file system. */
interface WorkspaceFiles {
  /** A file's path relative to the folder listed, and its size in bytes. */
  record Entry(String path, long size) {}

  /** Creates a file that appears whole or not at all; false if the name was taken. */
  boolean createOnce(String path, byte[] content) throws IOException;

  /** Writes a file in place of an older one; a reader sees one of the two, whole. */
  void replace(String path, byte[] content) throws IOException;

  /** A file's content, or nothing where there is no such file. */
  Optional<byte[]> read(String path) throws IOException;

  /** When the store says that the file changed, by its own clock; nothing where there is none. */
  Optional<Long> modifiedMillis(String path) throws IOException;

  InputStream open(String path) throws IOException;

  /** All visible files below a folder, in no order; empty where there is no such folder. */
  List<Entry> list(String folder) throws IOException;

  /**
   * Whether a file counts as content: not Spark's success mark, not hidden, and not in a folder
   * where a committer keeps what no task committed.
   *
   * @param relative the file's path relative to the folder listed
   */
  static boolean visible(String relative) {
    for (String part : relative.split("/")) {
      if (part.startsWith(".")
          || part.equals("_SUCCESS")
          || part.equals("_temporary")
          || part.startsWith("__magic")) {
        return false;
      }
    }
    return true;
  }

  /** The entries right below a folder, files and folders alike. */
  List<String> children(String folder) throws IOException;

  void makeFolder(String folder) throws IOException;

  /** Copies a local file, in place of an older one. */
  void upload(Path local, String path) throws IOException;

  void delete(String path) throws IOException;
}
