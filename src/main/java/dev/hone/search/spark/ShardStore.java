package dev.hone.search.spark;

import dev.hone.config.Bm25Config;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.StageContext;
import dev.hone.search.Bm25Index;
import dev.hone.store.CommittedFile;
import dev.hone.store.LocalCache;
import dev.hone.store.Workspace;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where tasks leave and find shards: in the workspace, and as copies on each host's disk where the
 * workspace lies elsewhere. All tasks of a process that share one by broadcast look at the content
 * of a shard once.
 */
final class ShardStore implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(ShardStore.class);

  private final String workspace;
  private final String cache;
  private final SerializableConfiguration hadoop;

  /** Where each shard lies whose content was seen to be what was published; made when needed. */
  private transient Map<String, Path> seen;

  private ShardStore(String workspace, String cache, SerializableConfiguration hadoop) {
    this.workspace = workspace;
    this.cache = cache;
    this.hadoop = hadoop;
  }

  static ShardStore of(StageContext context) {
    return new ShardStore(
        context.workspace().uri(),
        context.cache().root().toString(),
        new SerializableConfiguration(context.spark().sparkContext().hadoopConfiguration()));
  }

  private Workspace open() {
    return Workspace.attach(workspace, hadoop.value());
  }

  /** Copies a shard to the workspace. */
  List<CommittedFile> upload(Path local, String folder) {
    return open().upload(local, folder);
  }

  /**
   * Opens a shard once its content is seen to be what was published; close it.
   *
   * @throws HoneException if it is not
   */
  Bm25Index open(Shard shard, Bm25Config options) {
    return Bm25Index.open(folder(shard), options);
  }

  /** One task looks, or copies, while the others of its process wait for what it sees. */
  private synchronized Path folder(Shard shard) {
    if (seen == null) {
      seen = new HashMap<>();
    }
    return seen.computeIfAbsent(
        shard.folder(), unseen -> open().isLocal() ? inPlace(shard) : copy(shard));
  }

  private static Path inPlace(Shard shard) {
    Path folder = Path.of(shard.folder());
    if (!Workspace.holds(folder, shard.files())) {
      throw new HoneException(
          ErrorCode.STORAGE,
          "Cannot search the index in %s: its content is not what was published. Restore its files, or delete the commit of the index step that names it and run the same command again."
              .formatted(folder));
    }
    return folder;
  }

  private Path copy(Shard shard) {
    LocalCache local = LocalCache.at(Path.of(cache));
    LocalCache.Filler download = target -> open().download(shard.folder(), shard.files(), target);
    Path folder = local.entry(shard.name(), download);
    if (Workspace.holds(folder, shard.files())) {
      return folder;
    }
    LOG.warn("{} is damaged, the shard is copied from the workspace again", folder);
    try {
      LocalCache.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete the damaged " + folder, e);
    }
    return local.entry(shard.name(), download);
  }
}
