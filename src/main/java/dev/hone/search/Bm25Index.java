package dev.hone.search;

import dev.hone.config.Bm25Config;
import dev.hone.config.DocumentField;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.Terms;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.IOUtils;

/**
 * The BM25 index of one shard of a collection, in a local folder that is mapped into memory. {@link
 * Bm25Shards} searches it.
 */
public final class Bm25Index implements AutoCloseable {
  /** The field of documents' ids. */
  static final String ID = "id";

  /** The field of the ids of the documents that chunks stand in. */
  static final String PARENT = "parent";

  private static final double BUFFER_MEGABYTES = 128;

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

  /** The shard as Lucene reads it; closed with the index. */
  IndexReader reader() {
    return reader;
  }

  /** How the index was made and is searched. */
  Bm25Config options() {
    return options;
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
