package dev.hone.search.spark;

import dev.hone.search.FieldStatistics;
import dev.hone.store.Commit;
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
}
