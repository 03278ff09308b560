package dev.hone.normalize;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import dev.hone.config.Auto;
import dev.hone.config.DatasetConfig;
import dev.hone.config.NormalizeConfig;
import dev.hone.config.ScoreRange;
import dev.hone.config.SourceRole;
import dev.hone.normalize.source.SourceRows;
import dev.hone.table.Tables;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/** Scored pairs: two texts and how similar they are, in the range that is stated or shows. */
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
        Map.of(SourceRole.ROWS, rows));
  }

  private Dataset<Row> scored(Dataset<Row> rows, boolean hasId) {
    Column content = concat_ws("\u0001", col("text_a"), col("text_b"));
    return rows.withColumn("text_a", SourceColumns.clean(col("text_a"), options))
        .withColumn("text_b", SourceColumns.clean(col("text_b"), options))
        .withColumn("number", expr("try_cast(trim(cast(score as string)) as double)"))
        .withColumn("split", SourceColumns.split(dataset, expr(dataset.split().by())))
        .withColumn(
            "pair_id",
            hasId
                ? coalesce(SourceColumns.id(col("id")), SourceColumns.contentId("p-", content))
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
                        coalesce(SourceColumns.shown(col("score")), lit("null")),
                        lit(" is no number"))),
                outside()))
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

  /** Why a score is refused that is outside the stated range. */
  private Column outside() {
    if (!(dataset.scoreRange() instanceof Auto.Fixed<ScoreRange> stated)) {
      return lit(null).cast(DataTypes.StringType);
    }
    ScoreRange range = stated.value();
    return when(
        not(col("number").between(range.from(), range.to())),
        concat(
            lit("score "),
            SourceColumns.shown(col("score")),
            lit(" is outside score-range = " + range)));
  }

  /** The lowest and the highest score possible: those stated, else those of all rows. */
  private Dataset<Row> range(Dataset<Row> rows) {
    return dataset.scoreRange() instanceof Auto.Fixed<ScoreRange> stated
        ? rows.sparkSession()
            .range(1)
            .select(
                lit(stated.value().from()).as("score_min"),
                lit(stated.value().to()).as("score_max"))
        : rows.agg(expr("min(number) as score_min"), expr("max(number) as score_max"));
  }

  /** One row per pair, with the range of all. */
  private Dataset<Row> pairs(Dataset<Row> rows) {
    return rows.groupBy("pair_id")
        .agg(
            expr("min(struct(text_a, text_b, number)) as pair"),
            expr("count(distinct struct(text_a, text_b, number)) > 1 as conflict"),
            expr(SourceColumns.strictest("split") + " as split"))
        .crossJoin(range(rows))
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
