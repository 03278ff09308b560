package dev.hone.bench;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.search.Hit;
import dev.hone.search.TextDocument;
import dev.hone.store.LocalCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.MultiDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;

/**
 * A contestant: plain Lucene with several threads. One writer is shared by all of them; what they
 * search is one index of one segment, in the order of the documents' ids.
 */
public final class LuceneWorker {
  private static final String TEXT = "text";
  private static final String ID = "id";
  private static final double BUFFER_MEGABYTES = 128;
  private static final float K1 = (float) MineTask.BM25.k1();
  private static final float B = (float) MineTask.BM25.b();

  private final MineTask task;
  private final EnglishAnalyzer analyzer = new EnglishAnalyzer();
  private final ExecutorService threads = Executors.newFixedThreadPool(MineTask.THREADS);

  private LuceneWorker(MineTask task) {
    this.task = task;
  }

  /** Arguments: the task. */
  public static void main(String[] arguments) throws IOException {
    MineTask task = MineTask.of(arguments);
    LuceneWorker worker = new LuceneWorker(task);
    try {
      worker.answer();
    } finally {
      worker.threads.shutdown();
    }
  }

  private void answer() throws IOException {
    List<TextDocument> documents = MadeTexts.documents(task.documentTexts());
    Map<String, Answers.Work> works = new HashMap<>();
    if (task.has(MinePart.INDEX)) {
      works.put(MinePart.INDEX.toString(), () -> index(documents));
    }
    if (!task.has(MinePart.BM25)) {
      Answers.give("Lucene", works);
      return;
    }
    Path folder = task.folder().resolve("plain-index");
    buildOrdered(folder, documents);
    if (!task.has(MinePart.INDEX)) {
      documents.clear();
    }
    List<String> queries = MadeTexts.queries(task.queryTexts());
    try (FSDirectory directory = FSDirectory.open(folder);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      IndexSearcher searcher = new IndexSearcher(reader);
      searcher.setQueryCache(null); // every query is asked once
      searcher.setSimilarity(new BM25Similarity(K1, B));
      works.put(
          MinePart.BM25.toString(),
          () -> {
            long start = System.nanoTime();
            search(searcher, queries);
            return System.nanoTime() - start;
          });
      works.put(MinePart.BM25.check(), () -> check(searcher, queries));
      Answers.give("Lucene", works);
    }
  }

  private long index(List<TextDocument> documents) throws IOException {
    Path folder = Files.createTempDirectory(task.folder(), "plain-");
    long start = System.nanoTime();
    try (FSDirectory directory = FSDirectory.open(folder);
        IndexWriter writer = new IndexWriter(directory, config())) {
      inThreads(
          documents.size(),
          (first, step) -> {
            for (int i = first; i < documents.size(); i += step) {
              writer.addDocument(fields(documents.get(i)));
            }
          });
    }
    long nanos = System.nanoTime() - start;
    LocalCache.delete(folder);
    return nanos;
  }

  private void buildOrdered(Path folder, List<TextDocument> documents) throws IOException {
    try (FSDirectory directory = FSDirectory.open(folder);
        IndexWriter writer =
            new IndexWriter(directory, config().setMergePolicy(new LogDocMergePolicy()))) {
      for (TextDocument document : documents) {
        writer.addDocument(fields(document));
      }
      writer.forceMerge(1);
    }
  }

  private IndexWriterConfig config() {
    return new IndexWriterConfig(analyzer).setRAMBufferSizeMB(BUFFER_MEGABYTES);
  }

  private static Document fields(TextDocument document) {
    FieldType searched = new FieldType();
    searched.setTokenized(true);
    searched.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
    searched.freeze();
    Document fields = new Document();
    fields.add(new BinaryDocValuesField(ID, new BytesRef(document.id())));
    fields.add(new Field(TEXT, document.texts().get(0), searched));
    return fields;
  }

  private List<List<Hit>> search(IndexSearcher searcher, List<String> queries) throws IOException {
    List<List<Hit>> found = new ArrayList<>(queries.size());
    queries.forEach(query -> found.add(List.of()));
    inThreads(
        queries.size(),
        (first, step) -> {
          for (int i = first; i < queries.size(); i += step) {
            found.set(i, search(searcher, queries.get(i)));
          }
        });
    return found;
  }

  private List<Hit> search(IndexSearcher searcher, String text) throws IOException {
    ScoreDoc[] found = searcher.search(query(text), MineTask.K).scoreDocs;
    ScoreDoc[] ascending = found.clone(); // doc values are read forwards
    java.util.Arrays.sort(ascending, (a, b) -> Integer.compare(a.doc, b.doc));
    BinaryDocValues ids = MultiDocValues.getBinaryValues(searcher.getIndexReader(), ID);
    Map<Integer, String> names = new HashMap<>();
    for (ScoreDoc document : ascending) {
      ids.advanceExact(document.doc);
      names.put(document.doc, ids.binaryValue().utf8ToString());
    }
    List<Hit> hits = new ArrayList<>();
    for (ScoreDoc document : found) {
      hits.add(new Hit(names.get(document.doc), document.score));
    }
    return hits;
  }

  private Query query(String text) throws IOException {
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    try (TokenStream tokens = analyzer.tokenStream(TEXT, text)) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        query.add(new TermQuery(new Term(TEXT, term.toString())), BooleanClause.Occur.SHOULD);
      }
      tokens.end();
    }
    return query.build();
  }

  private long check(IndexSearcher searcher, List<String> queries) throws IOException {
    SearchResults results = new SearchResults();
    List<List<Hit>> found = search(searcher, queries.subList(0, task.checked()));
    for (int query = 0; query < found.size(); query++) {
      String id = MineTask.queryId(query);
      found.get(query).forEach(hit -> results.add(id, hit));
    }
    results.write(task.results(MinePart.BM25, "lucene"));
    return 0;
  }

  /** The work of one of several threads: every step-th piece from the first. */
  private interface Share {
    void work(int first, int step) throws IOException;
  }

  private void inThreads(int pieces, Share share) throws IOException {
    int step = Math.min(MineTask.THREADS, pieces);
    List<Callable<Void>> shares = new ArrayList<>();
    for (int thread = 0; thread < step; thread++) {
      int first = thread;
      shares.add(
          () -> {
            share.work(first, step);
            return null;
          });
    }
    try {
      for (Future<Void> done : threads.invokeAll(shares)) {
        done.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoneException(ErrorCode.CLUSTER, "Cannot measure Lucene: it was interrupted.", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }
}
