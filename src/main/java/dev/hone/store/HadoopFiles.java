package dev.hone.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Workspace files on HDFS and S3A: HDFS renames a file written beside without overwriting, S3A
 * creates an object under the condition that there is none.
 */
final class HadoopFiles implements WorkspaceFiles {
  private static final String CONDITIONAL_CREATE = "fs.option.create.conditional.overwrite";

  private final FileSystem files;
  private final boolean objectStore;

  HadoopFiles(FileSystem files, boolean objectStore) {
    this.files = files;
    this.objectStore = objectStore;
  }

  /** Whether an object store can create under a condition; HDFS needs no such thing. */
  boolean canCreateOnce(String root) throws IOException {
    return !objectStore || files.hasPathCapability(path(root), CONDITIONAL_CREATE);
  }

  @Override
  public boolean createOnce(String path, byte[] content) throws IOException {
    return objectStore ? createConditionally(path, content) : createByRename(path, content);
  }

  private boolean createConditionally(String path, byte[] content) throws IOException {
    FSDataOutputStreamBuilder<?, ?> builder = files.createFile(path(path));
    builder.recursive();
    builder.must(CONDITIONAL_CREATE, true);
    try (FSDataOutputStream out = builder.build()) {
      out.write(content);
    } catch (IOException e) {
      if (files.exists(path(path))) {
        return false; // 412: somebody's object, maybe our own after a lost reply
      }
      throw e;
    }
    return true;
  }

  private boolean createByRename(String path, byte[] content) throws IOException {
    org.apache.hadoop.fs.Path target = path(path);
    org.apache.hadoop.fs.Path temporary =
        new org.apache.hadoop.fs.Path(
            target.getParent(), "." + target.getName() + "." + UUID.randomUUID());
    try (FSDataOutputStream out = files.create(temporary, false)) {
      out.write(content);
      out.hsync();
    }
    try {
      FileContext.getFileContext(files.getUri(), files.getConf())
          .rename(temporary, target, Options.Rename.NONE);
      return true;
    } catch (FileAlreadyExistsException e) {
      files.delete(temporary, false);
      return false;
    }
  }

  @Override
  public void replace(String path, byte[] content) throws IOException {
    try (FSDataOutputStream out = files.create(path(path), true)) {
      out.write(content);
    }
  }

  @Override
  public Optional<byte[]> read(String path) throws IOException {
    try (InputStream stream = files.open(path(path))) {
      return Optional.of(stream.readAllBytes());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  @Override
  public InputStream open(String path) throws IOException {
    return files.open(path(path));
  }

  @Override
  public List<Entry> list(String folder) throws IOException {
    List<Entry> entries = new ArrayList<>();
    org.apache.hadoop.fs.Path root = files.makeQualified(path(folder));
    try {
      RemoteIterator<LocatedFileStatus> found = files.listFiles(root, true);
      while (found.hasNext()) {
        FileStatus status = found.next();
        if (visible(status)) {
          String relative = root.toUri().relativize(status.getPath().toUri()).getPath();
          entries.add(new Entry(relative, status.getLen(), status.getModificationTime()));
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    return entries;
  }

  private static boolean visible(FileStatus status) {
    String name = status.getPath().getName();
    return !name.startsWith(".") && !name.equals("_SUCCESS");
  }

  @Override
  public List<String> children(String folder) throws IOException {
    try {
      return Arrays.stream(files.listStatus(path(folder)))
          .filter(HadoopFiles::visible)
          .map(status -> status.getPath().getName())
          .sorted()
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  @Override
  public void makeFolder(String folder) throws IOException {
    files.mkdirs(path(folder));
  }

  @Override
  public void upload(Path local, String path) throws IOException {
    files.copyFromLocalFile(false, false, new org.apache.hadoop.fs.Path(local.toUri()), path(path));
  }

  @Override
  public void delete(String path) throws IOException {
    files.delete(path(path), false);
  }

  private static org.apache.hadoop.fs.Path path(String path) {
    return new org.apache.hadoop.fs.Path(path);
  }
}
