package dev.hone.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Workspace files on a local disk: a file is written beside its name, forced, and hard-linked to
 * it, because Hadoop's local create without overwrite lets two writers win.
 */
final class LocalFiles implements WorkspaceFiles {

  @Override
  public boolean createOnce(String path, byte[] content) throws IOException {
    Path target = Path.of(path);
    Path temporary = writeBeside(target, content);
    boolean created = link(target, temporary);
    Files.deleteIfExists(temporary);
    force(target.getParent());
    return created;
  }

  private static boolean link(Path target, Path temporary) throws IOException {
    try {
      Files.createLink(target, temporary);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException | RuntimeException e) {
      deleteAfter(temporary, e);
      throw e;
    }
  }

  @Override
  public void replace(String path, byte[] content) throws IOException {
    Path target = Path.of(path);
    Path temporary = writeBeside(target, content);
    try {
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      deleteAfter(temporary, e);
      throw e;
    }
  }

  private static Path writeBeside(Path target, byte[] content) throws IOException {
    createFolders(target.getParent());
    Path temporary =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      deleteAfter(temporary, e);
      throw e;
    }
    return temporary;
  }

  private static void deleteAfter(Path file, Exception first) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      first.addSuppressed(e);
    }
  }

  /** Makes missing folders; each one's name is forced, so that what lies in it survives a crash. */
  private static void createFolders(Path folder) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path path = folder; path != null && !Files.exists(path); path = path.getParent()) {
      missing.push(path);
    }
    Files.createDirectories(folder);
    for (Path made : missing) {
      force(made.getParent());
    }
  }

  private static void force(Path fileOrFolder) throws IOException {
    try (FileChannel channel = FileChannel.open(fileOrFolder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public Optional<byte[]> read(String path) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(Path.of(path)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<Long> modifiedMillis(String path) throws IOException {
    try {
      return Optional.of(Files.getLastModifiedTime(Path.of(path)).toMillis());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public InputStream open(String path) throws IOException {
    return Files.newInputStream(Path.of(path));
  }

  @Override
  public List<Entry> list(String folder) throws IOException {
    Path root = Path.of(folder);
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path file : paths.filter(Files::isRegularFile).toList()) {
        String relative = root.relativize(file).toString();
        if (WorkspaceFiles.visible(relative)) {
          entries.add(new Entry(relative, Files.size(file)));
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return entries;
  }

  @Override
  public List<String> children(String folder) throws IOException {
    Path root = Path.of(folder);
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(root)) {
      return paths
          .map(path -> path.getFileName().toString())
          .filter(WorkspaceFiles::visible)
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void makeFolder(String folder) throws IOException {
    createFolders(Path.of(folder));
  }

  @Override
  public void upload(Path local, String path) throws IOException {
    Path target = Path.of(path);
    createFolders(target.getParent());
    Files.copy(local, target, StandardCopyOption.REPLACE_EXISTING);
    force(target);
  }

  @Override
  public void delete(String path) throws IOException {
    Files.deleteIfExists(Path.of(path));
  }
}
