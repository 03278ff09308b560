package dev.hone.search;

import dev.hone.config.Bm25Config;
import dev.hone.config.DocumentField;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.IOUtils;

/**
 * The BM25 index of one shard of a collection, in a local folder that is mapped into memory.
 *
 * <p>Scores are those of an index of the whole collection, bit for bit: a shard is searched with
 * the collection's statistics, and the scores of a query's terms are added in float64, where sums
 * of float32 of like sizes are exact in any order. Searching is safe for several threads.
 */
public final class Bm25Index implements AutoCloseable {
  private static final String ID = "id";
  private static final String PARENT = "parent";
  private static final double BUFFER_MEGABYTES = 128;

  /** How much deeper a search looks when it found too few documents among its chunks. */
  private static final int DEEPER = 4;

  private final DirectoryReader reader;
  private final Bm25Config options;
  private final List<String> fields;

  private Bm25Index(DirectoryReader reader, Bm25Config options) {
    this.reader = reader;
    this.options = options;
    this.fields = fields(options);
  }

  /** The names of the fields in the index. */
  static List<String> fields(Bm25Config options) {
    return options.fields().stream().map(DocumentField::label).toList();
  }

  /**
   * Indexes documents. Their order decides between equal scores, so it has to be that of the ids.
   *
   * @param folder an empty folder of the local disk
   * @param documents by ascending id ({@link Hit#BY_UTF8}), none twice
   * @throws IllegalArgumentException if an id stands in the wrong place
   */
  public static void build(Path folder, Bm25Config options, Iterator<TextDocument> documents) {
    try (Analyzer analyzer = Analyzers.open(options.analysis());
        FSDirectory directory = FSDirectory.open(folder);
        IndexWriter writer = new IndexWriter(directory, writing(analyzer))) {
      FieldType type = searched();
      String before = null;
      while (documents.hasNext()) {
        TextDocument document = documents.next();
        if (before != null && Hit.BY_UTF8.compare(before, document.id()) >= 0) {
          throw new IllegalArgumentException(
              "document " + document.id() + " comes after " + before + ", ids must ascend");
        }
        before = document.id();
        writer.addDocument(fields(document, options, type));
      }
      writer.forceMerge(1); // equal scores come in the documents' order within a segment
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the index in " + folder, e);
    }
  }

  private static IndexWriterConfig writing(Analyzer analyzer) {
    return new IndexWriterConfig(analyzer)
        .setMergePolicy(new LogDocMergePolicy()) // keeps the documents' order
        .setUseCompoundFile(false) // else even a single segment is written again by the merge
        .setRAMBufferSizeMB(BUFFER_MEGABYTES);
  }

  /** Terms with frequencies and lengths; no positions, because no phrase is searched. */
  private static FieldType searched() {
    FieldType type = new FieldType();
    type.setTokenized(true);
    type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
    type.freeze();
    return type;
  }

  private static Document fields(TextDocument document, Bm25Config options, FieldType type) {
    Document fields = new Document();
    fields.add(new BinaryDocValuesField(ID, new BytesRef(document.id())));
    fields.add(new BinaryDocValuesField(PARENT, new BytesRef(document.parentId())));
    List<String> names = fields(options);
    for (int i = 0; i < names.size(); i++) {
      fields.add(new Field(names.get(i), document.texts().get(i), type));
    }
    return fields;
  }

  /** Opens an index that {@link #build} wrote with the same analysis and fields. */
  public static Bm25Index open(Path folder, Bm25Config options) {
    IndexSearcher.setMaxClauseCount(Integer.MAX_VALUE); // a query may be a whole document
    try {
      return new Bm25Index(DirectoryReader.open(FSDirectory.open(folder)), options);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the index in " + folder, e);
    }
  }

