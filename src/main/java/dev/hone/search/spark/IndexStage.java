package dev.hone.search.spark;

import static org.apache.spark.sql.functions.bit_xor;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import dev.hone.config.Bm25Config;
import dev.hone.config.DocumentField;
import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.search.FieldStatistics;
import dev.hone.store.Commit;
import dev.hone.store.CommittedArtifact;
import dev.hone.table.DocumentText;
import dev.hone.table.Tables;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index steps: a sharded BM25 index of each data set's documents. Any run with the same
 * documents takes it, whatever else it is about.
 */
public final class IndexStage {
  private static final Logger LOG = LoggerFactory.getLogger(IndexStage.class);

  /** Raised when results change. */
  public static final int REVISION = 1;

  private static final String STEP = "index";

  /** Documents of a shard, on average, below which more tasks cost more than they save. */
  private static final int FEWEST_DOCUMENTS = 131_072;

  /** Documents of a shard, on average: so many are indexed again where a task dies. */
  private static final int MOST_DOCUMENTS = 1_048_576;

  private static final int AS_MANY_AS_NEEDED = 0;

  private final StageContext context;
  private final Bm25Config options;
  private final int shards;

  private IndexStage(StageContext context, Bm25Config options, int shards) {
    this.context = context;
    this.options = options;
    this.shards = shards;
  }

  /** A stage that divides collections by their size. */
  public IndexStage(StageContext context, Bm25Config options) {
    this(context, options, AS_MANY_AS_NEEDED);
  }

  /** A stage that divides every collection into so many shards; results are the same. */
  IndexStage withShards(int count) {
    return new IndexStage(context, options, count);
  }

  /**
   * Indexes what is not indexed yet.
   *
   * @param documents rows of {@code documents}
   * @return the index of each data set
   */
  public SortedMap<String, ShardedIndex> run(Dataset<Row> documents) {
    SortedMap<String, ShardedIndex> indexes = new TreeMap<>();
    for (Row collection : collections(documents)) {
      String dataset = collection.getString(0);
      long size = collection.getLong(1);
      StepSpec spec =
          StepSpec.of(
              STEP,
              dataset,
              REVISION,
              Map.of(
                  "dataset", // stands in the table of shards
                  dataset,
                  "analysis",
                  options.analysis().name().toLowerCase(Locale.ROOT),
                  "fields",
                  options.fields().stream().map(DocumentField::label).toList()),
              Map.of("documents", digest(collection)),
              Map.of());
      Dataset<Row> own = documents.filter(col("dataset").equalTo(dataset));
      Commit commit = context.run(spec, attempt -> write(attempt, dataset, own, size));
      indexes.put(dataset, read(commit));
    }
    return indexes;
  }

  /** dataset, documents, and two digests of them that know no order. */
  private static List<Row> collections(Dataset<Row> documents) {
    return documents
        .groupBy("dataset")
        .agg(
            count(lit(1)),
            bit_xor(xxhash64(col("doc_id"), col("parent_id"), col("content_hash"))),
            bit_xor(xxhash64(col("content_hash"), col("parent_id"), col("doc_id"))))
        .collectAsList();
  }

  private static String digest(Row collection) {
    return String.format(
        Locale.ROOT,
        "%d-%016x%016x",
        collection.getLong(1),
        collection.getLong(2),
        collection.getLong(3));
  }

  /** doc_id, parent_id, then the text of each field. */
  private Column[] columns() {
    List<Column> columns = new ArrayList<>(List.of(col("doc_id"), col("parent_id")));
    for (DocumentField field : options.fields()) {
      columns.add(DocumentText.of(field).as("field_" + columns.size()));
    }
    return columns.toArray(Column[]::new);
  }

  private int shardsOf(long documents) {
    return shards == AS_MANY_AS_NEEDED
        ? shardsOf(documents, context.spark().sparkContext().defaultParallelism())
        : shards;
  }

  /** A shard for each processor, as few large ones are searched faster than many small ones. */
  static int shardsOf(long documents, int processors) {
    long worthwhile = Math.max(1, documents / FEWEST_DOCUMENTS);
    long needed = (documents + MOST_DOCUMENTS - 1) / MOST_DOCUMENTS;
    return (int) Math.max(needed, Math.min(worthwhile, processors));
  }

  private void write(Attempt attempt, String dataset, Dataset<Row> documents, long size) {
    int count = shardsOf(size);
    LOG.info("  {} documents of {} in {} shard(s)", size, dataset, count);
    List<Row> written =
        documents
            .select(columns())
            // The chunks of a document stay together.
            .withColumn("shard", pmod(xxhash64(col("parent_id")), lit(count)).cast("int"))
            .repartitionById(count, col("shard"))
            .sortWithinPartitions("doc_id")
            .mapPartitions(
                new ShardWriter(ShardStore.of(context), attempt.artifactsFolder(), options),
                Encoders.row(ShardWriter.WRITTEN))
            .collectAsList();
    List<Row> rows = new ArrayList<>();
    for (Row shard : written) {
      attempt.written(shard.getString(1), ShardWriter.files(shard));
      List<scala.collection.Seq<Long>> fields = shard.getList(2);
      for (int i = 0; i < fields.size(); i++) {
        rows.add(statistics(dataset, shard, options.fields().get(i).label(), fields.get(i)));
      }
    }
    attempt.table(
        Tables.INDEX_SHARDS,
        context.spark().createDataFrame(rows, Tables.INDEX_SHARDS.schema()).coalesce(1));
  }

  private static Row statistics(
      String dataset, Row shard, String field, scala.collection.Seq<Long> values) {
    return RowFactory.create(
        dataset,
        shard.getInt(0),
        field,
        shard.getString(1),
        values.apply(0),
        values.apply(1),
        values.apply(2),
        values.apply(3));
  }

  private ShardedIndex read(Commit commit) {
    Map<String, FieldStatistics> sums = new TreeMap<>();
    for (Row row : context.read(commit, Tables.INDEX_SHARDS).collectAsList()) {
      sums.merge(
          row.getString(2),
          new FieldStatistics(row.getLong(4), row.getLong(5), row.getLong(6), row.getLong(7)),
          FieldStatistics::plus);
    }
    List<Shard> found =
        commit.artifacts().stream()
            .sorted(Comparator.comparing(CommittedArtifact::name))
            .map(
                artifact ->
                    new Shard(
                        context
                            .workspace()
                            .artifactPath(commit.step(), commit.attempt(), artifact.name()),
                        "index-" + commit.attempt() + "-" + artifact.name(),
                        artifact.files()))
            .toList();
    return new ShardedIndex(
        commit,
        found,
        options.fields().stream()
            .map(field -> sums.getOrDefault(field.label(), FieldStatistics.NONE))
            .toList());
  }
}
