package dev.hone.store;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * The contract by HDFS's way, on Hadoop's local file system, whose rename is no atomic create:
 * races are not for this test.
 */
class HadoopFilesTest extends DiskFilesContract {
  @Override
  WorkspaceFiles files() throws IOException {
    return new HadoopFiles(FileSystem.getLocal(new Configuration()).getRaw(), false);
  }
}
