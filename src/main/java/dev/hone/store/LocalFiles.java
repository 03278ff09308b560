package dev.hone.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
    try {
      Files.createLink(target, temporary);
      force(target.getParent());
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  @Override
  public void replace(String path, byte[] content) throws IOException {
    Path target = Path.of(path);
    Path temporary = writeBeside(target, content);
    Files.move(
        temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path writeBeside(Path target, byte[] content) throws IOException {
    Files.createDirectories(target.getParent());
    Path temporary =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    return temporary;
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
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
  public InputStream open(String path) throws IOException {
    return Files.newInputStream(Path.of(path));
  }

  @Override
  public List<Entry> list(String folder) throws IOException {
    Path root = Path.of(folder);
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    List<Path> files;
    try (Stream<Path> paths = Files.walk(root)) {
      files = paths.filter(Files::isRegularFile).filter(LocalFiles::visible).toList();
    }
    List<Entry> entries = new java.util.ArrayList<>();
    for (Path file : files) {
      entries.add(
          new Entry(
              root.relativize(file).toString().replace('\\', '/'),
              Files.size(file),
              Files.getLastModifiedTime(file).toMillis()));
    }
    return entries;
  }

  private static boolean visible(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".") && !name.equals("_SUCCESS");
  }

  @Override
  public List<String> children(String folder) throws IOException {
    Path root = Path.of(folder);
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(root)) {
      return paths
          .filter(LocalFiles::visible)
          .map(path -> path.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @Override
  public void makeFolder(String folder) throws IOException {
    Files.createDirectories(Path.of(folder));
  }

  @Override
  public void upload(Path local, String path) throws IOException {
    Path target = Path.of(path);
    Files.createDirectories(target.getParent());
    Files.copy(local, target, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(String path) throws IOException {
    Files.deleteIfExists(Path.of(path));
  }
}
