package dev.hone.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file system, checksums and all, but for permissions, which it sets itself: without
 * Hadoop's native library each new file and folder would start a process of {@code chmod}, some 15
 * of them for each table that is written. Named in {@code spark.hadoop.fs.file.impl}.
 */
public final class InProcessLocalFileSystem extends LocalFileSystem {
  /** Called by Hadoop. */
  public InProcessLocalFileSystem() {
    super(new Raw());
  }

  private static final class Raw extends RawLocalFileSystem {
    private static final boolean POSIX =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      if (!POSIX || permission.getStickyBit()) { // Java knows no sticky bit
        super.setPermission(path, permission);
        return;
      }
      String letters =
          permission.getUserAction().SYMBOL
              + permission.getGroupAction().SYMBOL
              + permission.getOtherAction().SYMBOL;
      try {
        Files.setPosixFilePermissions(
            pathToFile(path).toPath(), PosixFilePermissions.fromString(letters));
      } catch (NoSuchFileException e) {
        FileNotFoundException missing = new FileNotFoundException(path.toString());
        missing.initCause(e);
        throw missing;
      }
    }
  }
}
