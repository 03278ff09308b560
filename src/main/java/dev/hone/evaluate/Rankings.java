package dev.hone.evaluate;

import static org.apache.spark.sql.functions.lit;

import dev.hone.encode.StoredVectors;
import dev.hone.encode.VectorTable;
import dev.hone.pipeline.StageContext;
import dev.hone.search.SearchUnit;
import dev.hone.search.spark.VectorSearch;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Searches for the evaluated queries: one for each form of the vectors, over the same published
 * vectors. Close it when its rows are read.
 */
final class Rankings implements AutoCloseable {
  private final StageContext context;
  private final Dataset<Row> documents;
  private final Dataset<Row> queries;
  private final int depth;
  private final int threads;
  private final List<Dataset<Row>> kept = new ArrayList<>();

  /**
   * Searches of some documents.
   *
   * @param documents as the table; whole documents by their own id, chunks by their parent's
   * @param queries as the table
   * @param depth documents per query
   * @param threads libtorch's threads
   */
  Rankings(
      StageContext context, Dataset<Row> documents, Dataset<Row> queries, int depth, int threads) {
    this.context = context;
    this.documents = documents;
    this.queries = queries;
    this.depth = depth;
    this.threads = threads;
  }

  /**
   * What is found; a document counts by its best chunk.
   *
   * @param forms those to measure
   * @return dataset, query_id, doc_id, rank, score, form: its place among the forms
   */
  Dataset<Row> of(Ranker ranker, List<VectorForm> forms) {
    if (ranker instanceof Ranker.ByVectors vectors) {
      return byVectors(vectors.model(), forms);
    }
    Ranker.ByTerms terms = (Ranker.ByTerms) ranker;
    return terms.search().search(queries, SearchUnit.PARENT, depth).withColumn("form", lit(0));
  }

  private Dataset<Row> byVectors(MeasuredModel model, List<VectorForm> forms) {
    VectorTable table = new VectorTable(context, model.vectors());
    boolean again = forms.size() > 1;
    Dataset<Row> all = again ? kept(table.documents(documents)) : table.documents(documents);
    Dataset<Row> asked = again ? kept(table.queries(queries)) : table.queries(queries);
    Dataset<Row> hits = null;
    for (int form = 0; form < forms.size(); form++) {
      Dataset<Row> found = search(all, asked, forms.get(form)).withColumn("form", lit(form));
      hits = hits == null ? found : hits.union(found);
    }
    return hits;
  }

  /** Joined with their vectors once, however many forms are searched. */
  private Dataset<Row> kept(Dataset<Row> rows) {
    Dataset<Row> persisted = rows.persist(StorageLevel.MEMORY_AND_DISK());
    kept.add(persisted);
    return persisted;
  }

  private Dataset<Row> search(Dataset<Row> all, Dataset<Row> asked, VectorForm form) {
    Dataset<Row> texts = StoredVectors.shortened(all, form.dimensions());
    Dataset<Row> queried = StoredVectors.shortened(asked, form.dimensions());
    VectorSearch search = new VectorSearch(context.spark(), threads);
    return switch (form.precision()) {
      case FP32 -> search.search(texts, queried, SearchUnit.PARENT, depth);
      case INT8 -> search.search(StoredVectors.int8(texts), queried, SearchUnit.PARENT, depth);
      case BINARY ->
          search.searchBinary(StoredVectors.binary(texts), queried, SearchUnit.PARENT, depth);
    };
  }

  @Override
  public void close() {
    kept.forEach(Dataset::unpersist);
  }
}
