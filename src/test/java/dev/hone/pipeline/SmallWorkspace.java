package dev.hone.pipeline;

import dev.hone.store.Commit;
import dev.hone.store.InProcessLocalFileSystem;
import dev.hone.store.LocalCache;
import dev.hone.store.SharedCache;
import dev.hone.store.Workspace;
import dev.hone.table.TableDefinition;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** A real workspace on disk, whose steps a test publishes from rows that it writes down. */
public final class SmallWorkspace {
  private final StageContext context;

  private SmallWorkspace(StageContext context) {
    this.context = context;
  }

  /** A workspace below a folder. */
  public static SmallWorkspace in(Path folder) {
    Workspace workspace =
        Workspace.open(folder.resolve("workspace").toString(), new Configuration());
    LocalCache cache = SharedCache.open();
    return new SmallWorkspace(new StageContext(spark(), workspace, "test", cache, "test"));
  }

  /** The same workspace and cache, for another run. */
  public SmallWorkspace run(String runId) {
    return new SmallWorkspace(
        new StageContext(
            context.spark(), context.workspace(), runId, context.cache(), context.codeVersion()));
  }

  /** The session that all tests of this JVM share; it ends with the JVM. */
  public static SparkSession spark() {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            // As in the embedded Spark: no process is started for each new file.
            .config("spark.hadoop.fs.file.impl", InProcessLocalFileSystem.class.getName())
            // Plans are described for listeners even where nobody looks.
            .config("spark.sql.ui.explainMode", "simple")
            // Small tables: compiling a query would take longer than running it.
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
            .getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    return spark;
  }

  /** How many jobs of Spark some work takes: their ids rise by one. */
  public static int jobs(Runnable work) {
    int before = marker();
    work.run();
    return marker() - before - 1;
  }

  private static int marker() {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark().sparkContext());
    JavaFutureAction<Long> job = context.parallelize(List.of(1), 1).countAsync();
    try {
      job.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
    return job.jobIds().get(0);
  }

  public StageContext context() {
    return context;
  }

  /** Collects the tables of one step. */
  public final class Step {
    private final String name;
    private final Map<TableDefinition, List<Row>> tables = new HashMap<>();

    private Step(String name) {
      this.name = name;
    }

    /** One table's rows, each with the first columns' values; the others are null. */
    public Step table(TableDefinition table, Object[]... rows) {
      int width = table.schema().size();
      List<Row> padded =
          java.util.Arrays.stream(rows)
              .map(row -> RowFactory.create(java.util.Arrays.copyOf(row, width)))
              .toList();
      tables.put(table, padded);
      return this;
    }

    /** Publishes the step. */
    public Commit publish() {
      return publish(Map.of(), Map.of());
    }

    /** Publishes the step as the one with these keys and inputs. */
    public Commit publish(Map<String, String> keys, Map<String, String> inputs) {
      return publish("all", keys, inputs);
    }

    /** Publishes the step as one of its parts, such as a model that was evaluated. */
    public Commit publish(String part, Map<String, String> keys, Map<String, String> inputs) {
      StepSpec spec = StepSpec.of(name, part, 1, keys, inputs, Map.of());
      return context.run(
          spec,
          attempt ->
              tables.forEach(
                  (table, rows) ->
                      attempt.table(table, context.spark().createDataFrame(rows, table.schema()))));
    }
  }

  /** A step to fill with tables. */
  public Step step(String name) {
    return new Step(name);
  }

  /** A row's values. */
  public static Object[] row(Object... values) {
    return values;
  }
}
