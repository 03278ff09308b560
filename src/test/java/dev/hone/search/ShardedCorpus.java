package dev.hone.search;

import dev.hone.config.Bm25Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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

  /** Searches all shards at once, which are the whole collection. */
  List<Hit> search(String text, SearchUnit unit, int k) {
    return new Bm25Shards(shards, collection).search(terms(text, false), unit, k);
  }

  /** Searches each shard by itself, as machines do that hold one each. */
  List<Hit> searchApart(String text, SearchUnit unit, int k) {
    List<QueryTerm> terms = terms(text, true);
    return shards.stream()
        .flatMap(
            shard -> new Bm25Shards(List.of(shard), collection).search(terms, unit, k).stream())
        .sorted(Hit.ORDER)
        .limit(k)
        .toList();
  }

  private List<QueryTerm> terms(String text, boolean withFrequencies) {
    List<QueryTerm> terms = new ArrayList<>();
    Bm25Shards all = new Bm25Shards(shards, collection);
    try (TermCounter counter = new TermCounter(options.analysis())) {
      counter
          .terms(text)
          .forEach(
              (term, count) ->
                  terms.add(
                      new QueryTerm(
                          term,
                          count,
                          withFrequencies ? all.documentFrequencies(term) : List.of())));
    }
    return terms;
  }

  @Override
  public void close() {
    shards.forEach(Bm25Index::close);
  }
}
