package dev.hone.table;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The rows of a metric table that are meant where nobody asks for fewer dimensions or bits. */
public final class Headline {
  private Headline() {}

  /**
   * Those of each model's most dimensions in fp32, and those of what compares no vectors.
   *
   * @param metrics as {@link Tables#QUERY_METRICS} or {@link Tables#RUN_METRICS}
   */
  public static Dataset<Row> of(Dataset<Row> metrics) {
    Dataset<Row> whole =
        metrics.groupBy(col("model").as("of")).agg(max("dim").as("most")).select("of", "most");
    return metrics
        .filter(col("precision").isNull().or(col("precision").equalTo("fp32")))
        .join(
            broadcast(whole),
            col("model").equalTo(col("of")).and(col("dim").eqNullSafe(col("most"))),
            "left_semi");
  }
}
