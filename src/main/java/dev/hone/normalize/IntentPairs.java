package dev.hone.normalize;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import dev.hone.config.DatasetConfig;
import dev.hone.config.NormalizeConfig;
import dev.hone.config.SourceRole;
import dev.hone.normalize.source.SourceRows;
import dev.hone.table.Columns;
import dev.hone.table.Tables;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * Pairs of utterances of one intent: each utterance is a query and a document, and the next ones of
 * its group answer it.
 *
 * <p>The members of a group stand in a ring per split, by the hash of their text. So an utterance
 * is answered by its own split alone, and no text of the test is trained on.
 */
final class IntentPairs {
  private final DatasetConfig dataset;
  private final NormalizeConfig options;

  IntentPairs(DatasetConfig dataset, NormalizeConfig options) {
    this.dataset = dataset;
    this.options = options;
  }

  /**
   * The data set in the normal form; what the form's {@code kept} holds is released by the caller.
   */
  NormalForm form(SparkSession spark, SourceRows source) {
    Dataset<Row> rows = source.rows(List.of("anchor", "group"), dataset.where());
    Dataset<Row> utterances = utterances(rows, source).persist(StorageLevel.DISK_ONLY());
    Dataset<Row> dealt = inOneSplit(utterances.filter(col("problem").isNull()));
    return new NormalForm(
        SourceForm.documents(
            dataset.name(),
            dealt
                .withColumn("doc_id", SourceColumns.contentId("d-", col("query")))
                .withColumn("title", lit(null).cast(DataTypes.StringType))
                .withColumnRenamed("query", "text")),
        SourceForm.queries(dataset.name(), dealt),
        SourceForm.judgements(dataset.name(), judged(dealt)),
        SourceForm.empty(spark, Tables.SCORED_PAIRS),
        SourceForm.rejects(dataset.name(), source, utterances, List.of("query", "group")),
        Map.of(SourceRole.ROWS, utterances));
  }

  private Dataset<Row> utterances(Dataset<Row> rows, SourceRows source) {
    Column id = source.names("id") ? SourceColumns.id(col("id")) : lit(null);
    String by = dataset.split().by();
    return rows.withColumn("_query", SourceColumns.clean(col("anchor"), options))
        .withColumn(
            "split", SourceColumns.split(dataset, by.equals("anchor") ? col("_query") : expr(by)))
        .withColumn("query", col("_query"))
        .withColumn("domain", SourceColumns.domain(rows, dataset))
        .withColumn("source", col(SourceRows.PART))
        .withColumn("group_id", SourceColumns.groupId(dataset.name(), col("group")))
        .withColumn("query_id", coalesce(id, SourceColumns.contentId("q-", col("query"))))
        .withColumn(
            "problem",
            SourceColumns.firstProblem(
                SourceColumns.problem(lit("anchor"), col("query"), options),
                when(col("group_id").isNull(), "group is missing or empty")))
        .select(
            SourceRows.FILE,
            SourceRows.BLOCK,
            SourceRows.NUMBER,
            SourceRows.CORRUPT,
            "query_id",
            "query",
            "group",
            "group_id",
            "split",
            "domain",
            "source",
            "problem");
  }

  /** Every text in the strictest of its splits, so that it stands in the rings of one alone. */
  private static Dataset<Row> inOneSplit(Dataset<Row> utterances) {
    Dataset<Row> splits =
        utterances.groupBy("query").agg(expr(SourceColumns.strictest("split")).as("split"));
    return utterances.drop("split").join(splits, Columns.names("query"));
  }

  /** query_id, doc_id, grade, origin: each query with the next members of its ring. */
  private Dataset<Row> judged(Dataset<Row> dealt) {
    Column place =
        row_number()
            .over(
                Window.partitionBy("group_id", "split")
                    .orderBy(SourceColumns.hash(col("query")), col("query")))
            .minus(1);
    Dataset<Row> ring =
        dealt
            .select("group_id", "split", "query")
            .distinct()
            .withColumn("place", place)
            .withColumn("size", expr("cast(count(*) over (partition by group_id, split) as int)"));
    Dataset<Row> next =
        ring.filter("size > 1")
            .withColumn(
                "step",
                expr("explode(sequence(1, least(%d, size - 1)))".formatted(dataset.perGroup())))
            .selectExpr("group_id", "split", "query", "(place + step) % size as place");
    Dataset<Row> answers =
        next.join(
            ring.select(
                col("group_id"),
                col("split"),
                col("place"),
                SourceColumns.contentId("d-", col("query")).as("doc_id")),
            Columns.names("group_id", "split", "place"));
    return dealt
        .select("group_id", "split", "query", "query_id")
        .join(answers, Columns.names("group_id", "split", "query"))
        .select(col("query_id"), col("doc_id"), lit(1).as("grade"), lit("intent").as("origin"));
  }
}
