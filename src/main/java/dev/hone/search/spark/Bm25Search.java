package dev.hone.search.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import dev.hone.config.Bm25Config;
import dev.hone.pipeline.StageContext;
import dev.hone.search.Bm25Index;
import dev.hone.search.Bm25Shards;
import dev.hone.search.FieldStatistics;
import dev.hone.search.Hit;
import dev.hone.search.QueryTerm;
import dev.hone.search.SearchUnit;
import dev.hone.search.TermCounter;
import dev.hone.store.Digests;
import dev.hone.table.Columns;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
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
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/**
 * BM25 top-k over sharded indexes. A task searches a group of shards with some of the queries.
 * Where a group does not hold all of its collection, a first pass asks every group for the document
 * frequencies of the queries' terms, and the second searches with their sums.
 */
public final class Bm25Search {
  private static final StructType TERMS =
      StructType.fromDDL(
          "dataset STRING, query_id STRING, "
              + "terms ARRAY<STRUCT<term: STRING, count: INT, frequencies: ARRAY<BIGINT>>>");
  private static final StructType FREQUENCIES =
      StructType.fromDDL("dataset STRING, term STRING, frequencies ARRAY<BIGINT>");
  private static final StructType PLACES = StructType.fromDDL("dataset STRING, place INT");

  /** Tasks for each processor, so that all end at about one time. */
  private static final int TASKS_PER_PROCESSOR = 2;

  /**
   * Shards of a group, a million documents: what one machine keeps in memory, and copies first
   * where the workspace lies elsewhere.
   */
  private static final int SHARDS_OF_A_GROUP = 8;

  private final StageContext context;
  private final Bm25Config options;
  private final SortedMap<String, ShardedIndex> indexes;
  private final int shardsOfAGroup;
  private final List<Place> places;

  /** Some shards of a data set with the statistics of all its shards. */
  private record Place(String dataset, List<Shard> shards, List<FieldStatistics> collection)
      implements Serializable {}

  /**
   * Searches the indexes of data sets.
   *
   * @param options those that the indexes were built with; k1 and b may differ
   * @param indexes by data set
   */
  public Bm25Search(
      StageContext context, Bm25Config options, SortedMap<String, ShardedIndex> indexes) {
    this(context, options, indexes, SHARDS_OF_A_GROUP);
  }

  private Bm25Search(
      StageContext context,
      Bm25Config options,
      SortedMap<String, ShardedIndex> indexes,
      int shardsOfAGroup) {
    this.context = context;
    this.options = options;
    this.indexes = indexes;
    this.shardsOfAGroup = shardsOfAGroup;
    this.places = new ArrayList<>();
    indexes.forEach(
        (dataset, index) -> {
          List<Shard> shards = index.shards();
          for (int first = 0; first < shards.size(); first += shardsOfAGroup) {
            int end = Math.min(shards.size(), first + shardsOfAGroup);
            // A view of a list would not travel.
            List<Shard> group = List.copyOf(shards.subList(first, end));
            places.add(new Place(dataset, group, index.statistics()));
          }
        });
  }

