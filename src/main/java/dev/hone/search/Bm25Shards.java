package dev.hone.search;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Several shards of a collection on one machine, searched one after the other: what the first ones
 * hold spares the later ones most of their work. Searching is safe for several threads.
 */
public final class Bm25Shards implements AutoCloseable {
  private final List<Bm25Index> shards;

  /** Takes shards over, none of whose documents stands in another one with its chunks. */
  public Bm25Shards(List<Bm25Index> shards) {
    this.shards = List.copyOf(shards);
  }

  /** For each field, how many documents of these shards hold a term. */
  public List<Long> documentFrequencies(String term) {
    List<Long> sums = new ArrayList<>();
    for (Bm25Index shard : shards) {
      List<Long> frequencies = shard.documentFrequencies(term);
      for (int field = 0; field < frequencies.size(); field++) {
        if (field == sums.size()) {
          sums.add(0L);
        }
        sums.set(field, sums.get(field) + frequencies.get(field));
      }
    }
    return sums;
  }

  /**
   * The best documents for a query, ties by id ascending, also at rank k.
   *
   * @param terms of the query; a term that no document of the collection holds may be left out
   * @param collection the statistics of the whole collection, for each field
   * @param k at least 1
   */
  public List<Hit> search(
      List<QueryTerm> terms, List<FieldStatistics> collection, SearchUnit unit, int k) {
    List<Hit> best = List.of();
    float floor = 0;
    for (Bm25Index shard : shards) {
      List<Hit> found = shard.search(terms, collection, unit, k, floor);
      best = Stream.concat(best.stream(), found.stream()).sorted(Hit.ORDER).limit(k).toList();
      floor = best.size() < k ? 0 : best.get(k - 1).score();
    }
    return best;
  }

  @Override
  public void close() {
    shards.forEach(Bm25Index::close);
  }
}
