package dev.hone.search;

import dev.hone.config.Bm25Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Documents in one shard or in many, searched as one collection. */
final class ShardedCorpus implements AutoCloseable {
  private final Bm25Config options;
  private final List<Bm25Index> shards = new ArrayList<>();
  private final List<FieldStatistics> collection = new ArrayList<>();

  ShardedCorpus(Path folder, Bm25Config options, List<TextDocument> documents, int count)
      throws IOException {
    this.options = options;
    options.fields().forEach(field -> collection.add(FieldStatistics.NONE));
    for (int shard = 0; shard < count; shard++) {
      int number = shard;
      List<TextDocument> own =
          documents.stream()
              .filter(document -> Math.floorMod(document.parentId().hashCode(), count) == number)
              .sorted(Comparator.comparing(TextDocument::id, Hit.BY_UTF8))
              .toList();
      Path place = Files.createDirectories(folder.resolve("shard-" + count + "-" + shard));
      Bm25Index.build(place, options, own.iterator());
      Bm25Index index = Bm25Index.open(place, options);
      shards.add(index);
      for (int field = 0; field < collection.size(); field++) {
        collection.set(field, collection.get(field).plus(index.statistics().get(field)));
      }
    }
  }

  List<Hit> search(String text, SearchUnit unit, int k) {
    List<QueryTerm> terms = new ArrayList<>();
    try (TermCounter counter = new TermCounter(options.analysis())) {
      for (Map.Entry<String, Integer> term : counter.terms(text).entrySet()) {
        List<Long> frequencies =
            new ArrayList<>(java.util.Collections.nCopies(collection.size(), 0L));
        for (Bm25Index shard : shards) {
          List<Long> own = shard.documentFrequencies(term.getKey());
          for (int field = 0; field < own.size(); field++) {
            frequencies.set(field, frequencies.get(field) + own.get(field));
          }
        }
        terms.add(new QueryTerm(term.getKey(), term.getValue(), frequencies));
      }
    }
    return new Bm25Shards(shards).search(terms, collection, unit, k);
  }

  @Override
  public void close() {
    shards.forEach(Bm25Index::close);
  }
}
