package dev.hone.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
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
      return takenAfter(path, e); // 412: somebody's object, maybe our own after a lost reply
    }
    return true;
  }

  /** Returns false where the name is taken; else the failure was another one and is thrown. */
  private boolean takenAfter(String path, IOException failure) throws IOException {
    boolean taken;
    try {
      taken = files.exists(path(path));
    } catch (IOException e) {
      failure.addSuppressed(e);
      throw failure;
    }
    if (taken) {
      return false;
    }
    throw failure;
  }

  private boolean createByRename(String path, byte[] content) throws IOException {
    org.apache.hadoop.fs.Path temporary = writeBeside(path, content);
    try {
      rename(temporary, path, Options.Rename.NONE);
      return true;
    } catch (IOException e) {
      deleteAfter(temporary, e);
      return takenAfter(path, e); // a retried rename whose first reply was lost fails as well
    }
  }

  private org.apache.hadoop.fs.Path writeBeside(String path, byte[] content) throws IOException {
    org.apache.hadoop.fs.Path target = path(path);
    org.apache.hadoop.fs.Path temporary =
        new org.apache.hadoop.fs.Path(
            target.getParent(), "." + target.getName() + "." + UUID.randomUUID());
    try (FSDataOutputStream out = files.create(temporary, false)) {
      out.write(content);
      out.hsync();
    } catch (IOException e) {
      deleteAfter(temporary, e);
      throw e;
    }
    return temporary;
  }

  private void rename(org.apache.hadoop.fs.Path from, String to, Options.Rename option)
      throws IOException {
    FileContext.getFileContext(files.getUri(), files.getConf()).rename(from, path(to), option);
  }

  private void deleteAfter(org.apache.hadoop.fs.Path file, IOException first) {
    try {
      files.delete(file, false);
    } catch (IOException e) {
      first.addSuppressed(e);
    }
  }

  @Override
  public void replace(String path, byte[] content) throws IOException {
    if (!objectStore) {
      org.apache.hadoop.fs.Path temporary = writeBeside(path, content);
      try {
        rename(temporary, path, Options.Rename.OVERWRITE);
      } catch (IOException e) {
        deleteAfter(temporary, e);
        throw e;
      }
      return;
    }
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
  public Optional<Long> modifiedMillis(String path) throws IOException {
    try {
      return Optional.of(files.getFileStatus(path(path)).getModificationTime());
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
        String relative = root.toUri().relativize(status.getPath().toUri()).getPath();
        if (WorkspaceFiles.visible(relative)) {
          entries.add(new Entry(relative, status.getLen()));
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    return entries;
  }

  @Override
  public List<String> children(String folder) throws IOException {
    try {
      return Arrays.stream(files.listStatus(path(folder)))
          .map(status -> status.getPath().getName())
          .filter(WorkspaceFiles::visible)
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
    // S3A copies local files by a client that needs Netty 4.1, where Spark has 4.2.
    try (FSDataOutputStream out = files.create(path(path), true)) {
      Files.copy(local, out);
    }
  }

  @Override
  public void delete(String path) throws IOException {
    files.delete(path(path), false);
  }

  private static org.apache.hadoop.fs.Path path(String path) {
    org.apache.hadoop.fs.Path named = new org.apache.hadoop.fs.Path(path);
    // s3a://bucket has no path at all, which Hadoop takes for a relative one.
    return named.toUri().getPath().isEmpty() ? new org.apache.hadoop.fs.Path(path + "/") : named;
  }
}
