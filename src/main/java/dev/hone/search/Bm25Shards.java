package dev.hone.search;

import dev.hone.config.Bm25Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.Weight;

/**
 * Several shards of a collection on one machine, searched by BM25 one after the other: what the
 * first ones hold spares the later ones most of their work.
 *
 * <p>Scores are those of an index of the whole collection, bit for bit: shards are searched with
 * the collection's statistics, and the scores of a query's terms are added in float64, where sums
 * of float32 of like sizes are exact in any order. Searching is safe for several threads.
 */
public final class Bm25Shards implements AutoCloseable {
  /** How much deeper a search looks when it found too few documents among its chunks. */
  private static final int DEEPER = 4;

  private final List<Bm25Index> shards;
  private final Bm25Config options;
  private final List<FieldStatistics> collection;
  private final IndexReader reader;

  /**
   * Takes shards over, none of whose documents stands in another one with its chunks.
   *
   * @param shards at least one, all of the same options
   * @param collection the statistics of the whole collection, for each field
   */
  public Bm25Shards(List<Bm25Index> shards, List<FieldStatistics> collection) {
    IndexSearcher.setMaxClauseCount(Integer.MAX_VALUE); // a query may be a whole document
    this.shards = List.copyOf(shards);
    this.options = shards.get(0).options();
    this.collection = List.copyOf(collection);
    this.reader = together(shards);
  }

  private static IndexReader together(List<Bm25Index> shards) {
    try {
      // The shards close what they opened.
      return new MultiReader(
          shards.stream().map(Bm25Index::reader).toArray(IndexReader[]::new), false);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the indexes together", e);
    }
  }

  /** For each field, how many documents of these shards hold a term. */
  public List<Long> documentFrequencies(String term) {
    List<Long> frequencies = new ArrayList<>();
    try {
      for (String field : Bm25Index.fields(options)) {
        frequencies.add((long) reader.docFreq(new Term(field, term)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the index", e);
    }
    return frequencies;
  }

  /**
   * The best documents for a query, ties by id ascending, also at rank k.
   *
   * @param terms of the query; a term that no document of the collection holds may be left out
   * @param k at least 1
   */
  public List<Hit> search(List<QueryTerm> terms, SearchUnit unit, int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1: " + k);
    }
    CollectionSearcher searcher = new CollectionSearcher(reader, options, collection, terms);
    try {
      Weight weight = searcher.weigh(query(terms));
      return switch (unit) {
        case CHUNK -> chunks(searcher, weight, k);
        case PARENT -> parents(searcher, weight, k);
      };
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot search the index", e);
    }
  }

  private Query query(List<QueryTerm> terms) {
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    for (String field : Bm25Index.fields(options)) {
      for (QueryTerm term : terms) {
        TermQuery plain = new TermQuery(new Term(field, term.term()));
        query.add(
            term.count() == 1 ? plain : new BoostQuery(plain, term.count()),
            BooleanClause.Occur.SHOULD);
      }
    }
    return query.build();
  }

  /** Names are read for those alone that are among the best of all shards. */
  private List<Hit> chunks(CollectionSearcher searcher, Weight weight, int k) throws IOException {
    int most = Math.max(1, Math.min(k, reader.maxDoc()));
    List<ScoreDoc> best = List.of();
    Floor floor = Floor.at(0);
    for (LeafReaderContext shard : reader.leaves()) {
      ScoreDoc[] found = searcher.best(shard, weight, most, floor);
      if (shard.ord == 0 && reader.leaves().size() > 1) {
        floor = Floor.above(found, most);
      }
      best = best.isEmpty() ? Arrays.asList(found) : merged(best, found, most);
    }
    return best(hits(best, Bm25Index.ID), k);
  }

  /** The best k of both, and all whose score is that of the last of them: ids decide later. */
  private static List<ScoreDoc> merged(List<ScoreDoc> best, ScoreDoc[] found, int k) {
    List<ScoreDoc> all = new ArrayList<>(best.size() + found.length);
    int next = 0;
    for (ScoreDoc old : best) {
      while (next < found.length && found[next].score > old.score) {
        all.add(found[next++]);
      }
      all.add(old);
    }
    all.addAll(Arrays.asList(found).subList(next, found.length));
    int kept = Math.min(k, all.size());
    while (kept < all.size() && kept >= k && all.get(kept).score == all.get(k - 1).score) {
      kept++;
    }
    return all.subList(0, kept);
  }

  private List<Hit> parents(CollectionSearcher searcher, Weight weight, int k) throws IOException {
    List<Hit> best = new ArrayList<>();
    float floor = 0;
    for (LeafReaderContext shard : reader.leaves()) {
      best.addAll(parents(searcher, weight, shard, k, floor));
      best = new ArrayList<>(best(best, k));
      floor = best.size() < k ? 0 : best.get(k - 1).score();
    }
    return best;
  }

  private List<Hit> parents(
      CollectionSearcher searcher, Weight weight, LeafReaderContext shard, int k, float floor)
      throws IOException {
    for (long depth = k; ; depth *= DEEPER) {
      int deep = (int) Math.min(depth, Integer.MAX_VALUE);
      ScoreDoc[] found = searcher.best(shard, weight, deep, Floor.at(floor));
      Map<String, Hit> byParent = new HashMap<>();
      hits(Arrays.asList(found), Bm25Index.PARENT)
          .forEach(hit -> byParent.merge(hit.documentId(), hit, Bm25Shards::better));
      List<Hit> best = best(byParent.values().stream().toList(), k);
      boolean isAll = found.length < depth;
      // Parents that tie at rank k may still hide below the last chunk found.
      if (isAll || (best.size() == k && best.get(k - 1).score() > found[found.length - 1].score)) {
        return best;
      }
    }
  }

  private static Hit better(Hit a, Hit b) {
    return a.score() >= b.score() ? a : b;
  }

  private static List<Hit> best(List<Hit> hits, int k) {
    return hits.stream().sorted(Hit.ORDER).limit(k).toList();
  }

  /** The documents' names by a field, in the order of what was found. */
  private List<Hit> hits(List<ScoreDoc> found, String field) throws IOException {
    String[] names = names(found, field);
    List<Hit> hits = new ArrayList<>(names.length);
    for (int place = 0; place < names.length; place++) {
      hits.add(new Hit(names[place], found.get(place).score));
    }
    return hits;
  }

  private String[] names(List<ScoreDoc> found, String field) throws IOException {
    long[] byDocument = new long[found.size()]; // doc values are read forwards
    for (int place = 0; place < byDocument.length; place++) {
      byDocument[place] = ((long) found.get(place).doc << Integer.SIZE) | place;
    }
    Arrays.sort(byDocument);
    String[] names = new String[byDocument.length];
    int next = 0;
    for (LeafReaderContext shard : reader.leaves()) {
      int end = shard.docBase + shard.reader().maxDoc();
      BinaryDocValues values = null;
      for (; next < names.length && byDocument[next] >>> Integer.SIZE < end; next++) {
        values = values == null ? shard.reader().getBinaryDocValues(field) : values;
        values.advanceExact((int) (byDocument[next] >>> Integer.SIZE) - shard.docBase);
        names[(int) byDocument[next]] = values.binaryValue().utf8ToString();
      }
    }
    return names;
  }

  @Override
  public void close() {
    shards.forEach(Bm25Index::close);
  }
}
