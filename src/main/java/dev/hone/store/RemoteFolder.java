package dev.hone.store;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** A folder on S3A, HDFS or another of Hadoop's file systems, for reading alone. */
public final class RemoteFolder {
  private final String uri;
  private final FileSystem files;

  private RemoteFolder(String uri, FileSystem files) {
    this.uri = uri;
    this.files = files;
  }

  /**
   * Opens a folder.
   *
   * @param uri the folder with its scheme
   * @throws HoneException if there is no such folder, or its store cannot be reached
   */
  public static RemoteFolder open(String uri, Configuration hadoop) {
    String root = uri.replaceFirst("/+$", "");
    try {
      // Of s3a://bucket alone, Hadoop would make a relative path.
      org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(root + "/");
      RemoteFolder folder = new RemoteFolder(root, path.getFileSystem(hadoop));
      if (folder.files.getFileStatus(path).isDirectory()) {
        return folder;
      }
    } catch (FileNotFoundException e) {
      throw missing(uri, "there is no such folder", e);
    } catch (UnsupportedFileSystemException e) {
      throw missing(uri, e.getMessage() + "; s3a:// and hdfs:// are known", e);
    } catch (IOException | IllegalArgumentException e) { // such as a host that is not known
      throw unreachable(uri, e);
    }
    throw missing(uri, "it is a file", null);
  }

  /**
   * The files right below a part of the folder, sorted by name; none where there is no such part.
   *
   * @param part a relative path, or empty for the folder itself
   */
  public List<RemoteFile> list(String part) {
    List<RemoteFile> found = new ArrayList<>();
    try {
      for (FileStatus status : files.listStatus(path(part))) {
        if (status.isFile()) {
          String name = status.getPath().getName();
          found.add(
              new RemoteFile(
                  part.isEmpty() ? name : part + "/" + name, status.getLen(), version(status)));
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw unreachable(uri + "/" + part, e);
    }
    found.sort(Comparator.comparing(RemoteFile::path));
    return found;
  }

  private static String version(FileStatus status) {
    String tag = status instanceof EtagSource tagged ? tagged.getEtag() : null;
    return tag == null ? String.valueOf(status.getModificationTime()) : tag;
  }

  /** The content of a small file. */
  public byte[] read(String file) {
    try (InputStream stream = files.open(path(file))) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw unreachable(uri + "/" + file, e);
    }
  }

  /**
   * Copies files to a local folder, under their relative paths.
   *
   * @throws HoneException if one has another size than was listed
   */
  public void copy(List<RemoteFile> wanted, Path local) {
    for (RemoteFile file : wanted) {
      Path target = local.resolve(file.path());
      try {
        Files.createDirectories(target.getParent());
        try (InputStream stream = files.open(path(file.path()))) {
          Files.copy(stream, target);
        }
        if (Files.size(target) != file.size()) {
          throw new IOException(
              "copied %d bytes, listed were %d".formatted(Files.size(target), file.size()));
        }
      } catch (IOException e) {
        throw new HoneException(
            ErrorCode.STORAGE,
            "Cannot copy %s/%s to %s: %s. Run the same command again once it can."
                .formatted(uri, file.path(), target, e),
            e);
      }
    }
  }

  private org.apache.hadoop.fs.Path path(String relative) {
    return new org.apache.hadoop.fs.Path(uri + "/" + relative);
  }

  private static HoneException missing(String uri, String why, Exception cause) {
    return new HoneException(
        ErrorCode.CONFIGURATION,
        "Cannot find the folder %s: %s. Check its name.".formatted(uri, why),
        cause);
  }

  private static HoneException unreachable(String uri, Exception e) {
    return new HoneException(
        ErrorCode.STORAGE,
        "Cannot read %s: %s. Check the address and spark.hadoop.* settings, then run the same command again."
            .formatted(uri, e),
        e);
  }
}
