package dev.hone.cli;

import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import java.io.PrintStream;
import java.util.List;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.HiveResult;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Prints the rows of queries, tab-separated under a header line, as bin/spark-sql prints values.
 */
record SqlAnswers(SparkSession spark, PrintStream out) {

  /**
   * Runs the queries one after the other; an empty line stands between two answers.
   *
   * @throws HoneException if Spark refuses one of them
   */
  void print(List<String> queries) {
    for (int i = 0; i < queries.size(); i++) {
      if (i > 0) {
        out.println();
      }
      print(queries.get(i));
    }
  }

  private void print(String query) {
    try {
      print(spark.sql(query));
    } catch (Exception e) {
      if (e instanceof SparkThrowable) { // AnalysisException is checked, but Java cannot know it
        throw refused(e);
      }
      throw e;
    }
  }

  private static HoneException refused(Exception e) {
    String message =
        e instanceof AnalysisException analysis ? analysis.getSimpleMessage() : e.getMessage();
    return new HoneException(ErrorCode.CONFIGURATION, "Spark SQL refuses the query: " + message, e);
  }

  private void print(Dataset<Row> rows) {
    out.println(String.join("\t", rows.columns()));
    List<String> lines =
        CollectionConverters.asJava(
            HiveResult.hiveResultString(rows.queryExecution().executedPlan()));
    lines.forEach(out::println);
  }
}
