package dev.hone.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and folders have the permissions and the content that Hadoop's own file system gives. */
class InProcessLocalFileSystemTest {
  @TempDir private java.nio.file.Path folder;
  private FileSystem own;
  private FileSystem hadoops;

  @BeforeEach
  void open() throws IOException {
    own = fileSystem("dev.hone.store.InProcessLocalFileSystem");
    hadoops = fileSystem("org.apache.hadoop.fs.LocalFileSystem");
    assertThat(own).isInstanceOf(InProcessLocalFileSystem.class);
  }

  @AfterEach
  void close() throws IOException {
    own.close();
    hadoops.close();
  }

  private static FileSystem fileSystem(String type) throws IOException {
    Configuration hadoop = new Configuration(false);
    hadoop.set("fs.file.impl", type);
    hadoop.set("fs.permissions.umask-mode", "027");
    return FileSystem.newInstance(URI.create("file:///"), hadoop);
  }

  private Path path(String name) {
    return new Path(folder.resolve(name).toUri());
  }

  private String permissions(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
  }

  private void write(FileSystem files, String name) throws IOException {
    try (FSDataOutputStream out = files.create(path(name))) {
      out.write("text".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void newFilesAndFoldersHaveThePermissionsThatHadoopGives() throws IOException {
    write(own, "own/deep/file");
    write(hadoops, "hadoops/deep/file");
    for (String name : new String[] {"", "/deep", "/deep/file", "/deep/.file.crc"}) {
      assertThat(permissions("own" + name)).isEqualTo(permissions("hadoops" + name));
    }
    assertThat(permissions("own/deep")).isEqualTo("rwxr-x---");
    assertThat(permissions("own/deep/file")).isEqualTo("rw-r-----");
  }

  @Test
  void permissionsAreSetAsAskedFor() throws IOException {
    write(own, "file");
    own.setPermission(path("file"), new FsPermission((short) 0604));
    assertThat(permissions("file")).isEqualTo("rw----r--");
    assertThat(own.getFileStatus(path("file")).getPermission())
        .isEqualTo(new FsPermission((short) 0604));
  }

  @Test
  void aStickyBitIsSetToo() throws IOException {
    own.mkdirs(path("shared"));
    own.setPermission(path("shared"), new FsPermission((short) 01777));
    assertThat(hadoops.getFileStatus(path("shared")).getPermission().getStickyBit()).isTrue();
  }

  @Test
  void whatIsNotThereIsAnError() {
    assertThatThrownBy(() -> own.setPermission(path("none"), new FsPermission((short) 0644)))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("none");
  }

  @Test
  void damageIsFoundByTheChecksum() throws IOException {
    write(own, "file");
    Files.writeString(folder.resolve("file"), "tExt");
    try (FSDataInputStream in = own.open(path("file"))) {
      assertThatThrownBy(in::readAllBytes).isInstanceOf(ChecksumException.class);
    }
  }
}
