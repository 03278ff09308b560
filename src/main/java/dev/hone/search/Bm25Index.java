package dev.hone.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;

/**
 * A BM25 index of one collection in a local folder.
 *
 * <p>k1 0.9, b 0.4, English stemming and stop words, one field: Anserini's flat index. Searching is
 * safe for several threads.
 */
public final class Bm25Index implements AutoCloseable {
  private static final String ID = "id";
  private static final String TEXT = "text";
  private static final float K1 = 0.9f;
  private static final float B = 0.4f;

  private static final Sort ORDER =
      new Sort(SortField.FIELD_SCORE, new SortField(ID, SortField.Type.STRING));

  private final DirectoryReader reader;
  private final IndexSearcher searcher;
  private final Analyzer analyzer;

  private Bm25Index(DirectoryReader reader, Analyzer analyzer) {
    this.reader = reader;
    this.analyzer = analyzer;
    this.searcher = new IndexSearcher(reader);
    searcher.setSimilarity(new BM25Similarity(K1, B));
  }

  /**
   * Indexes documents, one by one and in their order.
   *
   * @param folder an empty folder of the local disk, which the index maps into memory
   */
  public static Bm25Index build(Path folder, Iterator<TextDocument> documents) {
    Analyzer analyzer = new EnglishAnalyzer();
    IndexSearcher.setMaxClauseCount(Integer.MAX_VALUE); // a query may be a whole document
    try {
      IndexWriterConfig config = new IndexWriterConfig(analyzer);
      config.setSimilarity(new BM25Similarity(K1, B));
      config.setMergePolicy(new LogDocMergePolicy()); // keeps the documents' order
      FSDirectory directory = FSDirectory.open(folder);
      try (IndexWriter writer = new IndexWriter(directory, config)) {
        while (documents.hasNext()) {
          TextDocument document = documents.next();
          Document fields = new Document();
          fields.add(new SortedDocValuesField(ID, new BytesRef(document.id())));
          fields.add(new TextField(TEXT, document.text(), Field.Store.NO));
          writer.addDocument(fields);
        }
        writer.forceMerge(1);
      }
      return new Bm25Index(DirectoryReader.open(directory), analyzer);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the index in " + folder, e);
    }
  }

  /**
   * The best documents of a query, ties by id ascending, also at rank k; of several documents with
   * one id (the chunks of a document), the best counts.
   *
   * @param text searched term by term after analysis; never parsed
   * @param k at least 1
   */
  public List<Hit> search(String text, int k) {
    try {
      BooleanQuery.Builder query = new BooleanQuery.Builder();
      for (Map.Entry<String, Integer> term : terms(text).entrySet()) {
        TermQuery plain = new TermQuery(new Term(TEXT, term.getKey()));
        query.add(
            term.getValue() == 1 ? plain : new BoostQuery(plain, term.getValue()),
            BooleanClause.Occur.SHOULD);
      }
      BooleanQuery built = query.build();
      for (int depth = k; ; depth = Math.multiplyExact(depth, 4)) {
        // Sorting by (score, id) rather than by score alone: ties at rank k are cut by id.
        ScoreDoc[] found = searcher.search(built, depth, ORDER, true).scoreDocs;
        List<Hit> hits = firstOfEachId(found, k);
        if (hits.size() == k || found.length < depth) {
          return hits;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot search the index", e);
    }
  }

  private List<Hit> firstOfEachId(ScoreDoc[] found, int k) throws IOException {
    Map<String, Hit> hits = new LinkedHashMap<>();
    for (ScoreDoc document : found) {
      if (hits.size() < k) {
        String id = id(document.doc);
        hits.putIfAbsent(id, new Hit(id, document.score));
      }
    }
    return List.copyOf(hits.values());
  }

  private Map<String, Integer> terms(String text) throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    try (TokenStream tokens = analyzer.tokenStream(TEXT, text)) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        counts.merge(term.toString(), 1, Integer::sum);
      }
      tokens.end();
    }
    return counts;
  }

  private String id(int document) throws IOException {
    for (LeafReaderContext leaf : reader.leaves()) {
      int local = document - leaf.docBase;
      if (local >= 0 && local < leaf.reader().maxDoc()) {
        SortedDocValues ids = leaf.reader().getSortedDocValues(ID);
        ids.advanceExact(local);
        return ids.lookupOrd(ids.ordValue()).utf8ToString();
      }
    }
    throw new IllegalStateException("no document " + document);
  }

  @Override
  public void close() throws IOException {
    try {
      reader.close();
    } finally {
      reader.directory().close();
      analyzer.close();
    }
  }
}
