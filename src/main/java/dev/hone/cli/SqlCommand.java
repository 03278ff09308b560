package dev.hone.cli;

import dev.hone.config.RunConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.store.Workspace;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.HiveResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import scala.jdk.javaapi.CollectionConverters;

/** Spark SQL over the published tables. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = "Spark SQL over the published tables")
final class SqlCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Option(names = "-e", paramLabel = "QUERY", description = "prints the rows of one query")
  private String query;

  @Option(names = "--ddl", description = "prints what registers the tables in any Spark")
  private boolean ddl;

  @Override
  public Integer call() {
    RunConfig config = options.load();
    if (ddl) {
      Workspace workspace = Workspace.open(config.workspace(), Session.hadoop());
      PublishedTables.statements(workspace)
          .forEach(statement -> System.out.println(statement + ";"));
      return 0;
    }
    if (query == null) {
      throw new HoneException(
          ErrorCode.CONFIGURATION, "sql needs -e \"QUERY\" or --ddl; see sql --help.");
    }
    try (Session session = Session.open(config)) {
      PublishedTables.statements(session.workspace()).forEach(session.spark()::sql);
      print(session.spark());
      return 0;
    }
  }

  private static HoneException refused(Exception e) {
    String message =
        e instanceof AnalysisException analysis ? analysis.getSimpleMessage() : e.getMessage();
    return new HoneException(ErrorCode.CONFIGURATION, "Spark SQL refuses the query: " + message, e);
  }

  private void print(SparkSession spark) {
    try {
      print(spark.sql(query));
    } catch (Exception e) {
      if (e instanceof SparkThrowable) { // AnalysisException is checked, but Java cannot know it
        throw refused(e);
      }
      throw e;
    }
  }

  /** Values as bin/spark-sql prints them, under one header line. */
  private static void print(Dataset<Row> rows) {
    System.out.println(String.join("\t", rows.columns()));
    List<String> lines =
        CollectionConverters.asJava(
            HiveResult.hiveResultString(rows.queryExecution().executedPlan()));
    lines.forEach(System.out::println);
  }
}
