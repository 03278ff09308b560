package dev.hone.search.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import ai.djl.ndarray.NDManager;
import dev.hone.search.BinarySearch;
import dev.hone.search.DenseSearch;
import dev.hone.search.Hit;
import dev.hone.search.SearchUnit;
import dev.hone.search.StreamedSearch;
import dev.hone.torch.TorchRuntime;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.Tuple3;

/**
 * Exact dense top-k over the documents of many data sets: every task compares the documents of its
 * partition, as they stream by, with a block of queries that all tasks share.
 */
public final class VectorSearch {
  /** Results of a query block that a task keeps at once: 8 bytes each. */
  private static final long MOST_RESULTS = 4_000_000;

  private static final int MOST_QUERIES = 65_536;

  private final SparkSession spark;
  private final int threads;

  /**
   * A search on the executors.
   *
   * @param threads libtorch's threads in each of them
   */
  public VectorSearch(SparkSession spark, int threads) {
    this.spark = spark;
    this.threads = threads;
  }

  /** The queries of a block by data set, each sorted by id. */
  private record QueryBlock(SortedMap<String, Queries> ofDataset) implements Serializable {}

  private record Queries(List<String> ids, List<float[]> vectors) implements Serializable {}

  /**
   * The best documents of each query by inner product.
   *
   * @param documents dataset, id, vector; of documents with one id the best counts where the unit
   *     is {@code PARENT}
   * @param queries dataset, id, vector
   * @param k at least 1
   * @return dataset, query_id, doc_id, rank from 1, score; ties by id ascending
   */
  public Dataset<Row> search(Dataset<Row> documents, Dataset<Row> queries, SearchUnit unit, int k) {
    return Hits.best(found(documents, queries, k, new Whole(unit, k), Hits.FOUND), unit, k);
  }

  /**
   * The best documents of each query by {@link BinarySearch}.
   *
   * @param documents dataset, id, vector of +1 and -1; of documents with one id the nearest counts
   *     where the unit is {@code PARENT}
   * @param queries dataset, id, vector in fp32
   * @param k at least 1
   * @return dataset, query_id, doc_id, rank from 1, score; ties by id ascending
   */
  public Dataset<Row> searchBinary(
      Dataset<Row> documents, Dataset<Row> queries, SearchUnit unit, int k) {
    return BinaryHits.best(
        found(
            documents,
            queries,
            Math.multiplyExact(BinarySearch.OVERSAMPLING, k),
            new Bits(unit, k),
            BinaryHits.FOUND),
        k);
  }

  private Dataset<Row> found(
      Dataset<Row> documents,
      Dataset<Row> queries,
      int results,
      Comparison<?> comparison,
      StructType schema) {
    long blockSize = Math.max(1, Math.min(MOST_QUERIES, MOST_RESULTS / results));
    int blocks = (int) (queries.count() / blockSize + 1);
    JavaRDD<Tuple3<String, String, float[]>> documentRows =
        rows(documents)
            .rdd()
            .coalesce(
                Math.max(1, spark.sparkContext().defaultParallelism()),
                false,
                Option.apply(new DealtOut()),
                null)
            .toJavaRDD();
    Dataset<Row> found = spark.createDataFrame(List.of(), schema);
    for (int block = 0; block < blocks; block++) {
      Broadcast<QueryBlock> shared = share(queries, block, blocks);
      found =
          found.union(
              spark.createDataFrame(
                  documentRows.mapPartitions(new Compare<>(shared, comparison, threads)), schema));
    }
    return found;
  }

  private Dataset<Tuple3<String, String, float[]>> rows(Dataset<Row> vectors) {
    Encoder<float[]> floats = spark.implicits().newFloatArrayEncoder();
    return vectors.as(Encoders.tuple(Encoders.STRING(), Encoders.STRING(), floats));
  }

  private Broadcast<QueryBlock> share(Dataset<Row> queries, int block, int blocks) {
    String id = queries.columns()[1];
    List<Tuple3<String, String, float[]>> rows =
        new ArrayList<>(
            rows(queries.filter(pmod(xxhash64(col(id)), lit(blocks)).equalTo(block)))
                .collectAsList());
    rows.sort(Comparator.comparing((Tuple3<String, String, float[]> row) -> row._2(), Hit.BY_UTF8));
    SortedMap<String, Queries> byDataset = new TreeMap<>();
    rows.stream()
        .map(Tuple3::_1)
        .distinct()
        .forEach(dataset -> byDataset.put(dataset, queries(rows, dataset)));
    SparkContext context = spark.sparkContext();
    return JavaSparkContext.fromSparkContext(context).broadcast(new QueryBlock(byDataset));
  }

  private static Queries queries(List<Tuple3<String, String, float[]>> rows, String dataset) {
    List<Tuple3<String, String, float[]>> own =
        rows.stream().filter(row -> row._1().equals(dataset)).toList();
    return new Queries(
        own.stream().map(Tuple3::_2).toList(), own.stream().map(Tuple3::_3).toList());
  }

  /** How documents are compared with the queries of a data set, and what is found for one. */
  private interface Comparison<S extends StreamedSearch> extends Serializable {
    S begin(NDManager scope, List<float[]> queries);

    Row found(String dataset, String queryId, S search, int query);
  }

  private record Whole(SearchUnit unit, int k) implements Comparison<DenseSearch> {
    @Override
    public DenseSearch begin(NDManager scope, List<float[]> queries) {
      return new DenseSearch(scope, queries, unit, k);
    }

    @Override
    public Row found(String dataset, String queryId, DenseSearch search, int query) {
      return Hits.row(dataset, queryId, search.best(query));
    }
  }

  private record Bits(SearchUnit unit, int k) implements Comparison<BinarySearch> {
    @Override
    public BinarySearch begin(NDManager scope, List<float[]> queries) {
      return new BinarySearch(scope, queries, unit, k);
    }

    @Override
    public Row found(String dataset, String queryId, BinarySearch search, int query) {
      return BinaryHits.row(dataset, queryId, search.candidates(query));
    }
  }

  private record Compare<S extends StreamedSearch>(
      Broadcast<QueryBlock> shared, Comparison<S> comparison, int threads)
      implements FlatMapFunction<Iterator<Tuple3<String, String, float[]>>, Row> {
    @Override
    public Iterator<Row> call(Iterator<Tuple3<String, String, float[]>> documents) {
      SortedMap<String, Queries> queries = shared.value().ofDataset();
      SortedMap<String, S> searches = new TreeMap<>();
      TaskContext task = TaskContext.get();
      TorchRuntime.start(threads);
      try (NDManager scope = TorchRuntime.scope()) {
        while (documents.hasNext()) {
          task.killTaskIfInterrupted();
          Tuple3<String, String, float[]> document = documents.next();
          Queries own = queries.get(document._1());
          if (own != null) {
            searches
                .computeIfAbsent(document._1(), name -> comparison.begin(scope, own.vectors()))
                .add(document._2(), document._3());
          }
        }
        searches.values().forEach(StreamedSearch::finish);
      }
      return new Flattened<>(
          searches.entrySet().iterator(),
          search -> rows(search, queries.get(search.getKey()).ids()));
    }

    private Iterator<Row> rows(Map.Entry<String, S> search, List<String> ids) {
      return IntStream.range(0, ids.size())
          .mapToObj(
              query -> comparison.found(search.getKey(), ids.get(query), search.getValue(), query))
          .iterator();
    }
  }
}
