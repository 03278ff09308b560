package dev.hone.normalize;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.hone.config.DatasetConfig;
import dev.hone.config.NormalizeConfig;
import dev.hone.table.Tables;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/** Scored pairs: two texts and how similar they are, in the range that the data shows. */
final class ScoredRows {
  private final DatasetConfig dataset;
  private final NormalizeConfig options;

  ScoredRows(DatasetConfig dataset, NormalizeConfig options) {
    this.dataset = dataset;
    this.options = options;
  }

  /**
   * The data set in the normal form; what the form's {@code kept} holds is released by the caller.
   */
  NormalForm form(SparkSession spark) {
    SourceRows source =
        SourceRows.open(spark, "data set " + dataset.name() + ", source", dataset.source());
    Dataset<Row> rows =
        scored(source.rows(dataset.type().requiredColumns(), dataset.where()), source.names("id"))
            .persist(StorageLevel.DISK_ONLY());
    return new NormalForm(
        SourceForm.empty(spark, Tables.DOCUMENTS).drop("tokens"),
        SourceForm.empty(spark, Tables.QUERIES).drop("tokens"),
        SourceForm.empty(spark, Tables.JUDGEMENTS),
        pairs(rows.filter(col("problem").isNull())),
        SourceForm.rejects(dataset.name(), source, rows, List.of("text_a", "text_b", "score")),
        List.of(rows));
  }

  private Dataset<Row> scored(Dataset<Row> rows, boolean hasId) {
    Column content = concat_ws("\u0001", col("text_a"), col("text_b"));
    return rows.withColumn("text_a", SourceColumns.clean(col("text_a"), options))
        .withColumn("text_b", SourceColumns.clean(col("text_b"), options))
        .withColumn("number", expr("try_cast(trim(cast(score as string)) as double)"))
        .withColumn("split", split())
        .withColumn(
            "pair_id",
            hasId
                ? coalesce(
                    col("id").cast(DataTypes.StringType), SourceColumns.contentId("p-", content))
                : SourceColumns.contentId("p-", content))
        .withColumn(
            "problem",
            SourceColumns.firstProblem(
                SourceColumns.problem(lit("text_a"), col("text_a"), options),
                SourceColumns.problem(lit("text_b"), col("text_b"), options),
                when(
                    expr("number is null or isnan(number) or abs(number) = double('infinity')"),
                    concat(
                        lit("score "),
                        coalesce(col("score").cast(DataTypes.StringType), lit("null")),
                        lit(" is no number")))))
        .select(
            SourceRows.FILE,
            SourceRows.BLOCK,
            SourceRows.NUMBER,
            SourceRows.CORRUPT,
            "pair_id",
            "text_a",
            "text_b",
            "score",
            "number",
            "split",
            "problem");
  }

  private Column split() {
    if (!dataset.split().column().isBlank()) {
      return SourceColumns.splitNamed(expr(dataset.split().column()));
    }
    Column key = expr(dataset.split().by()).cast(DataTypes.StringType);
    return SourceColumns.splitOf(coalesce(key, lit("")), dataset.split());
  }

  /** One row per pair; the range is that of all scores. */
  private Dataset<Row> pairs(Dataset<Row> rows) {
    Dataset<Row> range =
        rows.agg(expr("min(number) as score_min"), expr("max(number) as score_max"));
    return rows.groupBy("pair_id")
        .agg(
            expr("min(struct(text_a, text_b, number)) as pair"),
            expr("count(distinct number) > 1 as conflict"),
            expr(SourceColumns.strictest("split") + " as split"))
        .crossJoin(range)
        .select(
            lit(dataset.name()).as("dataset"),
            col("pair_id"),
            col("pair.text_a").as("text_a"),
            col("pair.text_b").as("text_b"),
            col("pair.number").as("score"),
            col("score_min"),
            col("score_max"),
            col("split"),
            expr(
                "if(score_max > score_min, (pair.number - score_min) / (score_max - score_min), 0.0)"
                    + " as score_scaled"),
            col("conflict"));
  }
}
