package dev.hone.search.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import dev.hone.config.Bm25Config;
import dev.hone.pipeline.StageContext;
import dev.hone.search.Bm25Index;
import dev.hone.search.FieldStatistics;
import dev.hone.search.Hit;
import dev.hone.search.QueryTerm;
import dev.hone.search.SearchUnit;
import dev.hone.search.TermCounter;
import dev.hone.store.Digests;
import dev.hone.table.Columns;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/**
 * BM25 top-k over sharded indexes. A first pass asks every shard for the document frequencies of
 * the queries' terms; the second searches every shard with their sums.
 */
public final class Bm25Search {
  private static final StructType TERMS =
      StructType.fromDDL("dataset STRING, query_id STRING, term STRING, count INT");
  private static final StructType FREQUENCIES =
      new StructType()
          .add("dataset", DataTypes.StringType)
          .add("term", DataTypes.StringType)
          .add("frequencies", DataTypes.createArrayType(DataTypes.LongType));
  private static final StructType PLACES = StructType.fromDDL("dataset STRING, place INT");

  /** Tasks for each processor, so that all end at about one time. */
  private static final int TASKS_PER_PROCESSOR = 2;

  private final StageContext context;
  private final Bm25Config options;
  private final SortedMap<String, ShardedIndex> indexes;
  private final List<Place> places;

  /** A shard of a data set with the statistics of all its shards. */
  private record Place(Shard shard, List<FieldStatistics> collection) implements Serializable {}

  /**
   * Searches the indexes of data sets.
   *
   * @param options those that the indexes were built with; k1 and b may differ
   * @param indexes by data set
   */
  public Bm25Search(
      StageContext context, Bm25Config options, SortedMap<String, ShardedIndex> indexes) {
    this.context = context;
    this.options = options;
    this.indexes = indexes;
    this.places =
        indexes.values().stream()
            .flatMap(
                index -> index.shards().stream().map(shard -> new Place(shard, index.statistics())))
            .toList();
  }

  /** Everything that results depend on beside the queries: settings, and each index's digest. */
  public String digest() {
    SortedMap<String, String> digests = new TreeMap<>();
    indexes.forEach((dataset, index) -> digests.put(dataset, index.commit().digest()));
    return Digests.ofText("k1=%s b=%s %s".formatted(options.k1(), options.b(), digests));
  }

  /**
   * The best documents of each query.
   *
   * @param queries dataset, query_id, text; ids are unique within a data set
   * @param k at least 1
   * @return dataset, query_id, doc_id, rank from 1, score; ties by id ascending
   */
  public Dataset<Row> search(Dataset<Row> queries, SearchUnit unit, int k) {
    if (places.isEmpty()) {
      return Hits.best(context.spark().createDataFrame(List.of(), Hits.FOUND), k);
    }
    Dataset<Row> terms =
        queries
            .select("dataset", "query_id", "text")
            .mapPartitions(new CountTerms(options), Encoders.row(TERMS));
    int blocks = blocks();
    Column task = col("place").multiply(blocks).plus(pmod(xxhash64(col("query_id")), lit(blocks)));
    Dataset<Row> found =
        withFrequencies(terms)
            .join(broadcast(placesOfDatasets()), "dataset")
            .withColumn("task", task.cast("int"))
            .repartitionById(places.size() * blocks, col("task"))
            .mapPartitions(
                new SearchShard(ShardStore.of(context), options, places, blocks, unit, k),
                Encoders.row(Hits.FOUND));
    return Hits.best(found, k);
  }

  private int blocks() {
    int tasks = TASKS_PER_PROCESSOR * context.spark().sparkContext().defaultParallelism();
    return Math.max(1, (tasks + places.size() - 1) / places.size());
  }

  /** Which shards belong to which data set. */
  private Dataset<Row> placesOfDatasets() {
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, ShardedIndex> index : indexes.entrySet()) {
      for (int i = 0; i < index.getValue().shards().size(); i++) {
        rows.add(RowFactory.create(index.getKey(), rows.size()));
      }
    }
    return context.spark().createDataFrame(rows, PLACES);
  }

  /** dataset, query_id and the query's terms with what the collection knows of each. */
  private Dataset<Row> withFrequencies(Dataset<Row> terms) {
    Column[] sums =
        IntStream.range(0, options.fields().size())
            .mapToObj(field -> sum(col("frequencies").getItem(field)))
            .toArray(Column[]::new);
    Dataset<Row> frequencies =
        terms
            .select("dataset", "term")
            .distinct()
            .join(broadcast(placesOfDatasets()), "dataset")
            .repartitionById(places.size(), col("place"))
            .mapPartitions(
                new LookUpTerms(ShardStore.of(context), options, places), Encoders.row(FREQUENCIES))
            .groupBy("dataset", "term")
            .agg(array(sums).as("frequencies"));
    return terms
        .join(frequencies, Columns.names("dataset", "term"))
        .groupBy("dataset", "query_id")
        .agg(
            sort_array(collect_list(struct(col("term"), col("count"), col("frequencies"))))
                .as("terms"));
  }

  private record CountTerms(Bm25Config options) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> queries) {
      TermCounter counter = new TermCounter(options.analysis());
      TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> counter.close());
      return new Flattened<>(
          queries,
          query ->
              counter.terms(query.getString(2)).entrySet().stream()
                  .map(
                      term ->
                          RowFactory.create(
                              query.getString(0),
                              query.getString(1),
                              term.getKey(),
                              term.getValue()))
                  .iterator());
    }
  }

  private record LookUpTerms(ShardStore store, Bm25Config options, List<Place> places)
      implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> terms) throws IOException {
      if (!terms.hasNext()) {
        return Collections.emptyIterator();
      }
      Shard shard = places.get(TaskContext.getPartitionId()).shard();
      List<Row> found = new ArrayList<>();
      try (Bm25Index index = store.open(shard, options)) {
        while (terms.hasNext()) {
          Row row = terms.next();
          List<Long> frequencies = index.documentFrequencies(row.getString(1));
          if (frequencies.stream().anyMatch(frequency -> frequency > 0)) {
            found.add(RowFactory.create(row.getString(0), row.getString(1), frequencies.toArray()));
          }
        }
      }
      return found.iterator();
    }
  }

  private record SearchShard(
      ShardStore store, Bm25Config options, List<Place> places, int blocks, SearchUnit unit, int k)
      implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> queries) {
      if (!queries.hasNext()) {
        return Collections.emptyIterator();
      }
      TaskContext task = TaskContext.get();
      Place place = places.get(task.partitionId() / blocks);
      Bm25Index index = store.open(place.shard(), options);
      task.addTaskCompletionListener((TaskCompletionListener) ended -> index.close());
      return new Flattened<>(
          queries,
          query -> {
            task.killTaskIfInterrupted();
            List<Hit> hits = index.search(terms(query), place.collection(), unit, k);
            return Hits.rows(query.getString(0), query.getString(1), hits).iterator();
          });
    }

    private static List<QueryTerm> terms(Row query) {
      List<Row> terms = query.getList(2);
      return terms.stream()
          .map(term -> new QueryTerm(term.getString(0), term.getInt(1), term.getList(2)))
          .toList();
    }
  }
}
