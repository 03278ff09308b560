import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.HiveResult;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A Spark that knows nothing of Hone: runs the statements of a DDL file, then prints each query's rows, tab-separated
 * under a header line, each value as bin/spark-sql prints it, with an empty line between two answers.
 *
 * <p>{@code java -cp 'target/spark/jars/*' src/test/spark/RunSql.java ddl.sql "SELECT ..." ...}, with the
 * {@code --add-opens} that Spark needs. Statements end with a semicolon at the end of a line.
 */
final class RunSql {
  private RunSql() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length < 2) {
      System.err.println("usage: RunSql.java DDL_FILE QUERY...");
      System.exit(2);
    }
    String ddl = Files.readString(Path.of(arguments[0]), StandardCharsets.UTF_8);
    Path warehouse = Files.createTempDirectory("run-sql-");
    // Spark's loggers write to stderr; only the result may reach stdout.
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .appName("RunSql")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.warehouse.dir", warehouse.toUri().toString())
            .getOrCreate()) {
      for (String statement : ddl.split(";[ \\t]*(\\r?\\n|$)")) {
        if (!statement.isBlank()) {
          spark.sql(statement.strip());
        }
      }
      for (int i = 1; i < arguments.length; i++) {
        out.print(i > 1 ? "\n" : "");
        print(spark.sql(arguments[i]), out);
      }
    } finally {
      Files.deleteIfExists(warehouse);
    }
    out.flush();
  }

  private static void print(Dataset<Row> result, PrintStream out) {
    out.print(String.join("\t", result.columns()) + "\n");
    for (String row :
        CollectionConverters.asJava(
            HiveResult.hiveResultString(result.queryExecution().executedPlan()))) {
      out.print(row + "\n");
    }
  }
}
