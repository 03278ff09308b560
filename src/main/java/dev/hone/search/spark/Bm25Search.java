package dev.hone.search.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.try_element_at;
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
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
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
      StructType.fromDDL("dataset STRING, query_id STRING, term STRING, count INT");
  private static final StructType FREQUENCIES =
      StructType.fromDDL("dataset STRING, term STRING, frequencies ARRAY<BIGINT>");

  /** Tasks for each processor, so that all end at about one time. */
  private static final int TASKS_PER_PROCESSOR = 2;

  /**
   * Bytes of the shards of a group: what one machine keeps in memory, and copies first where the
   * workspace lies elsewhere.
   */
  private static final long BYTES_OF_A_GROUP = 1L << 30;

  private final StageContext context;
  private final Bm25Config options;
  private final SortedMap<String, ShardedIndex> indexes;
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
    this(context, options, indexes, BYTES_OF_A_GROUP);
  }

  private Bm25Search(
      StageContext context,
      Bm25Config options,
      SortedMap<String, ShardedIndex> indexes,
      long bytesOfAGroup) {
    this.context = context;
    this.options = options;
    this.indexes = indexes;
    this.places = new ArrayList<>();
    indexes.forEach(
        (dataset, index) ->
            index
                .groups(bytesOfAGroup)
                .forEach(group -> places.add(new Place(dataset, group, index.statistics()))));
  }

  /** A search by groups of so many bytes at most; results are the same. */
  Bm25Search withBytesOfAGroup(long bytes) {
    return new Bm25Search(context, options, indexes, bytes);
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
    boolean isWhole = places.stream().map(Place::dataset).distinct().count() == places.size();
    Dataset<Row> texts = queries.select("dataset", "query_id", "text");
    Opening opening = new Opening(share(), options, places);
    int blocks = blocks();
    Column task = col("place").multiply(blocks).plus(pmod(xxhash64(col("query_id")), lit(blocks)));
    Dataset<Row> found =
        (isWhole ? texts : withFrequencies(texts, opening))
            .withColumn("place", explode(placesOfDataset()))
            .withColumn("task", task.cast("int"))
            .repartitionById(places.size() * blocks, col("task"))
            .mapPartitions(new SearchShards(opening, isWhole, unit, k), Encoders.row(Hits.FOUND));
    return isWhole ? Hits.ranked(found) : Hits.best(found, unit, k);
  }

  private Broadcast<ShardStore> share() {
    return JavaSparkContext.fromSparkContext(context.spark().sparkContext())
        .broadcast(ShardStore.of(context));
  }

  private int blocks() {
    int tasks = TASKS_PER_PROCESSOR * context.spark().sparkContext().defaultParallelism();
    return Math.max(1, (tasks + places.size() - 1) / places.size());
  }

  /** Which groups of shards hold the documents of a row's data set; null where it has none. */
  private Column placesOfDataset() {
    SortedMap<String, List<Integer>> ofDatasets = new TreeMap<>();
    for (int place = 0; place < places.size(); place++) {
      ofDatasets.computeIfAbsent(places.get(place).dataset(), one -> new ArrayList<>()).add(place);
    }
    List<Column> entries = new ArrayList<>();
    ofDatasets.forEach(
        (dataset, ofOne) -> {
          entries.add(lit(dataset));
          entries.add(lit(ofOne.toArray(Integer[]::new)));
        });
    return try_element_at(map(entries.toArray(Column[]::new)), col("dataset"));
  }

  /** The terms of each query with what the collection knows of each. */
  private Dataset<Row> withFrequencies(Dataset<Row> texts, Opening opening) {
    Column[] sums =
        IntStream.range(0, options.fields().size())
            .mapToObj(field -> sum(col("frequencies").getItem(field)))
            .toArray(Column[]::new);
    Dataset<Row> terms = texts.mapPartitions(new CountTerms(options), Encoders.row(TERMS));
    Dataset<Row> frequencies =
        terms
            .select("dataset", "term")
            .distinct()
            .withColumn("place", explode(placesOfDataset()))
            .repartitionById(places.size(), col("place"))
            .mapPartitions(new LookUpTerms(opening), Encoders.row(FREQUENCIES))
            .groupBy("dataset", "term")
            .agg(array(sums).as("frequencies"));
    return terms
        .join(frequencies, Columns.names("dataset", "term"))
        .groupBy("dataset", "query_id")
        .agg(
            sort_array(collect_list(struct(col("term"), col("count"), col("frequencies"))))
                .as("terms"));
  }

  /** A row for each term of each query. */
  private record CountTerms(Bm25Config options) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> queries) {
      TermCounter counter = counter(options);
      return new Flattened<>(
          queries,
          query -> {
            List<Row> terms = new ArrayList<>();
            counter
                .terms(query.getString(2))
                .forEach(
                    (term, count) ->
                        terms.add(
                            RowFactory.create(
                                query.getString(0), query.getString(1), term, count)));
            return terms.iterator();
          });
    }
  }

  /** Closed with the task. */
  private static TermCounter counter(Bm25Config options) {
    TermCounter counter = new TermCounter(options.analysis());
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> counter.close());
    return counter;
  }

  /** How a task opens its group of shards. */
  private record Opening(Broadcast<ShardStore> store, Bm25Config options, List<Place> places)
      implements Serializable {
    /** Opens a group; close it. */
    Bm25Shards open(int number) {
      Place place = places.get(number);
      List<Bm25Index> opened = new ArrayList<>();
      try {
        place.shards().forEach(shard -> opened.add(store.value().open(shard, options)));
        return new Bm25Shards(opened, place.collection());
      } catch (RuntimeException e) {
        opened.forEach(Bm25Index::close);
        throw e;
      }
    }
  }

  private record LookUpTerms(Opening opening) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> terms) {
      if (!terms.hasNext()) {
        return Collections.emptyIterator();
      }
      List<Row> found = new ArrayList<>();
      Row first = terms.next();
      try (Bm25Shards shards = opening.open(first.getInt(2))) {
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

  /** Searches with texts where a group is the whole collection, else with terms. */
  private record SearchShards(Opening opening, boolean isWhole, SearchUnit unit, int k)
      implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> queries) {
      if (!queries.hasNext()) {
        return Collections.emptyIterator();
      }
      TaskContext task = TaskContext.get();
      Row first = queries.next();
      // A task of a union has another number than its part of it: the rows tell.
      Bm25Shards shards = opening.open(first.getInt(3));
      task.addTaskCompletionListener((TaskCompletionListener) ended -> shards.close());
      Function<Row, List<QueryTerm>> terms = isWhole ? counted() : SearchShards::terms;
      return new Mapped<>(
          Flattened.of(first, queries),
          query -> {
            task.killTaskIfInterrupted();
            List<Hit> hits = shards.search(terms.apply(query), unit, k);
            return Hits.row(query.getString(0), query.getString(1), hits);
          });
    }

    /** The terms of a text; the group knows their document frequencies. */
    private Function<Row, List<QueryTerm>> counted() {
      TermCounter counter = counter(opening.options());
      return query -> {
        List<QueryTerm> terms = new ArrayList<>();
        counter
            .terms(query.getString(2))
            .forEach((term, count) -> terms.add(new QueryTerm(term, count, List.of())));
        return terms;
      };
    }

    private static List<QueryTerm> terms(Row query) {
      List<Row> terms = query.getList(2);
      return terms.stream()
          .map(term -> new QueryTerm(term.getString(0), term.getInt(1), term.getList(2)))
          .toList();
    }
  }
}
