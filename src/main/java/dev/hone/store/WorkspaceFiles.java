package dev.hone.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The few file operations that the protocol is made of, for one kind of file system. */
interface WorkspaceFiles {
  /** A file's path relative to the folder listed, its size and when the store says it changed. */
  record Entry(String path, long size, long modifiedMillis) {}

  /** Creates a file that appears whole or not at all; false if the name was taken. */
  boolean createOnce(String path, byte[] content) throws IOException;

  /** Writes a file, in place of an older one. */
  void replace(String path, byte[] content) throws IOException;

  /** A file's content, or nothing where there is no such file. */
  Optional<byte[]> read(String path) throws IOException;

  InputStream open(String path) throws IOException;

  /** All files below a folder, hidden ones left out; empty where there is no such folder. */
  List<Entry> list(String folder) throws IOException;

  /** The entries right below a folder, files and folders alike. */
  List<String> children(String folder) throws IOException;

  void makeFolder(String folder) throws IOException;

  /** Copies a local file, in place of an older one. */
  void upload(Path local, String path) throws IOException;

  void delete(String path) throws IOException;
}