  /** A search by groups of so many shards; results are the same. */
  Bm25Search withShardsOfAGroup(int count) {
    return new Bm25Search(context, options, indexes, count);
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
      return Hits.best(context.spark().createDataFrame(List.of(), Hits.FOUND), unit, k);
    }
    Dataset<Row> terms =
        queries
            .select("dataset", "query_id", "text")
            .mapPartitions(new CountTerms(options), Encoders.row(TERMS));
    boolean isWhole =
        indexes.values().stream().allMatch(index -> index.shards().size() <= shardsOfAGroup);
    int blocks = blocks();
    Column task = col("place").multiply(blocks).plus(pmod(xxhash64(col("query_id")), lit(blocks)));
    Dataset<Row> found =
        (isWhole ? terms : withFrequencies(terms))
            .join(broadcast(placesOfDatasets()), "dataset")
            .withColumn("task", task.cast("int"))
            .repartitionById(places.size() * blocks, col("task"))
            .mapPartitions(
                new SearchShards(ShardStore.of(context), options, places, unit, k),
                Encoders.row(Hits.FOUND));
    return isWhole ? Hits.ranked(found) : Hits.best(found, unit, k);
  }

  private int blocks() {
    int tasks = TASKS_PER_PROCESSOR * context.spark().sparkContext().defaultParallelism();
    return Math.max(1, (tasks + places.size() - 1) / places.size());
  }

  /** Which groups of shards belong to which data set. */
  private Dataset<Row> placesOfDatasets() {
    List<Row> rows = new ArrayList<>();
    for (Place place : places) {
      rows.add(RowFactory.create(place.dataset(), rows.size()));
    }
    return context.spark().createDataFrame(rows, PLACES);
  }

  /** The terms of each query with what the collection knows of each. */
  private Dataset<Row> withFrequencies(Dataset<Row> queries) {
    Column[] sums =
        IntStream.range(0, options.fields().size())
            .mapToObj(field -> sum(col("frequencies").getItem(field)))
            .toArray(Column[]::new);
    Dataset<Row> terms =
        queries
            .withColumn("term", explode(col("terms")))
            .select("dataset", "query_id", "term.term", "term.count");
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

  /** Counts the terms of queries; what the collection knows of them is left open. */
  private record CountTerms(Bm25Config options) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> queries) {
      TermCounter counter = new TermCounter(options.analysis());
      TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> counter.close());
      return new Mapped<>(
          queries,
          query -> {
            List<Row> terms = new ArrayList<>();
            counter
                .terms(query.getString(2))
                .forEach((term, count) -> terms.add(RowFactory.create(term, count, null)));
            return RowFactory.create(query.getString(0), query.getString(1), terms.toArray());
          });
    }
  }

  private static Bm25Shards open(ShardStore store, Place place, Bm25Config options) {
    List<Bm25Index> opened = new ArrayList<>();
    try {
      place.shards().forEach(shard -> opened.add(store.open(shard, options)));
      return new Bm25Shards(opened, place.collection());
    } catch (RuntimeException e) {
      opened.forEach(Bm25Index::close);
      throw e;
    }
  }

  private record LookUpTerms(ShardStore store, Bm25Config options, List<Place> places)
      implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> terms) {
      if (!terms.hasNext()) {
        return Collections.emptyIterator();
      }
      List<Row> found = new ArrayList<>();
      Row first = terms.next();
      try (Bm25Shards shards = open(store, places.get(first.getInt(2)), options)) {
        for (Iterator<Row> all = Flattened.of(first, terms); all.hasNext(); ) {
          Row row = all.next();
          List<Long> frequencies = shards.documentFrequencies(row.getString(1));
          if (frequencies.stream().anyMatch(frequency -> frequency > 0)) {
            found.add(RowFactory.create(row.getString(0), row.getString(1), frequencies.toArray()));
          }
        }
      }
      return found.iterator();
    }
  }

  private record SearchShards(
      ShardStore store, Bm25Config options, List<Place> places, SearchUnit unit, int k)
      implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> queries) {
      if (!queries.hasNext()) {
        return Collections.emptyIterator();
      }
      TaskContext task = TaskContext.get();
      Row first = queries.next();
      // A task of a union has another number than its part of it: the rows tell.
      Bm25Shards shards = open(store, places.get(first.getInt(3)), options);
      task.addTaskCompletionListener((TaskCompletionListener) ended -> shards.close());
      return new Mapped<>(
          Flattened.of(first, queries),
          query -> {
            task.killTaskIfInterrupted();
            List<Hit> hits = shards.search(terms(query), unit, k);
            return Hits.row(query.getString(0), query.getString(1), hits);
          });
    }

    private static List<QueryTerm> terms(Row query) {
      List<Row> terms = query.getList(2);
      return terms.stream().map(SearchShards::term).toList();
    }

    private static QueryTerm term(Row term) {
      List<Long> frequencies = term.isNullAt(2) ? List.of() : term.getList(2);
      return new QueryTerm(term.getString(0), term.getInt(1), frequencies);
    }
  }
}
