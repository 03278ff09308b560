package dev.hone.normalize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.hone.table.Columns;
import dev.hone.table.Tables;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Looks for what makes numbers lie: leakage, contradictory labels, queries without an answer. */
final class DataAudit {
  private final NormalForm form;
  private final Object[] trained;

  /**
   * An audit of all data sets.
   *
   * @param trained names of those that the model is trained on
   */
  DataAudit(NormalForm form, List<String> trained) {
    this.form = form;
    this.trained = trained.toArray();
  }

  /** All findings, as rows of {@code audit}. */
  Dataset<Row> findings() {
    return counts()
        .unionByName(leakage())
        .unionByName(conflicts(form.judgements(), "label-conflict"))
        .unionByName(conflicts(form.documents(), "repeated-id"))
        .unionByName(unanswered())
        .coalesce(1);
  }

  private static Dataset<Row> finding(
      Dataset<Row> counted, Column split, String check, Column severity) {
    return counted
        .withColumn("split", split)
        .withColumn("check", lit(check))
        .withColumn("severity", severity)
        .withColumn("share", expr("case when looked_at > 0 then count / looked_at end"))
        .withColumn("examples", lit(null).cast("string"))
        .select(Tables.AUDIT.columns());
  }

  private static Column worse(String severity) {
    return when(col("count").gt(0), severity).otherwise("info");
  }

  private Dataset<Row> counts() {
    Dataset<Row> counted =
        form.queries()
            .groupBy("dataset", "split")
            .agg(count(lit(1)).as("count"), lit(null).cast("long").as("looked_at"));
    return finding(counted, col("split"), "queries", lit("info"));
  }

  /** Texts of test queries and of their answers that stand in training rows of any data set. */
  private Dataset<Row> leakage() {
    Dataset<Row> positives = positives();
    Column isTrained = col("dataset").isin(trained);
    Column inTraining = col("split").equalTo("train").and(isTrained);
    Dataset<Row> seen =
        positives
            .filter(inTraining)
            .select("content_hash")
            .union(form.queries().filter(inTraining).select("content_hash"))
            .distinct()
            .withColumn("seen", lit(1));
    Column isTest = col("split").equalTo("test");
    Dataset<Row> heldOut =
        positives
            .filter(isTest.and(isTrained))
            .select("dataset", "content_hash")
            .union(form.queries().filter(isTest).select("dataset", "content_hash"))
            .distinct();
    Dataset<Row> counted =
        heldOut
            .join(seen, Columns.names("content_hash"), "left")
            .groupBy("dataset")
            .agg(count(col("seen")).as("count"), count(lit(1)).as("looked_at"));
    return finding(counted, lit("test"), "leakage", worse("error"));
  }

  /** Positive judgements with their query's split and their document's content. */
  private Dataset<Row> positives() {
    return form.judgements()
        .filter("grade > 0")
        .join(
            form.queries().select("dataset", "query_id", "split"),
            Columns.names("dataset", "query_id"))
        .join(
            form.documents().select("dataset", "doc_id", "content_hash"),
            Columns.names("dataset", "doc_id"));
  }

  /** Pairs of several grades, of which the highest was kept; ids of several texts. */
  private static Dataset<Row> conflicts(Dataset<Row> rows, String check) {
    Dataset<Row> counted =
        rows.groupBy("dataset")
            .agg(expr("count_if(conflict)").as("count"), count(lit(1)).as("looked_at"));
    return finding(counted, lit("all"), check, worse("warning"));
  }

  /** Queries of a split that no document answers. */
  private Dataset<Row> unanswered() {
    Dataset<Row> answered =
        form.judgements()
            .filter("grade > 0")
            .select("dataset", "query_id")
            .distinct()
            .withColumn("answered", lit(1));
    Dataset<Row> counted =
        form.queries()
            .join(answered, Columns.names("dataset", "query_id"), "left")
            .groupBy("dataset", "split")
            .agg(expr("count_if(answered is null)").as("count"), count(lit(1)).as("looked_at"));
    return finding(counted, col("split"), "no-positive", worse("warning"));
  }
}
