package dev.hone.cluster;

import static org.apache.spark.sql.functions.array_position;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import dev.hone.table.Columns;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * The negatives of each row of a plan: the first of its query, those that the data brings before
 * those mined, and these as their strategies chose; with a curriculum, those of them that are not
 * too difficult for the row's step, at least the easiest one.
 *
 * <p>A negative whose difficulty is null counts as the easiest: nothing says that it is hard, so it
 * is used from the first step on, as without a curriculum.
 */
final class PlannedNegatives {
  /** What the easiest is found by: ties go to the first place. */
  private static final String EASE = "one -> struct(one.difficulty, one.place, one.doc_id)";

  private final Dataset<Row> negatives;
  private final List<String> strategies;
  private final Map<String, Integer> most;

  /**
   * Negatives of a mining round.
   *
   * @param negatives rows of {@code negatives}
   * @param strategies their names, in the order in which they chose
   * @param most how many of them a query of each data set has at most, 0 or more
   */
  PlannedNegatives(Dataset<Row> negatives, List<String> strategies, Map<String, Integer> most) {
    this.negatives = negatives;
    this.strategies = List.copyOf(strategies);
    this.most = Map.copyOf(most);
  }

  /** The plan's rows with the column {@code negatives}, ids in their order. */
  Dataset<Row> of(Dataset<Row> planned) {
    return joined(planned).withColumn("negatives", ids("found.doc_id"));
  }

  /**
   * The same under a curriculum.
   *
   * @param ceilings step, and the highest difficulty that it allows
   */
  Dataset<Row> of(Dataset<Row> planned, Dataset<Row> ceilings) {
    return joined(planned)
        .join(broadcast(ceilings), Columns.names("step"))
        .withColumn("easy", expr("filter(found, one -> one.difficulty <= ceiling)"))
        .withColumn(
            "easiest", expr("slice(array_sort(transform(found, %s)), 1, 1)".formatted(EASE)))
        .withColumn("negatives", ids("if(size(easy) > 0, easy.doc_id, easiest.doc_id)"));
  }

  /** Rows with {@code found}, an array of place (from 1), doc_id and difficulty, by place. */
  private Dataset<Row> joined(Dataset<Row> planned) {
    Column place =
        row_number()
            .over(
                Window.partitionBy("dataset", "query_id")
                    .orderBy(
                        col("strategy").notEqual("given"),
                        array_position(lit(strategies.toArray(String[]::new)), col("strategy")),
                        col("rank"),
                        col("doc_id")));
    Column difficulty = coalesce(col("difficulty"), lit(0.0)).as("difficulty");
    Dataset<Row> chosen =
        negatives
            .withColumn("place", place)
            .filter(col("place").leq(atMost()))
            .groupBy("dataset", "query_id")
            .agg(
                sort_array(collect_list(struct(col("place"), col("doc_id"), difficulty)))
                    .as("found"));
    return planned.join(chosen, Columns.names("dataset", "query_id"), "left");
  }

  private Column atMost() {
    Column atMost = lit(0);
    for (Map.Entry<String, Integer> one : most.entrySet()) {
      atMost = when(col("dataset").equalTo(one.getKey()), one.getValue()).otherwise(atMost);
    }
    return atMost;
  }

  private static Column ids(String found) {
    return coalesce(expr(found), expr("array()"));
  }
}
