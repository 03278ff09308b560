package dev.hone.search.spark;

import dev.hone.search.FieldStatistics;
import dev.hone.store.Commit;
import java.util.ArrayList;
import java.util.List;

/**
 * The published BM25 index of one data set.
 *
 * @param commit what the index step published
 * @param shards its shards; none where there is no document
 * @param statistics of the whole collection, for each field
 */
public record ShardedIndex(Commit commit, List<Shard> shards, List<FieldStatistics> statistics) {
  /** Copies the lists. */
  public ShardedIndex {
    shards = List.copyOf(shards);
    statistics = List.copyOf(statistics);
  }

  /**
   * The shards in groups of at most so many bytes; one that is larger is a group by itself. The
   * groups can be sent to tasks.
   */
  List<List<Shard>> groups(long bytes) {
    List<List<Shard>> groups = new ArrayList<>();
    List<Shard> group = new ArrayList<>();
    long size = 0;
    for (Shard shard : shards) {
      if (!group.isEmpty() && size + shard.bytes() > bytes) {
        groups.add(List.copyOf(group));
        group.clear();
        size = 0;
      }
      group.add(shard);
      size += shard.bytes();
    }
    if (!group.isEmpty()) {
      groups.add(List.copyOf(group));
    }
    return groups;
  }
}
