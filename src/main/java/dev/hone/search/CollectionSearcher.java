package dev.hone.search;

import dev.hone.config.Bm25Config;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.TermStatistics;
import org.apache.lucene.search.Weight;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.util.BytesRef;

/** Searches shards with the statistics of the whole collection, for one query. */
final class CollectionSearcher extends IndexSearcher {
  private final Map<String, FieldStatistics> fields = new HashMap<>();
  private final Map<Term, Long> documentFrequencies = new HashMap<>();

  CollectionSearcher(
      IndexReader shards,
      Bm25Config options,
      List<FieldStatistics> collection,
      List<QueryTerm> terms) {
    super(shards);
    setQueryCache(null); // every query is asked once
    setSimilarity(new BM25Similarity((float) options.k1(), (float) options.b()));
    List<String> names = Bm25Index.fields(options);
    for (int i = 0; i < names.size(); i++) {
      String field = names.get(i);
      fields.put(field, collection.get(i));
      for (QueryTerm term : terms) {
        if (term.documentFrequencies().isEmpty()) {
          continue; // Lucene's own, as the shards are the collection
        }
        documentFrequencies.put(new Term(field, term.term()), term.documentFrequencies().get(i));
      }
    }
  }

  /** What a query's terms are worth, for all shards. */
  Weight weigh(Query query) throws IOException {
    return createWeight(rewrite(query), ScoreMode.TOP_SCORES, 1);
  }

  /**
   * One shard's best documents, best first, of equal scores those of the lowest ids.
   *
   * @param most at most so many, at least 1
   * @param floor documents of lower scores are left out, and cost the less the higher it is
   */
  ScoreDoc[] best(LeafReaderContext shard, Weight weight, int most, Floor floor)
      throws IOException {
    BestAbove best = new BestAbove(Math.max(1, Math.min(most, shard.reader().maxDoc())), floor);
    search(List.of(shard), weight, best);
    return best.sorted();
  }

  @Override
  public CollectionStatistics collectionStatistics(String field) {
    FieldStatistics statistics = fields.get(field);
    return statistics.documentsWithTerms() == 0
        ? null
        : new CollectionStatistics(
            field,
            statistics.documents(),
            statistics.documentsWithTerms(),
            statistics.termOccurrences(),
            statistics.postings());
  }

  @Override
  public TermStatistics termStatistics(Term term, int shardFrequency, long shardOccurrences) {
    long frequency = documentFrequencies.getOrDefault(term, (long) shardFrequency);
    // BM25 does not ask how often the term stands in all documents together.
    return new TermStatistics(
        new BytesRef(term.text()), frequency, Math.max(frequency, shardOccurrences));
  }
}
