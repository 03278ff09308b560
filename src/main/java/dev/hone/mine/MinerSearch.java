package dev.hone.mine;

import static org.apache.spark.sql.functions.col;

import dev.hone.config.TextAnalysis;
import dev.hone.encode.VectorTable;
import dev.hone.pipeline.StageContext;
import dev.hone.search.SearchUnit;
import dev.hone.search.spark.VectorSearch;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Searches the trained data sets' documents with their training queries, once per index or model:
 * the one place of this room that knows how a search is done.
 */
final class MinerSearch implements AutoCloseable {
  private final StageContext context;
  private final Commit normalForm;
  private final List<String> datasets;
  private final Optional<TermSearch> terms;
  private final int threads;
  private final Map<String, Dataset<Row>> searched = new TreeMap<>();

  /**
   * Searches of some data sets.
   *
   * @param terms where a strategy asks for it
   * @param threads libtorch's threads
   */
  MinerSearch(
      StageContext context,
      Commit normalForm,
      List<String> datasets,
      Optional<TermSearch> terms,
      int threads) {
    this.context = context;
    this.normalForm = normalForm;
    this.datasets = datasets;
    this.terms = terms;
    this.threads = threads;
  }

  /** The documents of the data sets, as {@link Tables#DOCUMENTS}. */
  Dataset<Row> documents() {
    return context
        .read(normalForm, Tables.DOCUMENTS)
        .filter(col("dataset").isin(datasets.toArray()));
  }

  /** The training queries of the data sets, as {@link Tables#QUERIES}. */
  Dataset<Row> queries() {
    return context
        .read(normalForm, Tables.QUERIES)
        .filter(col("dataset").isin(datasets.toArray()))
        .filter(col("split").equalTo("train"));
  }

  /** BM25's first documents: dataset, query_id, doc_id, rank from 1, score. */
  Dataset<Row> bm25(int depth) {
    return once(
        "bm25 " + depth,
        () -> terms.orElseThrow().bm25().search(queries(), SearchUnit.CHUNK, depth));
  }

  /** How BM25 cuts texts into terms. */
  TextAnalysis analysis() {
    return terms.orElseThrow().analysis();
  }

  /** A digest of what BM25 searches. */
  String bm25Digest() {
    return terms.orElseThrow().bm25().digest();
  }

  /** A model's nearest documents: dataset, query_id, doc_id, rank from 1, score. */
  Dataset<Row> dense(Commit vectors, int depth) {
    VectorTable table = new VectorTable(context, vectors);
    return once(
        vectors.digest() + " " + depth,
        () ->
            new VectorSearch(context.spark(), threads)
                .search(
                    table.documents(documents()),
                    table.queries(queries()),
                    SearchUnit.CHUNK,
                    depth));
  }

  /** dataset, doc_id, vector of all documents. */
  Dataset<Row> documentVectors(Commit vectors) {
    return new VectorTable(context, vectors).documents(documents());
  }

  /** The digest of the weights that gave vectors. */
  static String modelDigest(Commit vectors) {
    return vectors.inputs().get("model");
  }

  /** Two strategies that ask the same of the same miner share one search. */
  private Dataset<Row> once(String search, Supplier<Dataset<Row>> hits) {
    return searched.computeIfAbsent(
        search, one -> hits.get().persist(StorageLevel.MEMORY_AND_DISK()));
  }

  @Override
  public void close() {
    searched.values().forEach(Dataset::unpersist);
  }
}
