package dev.hone.search.spark;

import dev.hone.store.CommittedFile;
import java.io.Serializable;
import java.util.List;

/**
 * One published shard of an index.
 *
 * @param folder its folder in the workspace
 * @param name a name for a copy of it, another for every shard of every index
 * @param files its files
 */
record Shard(String folder, String name, List<CommittedFile> files) implements Serializable {
  /** The size of all its files. */
  long bytes() {
    return files.stream().mapToLong(CommittedFile::size).sum();
  }
}
