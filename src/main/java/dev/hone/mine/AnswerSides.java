package dev.hone.mine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;

import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.Tables;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells on which side of a border a query's answers lie, and keeps the hits on the other one. */
final class AnswerSides {
  private static final Logger LOG = LoggerFactory.getLogger(AnswerSides.class);

  private final StageContext context;
  private final Commit normalForm;
  private final MinerSearch search;

  AnswerSides(StageContext context, Commit normalForm, MinerSearch search) {
    this.context = context;
    this.normalForm = normalForm;
    this.search = search;
  }

  /** Hits whose domain is known and is neither the query's nor that of an answer. */
  Dataset<Row> beyondDomain(Dataset<Row> hits) {
    Dataset<Row> sides =
        search.documents().select(col("dataset"), col("doc_id"), col("domain").as("side"));
    Dataset<Row> ofQueries =
        search
            .queries()
            .filter("domain is not null")
            .select(col("dataset"), col("query_id"), col("domain").as("side"));
    return beyond(hits, sides, ofAnswers(sides).union(ofQueries));
  }

  /** Hits from another source than every answer; a query without an answer has none. */
  Dataset<Row> beyondSource(Dataset<Row> hits) {
    Dataset<Row> sides =
        search.documents().select(col("dataset"), col("doc_id"), col("source").as("side"));
    warnOfOneSource(sides);
    return beyond(hits, sides, ofAnswers(sides));
  }

  private static void warnOfOneSource(Dataset<Row> sides) {
    for (Row dataset :
        sides
            .groupBy("dataset")
            .agg(countDistinct("side").as("sources"), min("side"))
            .filter("sources < 2")
            .orderBy("dataset")
            .collectAsList()) {
      LOG.warn(
          "Nothing of the data set {} lies beyond a source: all of its documents come from {}. domain-confusion finds nothing there; name border = domain or cluster, or read the data set from a folder per source.",
          dataset.getString(0),
          dataset.isNullAt(2) ? "no file" : dataset.getString(2));
    }
  }

  /**
   * Hits in another cluster than every answer; a query without an answer has none.
   *
   * @param clusters dataset, doc_id, cluster
   */
  Dataset<Row> beyondCluster(Dataset<Row> hits, Dataset<Row> clusters) {
    Dataset<Row> sides = clusters.withColumnRenamed("cluster", "side");
    return beyond(hits, sides, ofAnswers(sides));
  }

  private Dataset<Row> ofAnswers(Dataset<Row> sides) {
    return context
        .read(normalForm, Tables.JUDGEMENTS)
        .filter("grade > 0")
        .join(sides.filter("side is not null"), Columns.names("dataset", "doc_id"))
        .select("dataset", "query_id", "side");
  }

  private static Dataset<Row> beyond(Dataset<Row> hits, Dataset<Row> sides, Dataset<Row> own) {
    Column rank =
        row_number()
            .over(Window.partitionBy("dataset", "query_id").orderBy(col("rank"), col("doc_id")));
    Dataset<Row> located =
        own.select("dataset", "query_id").distinct(); // of the others nothing is known to be beyond
    return hits.join(located, Columns.names("dataset", "query_id"))
        .join(sides.filter("side is not null"), Columns.names("dataset", "doc_id"))
        .join(own, Columns.names("dataset", "query_id", "side"), "left_anti")
        .select(col("dataset"), col("query_id"), col("doc_id"), rank.as("rank"), col("score"));
  }
}