  /** The shard's statistics, for each field. */
  public List<FieldStatistics> statistics() {
    List<FieldStatistics> statistics = new ArrayList<>();
    try {
      for (String field : fields) {
        FieldStatistics sum = new FieldStatistics(reader.maxDoc(), 0, 0, 0);
        for (LeafReaderContext leaf : reader.leaves()) {
          Terms terms = leaf.reader().terms(field);
          if (terms != null) {
            sum =
                sum.plus(
                    new FieldStatistics(
                        0,
                        terms.getDocCount(),
                        terms.getSumTotalTermFreq(),
                        terms.getSumDocFreq()));
          }
        }
        statistics.add(sum);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the index", e);
    }
    return statistics;
  }

  /** For each field, how many documents of the shard hold a term. */
  public List<Long> documentFrequencies(String term) {
    List<Long> frequencies = new ArrayList<>();
    try {
      for (String field : fields) {
        frequencies.add((long) reader.docFreq(new Term(field, term)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the index", e);
    }
    return frequencies;
  }

  /**
   * The shard's best documents for a query, ties by id ascending, also at rank k.
   *
   * @param terms of the query; a term that no document of the collection holds may be left out
   * @param collection the statistics of the whole collection, for each field
   * @param k at least 1
   */
  public List<Hit> search(
      List<QueryTerm> terms, List<FieldStatistics> collection, SearchUnit unit, int k) {
    return search(terms, collection, unit, k, 0);
  }

  /**
   * The same without the documents whose score is below a floor, which cost the less the higher it
   * is.
   */
  List<Hit> search(
      List<QueryTerm> terms,
      List<FieldStatistics> collection,
      SearchUnit unit,
      int k,
      float floor) {
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1: " + k);
    }
    Query query = query(terms);
    CollectionSearcher searcher = new CollectionSearcher(reader, options, collection, terms);
    try {
      return switch (unit) {
        case CHUNK -> hits(top(searcher, query, k, floor), ID);
        case PARENT -> parents(searcher, query, k, floor);
      };
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot search the index", e);
    }
  }

  private Query query(List<QueryTerm> terms) {
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    for (String field : fields) {
      for (QueryTerm term : terms) {
        TermQuery plain = new TermQuery(new Term(field, term.term()));
        query.add(
            term.count() == 1 ? plain : new BoostQuery(plain, term.count()),
            BooleanClause.Occur.SHOULD);
      }
    }
    return query.build();
  }

  /** Of equal scores the first is kept, which is the lowest id. */
  private ScoreDoc[] top(IndexSearcher searcher, Query query, int depth, float floor)
      throws IOException {
    int most = Math.max(1, Math.min(depth, reader.maxDoc()));
    return searcher.search(query, new BestAbove.Manager(most, floor));
  }

  private List<Hit> parents(IndexSearcher searcher, Query query, int k, float floor)
      throws IOException {
    for (long depth = k; ; depth *= DEEPER) {
      ScoreDoc[] found = top(searcher, query, (int) Math.min(depth, Integer.MAX_VALUE), floor);
      Map<String, Hit> best = new HashMap<>();
      hits(found, PARENT).forEach(hit -> best.merge(hit.documentId(), hit, Bm25Index::better));
      List<Hit> sorted = best.values().stream().sorted(Hit.ORDER).limit(k).toList();
      boolean isAll = found.length < depth;
      // Parents that tie at rank k may still hide below the last chunk found.
      if (isAll
          || (sorted.size() == k && sorted.get(k - 1).score() > found[found.length - 1].score)) {
        return sorted;
      }
    }
  }

  private static Hit better(Hit a, Hit b) {
    return a.score() >= b.score() ? a : b;
  }

  private List<Hit> hits(ScoreDoc[] found, String id) throws IOException {
    ScoreDoc[] ascending = found.clone(); // doc values are read forwards
    Arrays.sort(ascending, Comparator.comparingInt(document -> document.doc));
    Map<Integer, String> ids = new HashMap<>();
    for (LeafReaderContext leaf : reader.leaves()) {
      LeafReader segment = leaf.reader();
      BinaryDocValues values = segment.getBinaryDocValues(id);
      for (ScoreDoc document : ascending) {
        int local = document.doc - leaf.docBase;
        if (local >= 0 && local < segment.maxDoc() && values.advanceExact(local)) {
          ids.put(document.doc, values.binaryValue().utf8ToString());
        }
      }
    }
    return Arrays.stream(found)
        .map(document -> new Hit(ids.get(document.doc), document.score))
        .toList();
  }

  @Override
  public void close() {
    try {
      IOUtils.close(reader, reader.directory());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close the index", e);
    }
  }
}
