package dev.hone.bench;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;

import dev.hone.pipeline.StageContext;
import dev.hone.search.Hit;
import dev.hone.search.SearchUnit;
import dev.hone.search.spark.Bm25Search;
import dev.hone.search.spark.IndexStage;
import dev.hone.search.spark.ShardedIndex;
import dev.hone.search.spark.VectorSearch;
import dev.hone.store.LocalCache;
import dev.hone.store.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Tuple3;

/** A contestant: Hone's index step and searches on two executors of one core. */
public final class MineWorker {
  private static final int SHA_256 = 256;
  private static final int PIECES = 8;

  private final SparkSession spark;
  private final MineTask task;
  private final StageContext context;

  private MineWorker(SparkSession spark, MineTask task) {
    this.spark = spark;
    this.task = task;
    this.context =
        new StageContext(
            spark,
            Workspace.open(
                task.folder().resolve("workspace").toString(),
                spark.sparkContext().hadoopConfiguration()),
            "bench",
            LocalCache.at(task.folder().resolve("cache")),
            "bench");
  }

  /** Arguments: the task. */
  public static void main(String[] arguments) throws IOException {
    MineTask task = MineTask.of(arguments);
    try (SparkSession spark = TwoExecutors.start(task.heap())) {
      new MineWorker(spark, task).answer();
    }
  }

  private void answer() throws IOException {
    Map<String, Answers.Work> works = new HashMap<>();
    if (task.has(MinePart.DENSE)) {
      addDense(works);
    }
    if (task.hasTexts()) {
      addTexts(works);
    }
    Answers.give("Hone on Spark " + spark.version(), works);
  }

  private void addDense(Map<String, Answers.Work> works) {
    Dataset<Row> documents =
        table(vectors("d", task.documentVectors(), task.documents(), "doc_id"), "vectors");
    Dataset<Row> queries =
        table(vectors("q", task.queryVectors(), task.queries(), "query_id"), "query-vectors");
    works.put(MinePart.DENSE.toString(), Answers.whole(() -> consume(dense(documents, queries))));
    Dataset<Row> checked =
        table(vectors("q", task.queryVectors(), task.checked(), "query_id"), "checked-vectors");
    works.put(MinePart.DENSE.check(), () -> write(MinePart.DENSE, dense(documents, checked)));
  }

  private Dataset<Row> dense(Dataset<Row> documents, Dataset<Row> queries) {
    return new VectorSearch(spark, 1).search(documents, queries, SearchUnit.CHUNK, MineTask.K);
  }

  private Dataset<Row> vectors(String prefix, MadeVectors vectors, int count, String id) {
    return spark
        .range(0, count, 1, PIECES)
        .map(
            new VectorRow(prefix, vectors),
            Encoders.tuple(
                Encoders.STRING(), Encoders.STRING(), spark.implicits().newFloatArrayEncoder()))
        .toDF("dataset", id, "vector");
  }

  private record VectorRow(String prefix, MadeVectors vectors)
      implements MapFunction<Long, Tuple3<String, String, float[]>> {
    @Override
    public Tuple3<String, String, float[]> call(Long number) {
      return new Tuple3<>(MineTask.DATASET, prefix + number, vectors.vector(number));
    }
  }

  /** Searches read published tables, which are Parquet files. */
  private Dataset<Row> table(Dataset<Row> rows, String name) {
    String folder = task.folder().resolve(name).toString();
    rows.write().parquet(folder);
    return spark.read().parquet(folder);
  }

  private void addTexts(Map<String, Answers.Work> works) throws IOException {
    Dataset<Row> documents =
        table(
            spark
                .read()
                .schema("id STRING, title STRING, text STRING")
                .json(task.documentTexts().toString())
                .select(
                    lit(MineTask.DATASET).as("dataset"),
                    col("id").as("doc_id"),
                    col("id").as("parent_id"),
                    col("title"),
                    col("text"),
                    sha2(concat(coalesce(col("title"), lit("")), col("text")), SHA_256)
                        .as("content_hash")),
            "documents");
    Dataset<Row> queries =
        table(
            spark
                .read()
                .schema("id STRING, text STRING")
                .json(task.queryTexts().toString())
                .select(lit(MineTask.DATASET).as("dataset"), col("id").as("query_id"), col("text")),
            "queries");
    IndexStage stage = new IndexStage(context, MineTask.BM25);
    SortedMap<String, ShardedIndex> indexes = stage.run(documents);
    Files.write(task.shards(), shards(indexes.get(MineTask.DATASET)));
    works.put(MinePart.INDEX.toString(), () -> index(documents));
    works.put(MinePart.BM25.toString(), Answers.whole(() -> consume(bm25(indexes, queries))));
    Dataset<Row> checked =
        queries.filter(col("query_id").substr(2, Integer.MAX_VALUE).cast("int").lt(task.checked()));
    works.put(MinePart.BM25.check(), () -> write(MinePart.BM25, bm25(indexes, checked)));
  }

  private List<String> shards(ShardedIndex index) {
    return index.commit().artifacts().stream()
        .map(
            artifact ->
                context
                    .workspace()
                    .artifactPath(index.commit().step(), index.commit().attempt(), artifact.name()))
        .toList();
  }

  /** Builds an index that nobody has published, in a workspace of its own. */
  private long index(Dataset<Row> documents) throws IOException {
    Path folder = Files.createTempDirectory(task.folder(), "indexed-");
    StageContext fresh =
        new StageContext(
            spark,
            Workspace.open(folder.toString(), spark.sparkContext().hadoopConfiguration()),
            "bench",
            context.cache(),
            "bench");
    long start = System.nanoTime();
    new IndexStage(fresh, MineTask.BM25).run(documents);
    long nanos = System.nanoTime() - start;
    LocalCache.delete(folder);
    return nanos;
  }

  private Dataset<Row> bm25(SortedMap<String, ShardedIndex> indexes, Dataset<Row> queries) {
    return new Bm25Search(context, MineTask.BM25, indexes)
        .search(queries, SearchUnit.CHUNK, MineTask.K);
  }

  /** Makes all rows and keeps none. */
  private static void consume(Dataset<Row> rows) {
    rows.write().format("noop").mode("overwrite").save();
  }

  private long write(MinePart part, Dataset<Row> found) throws IOException {
    SearchResults results = new SearchResults();
    for (Row row : found.orderBy("query_id", "rank").collectAsList()) {
      results.add(row.getString(1), new Hit(row.getString(2), (float) row.getDouble(4)));
    }
    results.write(task.results(part, "hone"));
    return 0;
  }
}
