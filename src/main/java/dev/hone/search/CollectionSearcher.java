package dev.hone.search;

import dev.hone.config.Bm25Config;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermStatistics;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.util.BytesRef;

/** Searches one shard with the statistics of the whole collection, for one query. */
final class CollectionSearcher extends IndexSearcher {
  private final Map<String, FieldStatistics> fields = new HashMap<>();
  private final Map<Term, Long> documentFrequencies = new HashMap<>();

  CollectionSearcher(
      IndexReader shard,
      Bm25Config options,
      List<FieldStatistics> collection,
      List<QueryTerm> terms) {
    super(shard);
    setQueryCache(null); // every query is asked once
    setSimilarity(new BM25Similarity((float) options.k1(), (float) options.b()));
    List<String> names = Bm25Index.fields(options);
    for (int i = 0; i < names.size(); i++) {
      String field = names.get(i);
      fields.put(field, collection.get(i));
      for (QueryTerm term : terms) {
        documentFrequencies.put(new Term(field, term.term()), term.documentFrequencies().get(i));
      }
    }
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
    long frequency = documentFrequencies.get(term);
    // BM25 does not ask how often the term stands in all documents together.
    return new TermStatistics(
        new BytesRef(term.text()), frequency, Math.max(frequency, shardOccurrences));
  }
}
