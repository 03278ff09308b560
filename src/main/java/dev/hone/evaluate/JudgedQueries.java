package dev.hone.evaluate;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.posexplode;

import dev.hone.metric.MetricValue;
import dev.hone.metric.Ranking;
import dev.hone.metric.RankingMetrics;
import dev.hone.metric.ScoredDocument;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Judged queries, one row for each form of vectors, and the rows of tables that they stand for.
 * Arrays leave the Java code for Spark's five times as fast as a row for each value would.
 */
public final class JudgedQueries {
  static final StructType ROWS =
      new StructType()
          .add("dataset", DataTypes.StringType)
          .add("query_id", DataTypes.StringType)
          .add("dim", DataTypes.IntegerType)
          .add("precision", DataTypes.StringType)
          .add("documents", DataTypes.createArrayType(DataTypes.StringType))
          .add("scores", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("values", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("relevant_count", DataTypes.IntegerType)
          .add("retrieved_count", DataTypes.IntegerType);

  private final Dataset<Row> rows;
  private final List<Integer> cutoffs;

  /**
   * Queries by their rows.
   *
   * @param cutoffs that {@code values} are of
   */
  JudgedQueries(Dataset<Row> rows, List<Integer> cutoffs) {
    this.rows = rows;
    this.cutoffs = cutoffs;
  }

  /**
   * One of the rows.
   *
   * @param ranking empty where it is not wanted
   */
  static Row row(
      String dataset,
      RankingMetrics metrics,
      VectorForm form,
      Optional<Ranking> ranking,
      List<Integer> cutoffs) {
    List<ScoredDocument> documents = ranking.map(Ranking::documents).orElse(List.of());
    return RowFactory.create(
        dataset,
        metrics.queryId(),
        form.dimensions(),
        form.precisionLabel(),
        documents.stream().map(ScoredDocument::documentId).toArray(String[]::new),
        documents.stream().mapToDouble(ScoredDocument::score).toArray(),
        metrics.values(cutoffs),
        metrics.relevantCount(),
        metrics.retrievedCount());
  }

  /** The same, computed once; what it was computed from may go. */
  public JudgedQueries kept() {
    return new JudgedQueries(rows.localCheckpoint(), cutoffs);
  }

  /** dataset, query_id, doc_id, rank, score. */
  public Dataset<Row> rankings() {
    return rows.select(
            col("dataset"),
            col("query_id"),
            col("scores"),
            posexplode(col("documents")).as(new String[] {"place", "doc_id"}))
        .select(
            col("dataset"),
            col("query_id"),
            col("doc_id"),
            col("place").plus(1).as("rank"),
            col("scores").getItem(col("place")).as("score"));
  }

  /**
   * dataset, query_id, dim, precision, metric, k, value, relevant_count, retrieved_count; k is null
   * where the metric has none.
   */
  public Dataset<Row> metrics() {
    return rows.select(
            col("dataset"),
            col("query_id"),
            col("dim"),
            col("precision"),
            col("relevant_count"),
            col("retrieved_count"),
            posexplode(col("values")).as(new String[] {"place", "value"}))
        .select(
            col("dataset"),
            col("query_id"),
            col("dim"),
            col("precision"),
            constants(value -> lit(value.metric().label())).getItem(col("place")).as("metric"),
            constants(value -> lit(value.k()).cast("int")).getItem(col("place")).as("k"),
            col("value"),
            col("relevant_count"),
            col("retrieved_count"));
  }

  /** What each place among {@code values} is of. */
  private Column constants(Function<MetricValue, Column> constant) {
    return array(RankingMetrics.NONE.at(cutoffs).stream().map(constant).toArray(Column[]::new));
  }
}
