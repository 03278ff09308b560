package dev.hone.cluster;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;

import dev.hone.config.DatasetConfig;
import dev.hone.config.TrainConfig;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.Tables;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows of a run's training: every (query, positive) of split train, or {@code max-rows} of
 * them, taken by hash.
 */
public final class TrainingRows {
  private final StageContext context;
  private final Commit normalForm;
  private final TrainConfig options;
  private final List<String> datasets;
  private final long seed;

  /** Rows of the data sets that are trained on. */
  public TrainingRows(
      StageContext context,
      Commit normalForm,
      TrainConfig options,
      List<DatasetConfig> datasets,
      long seed) {
    this.context = context;
    this.normalForm = normalForm;
    this.options = options;
    this.datasets =
        datasets.stream().filter(DatasetConfig::trainOn).map(DatasetConfig::name).toList();
    this.seed = seed;
  }

  /** How many there are before {@code max-rows}. */
  public long available() {
    return all().count();
  }

  /**
   * How many updates they fill, the tail of each epoch left out: the number of the plan's steps.
   *
   * @param resolved the size of batches and the number of epochs
   */
  public int updates(PlanStage.Resolved resolved) {
    return updates(used(), resolved);
  }

  int updates(Dataset<Row> used, PlanStage.Resolved resolved) {
    long batches = 0;
    for (Row dataset : used.groupBy("dataset").count().collectAsList()) {
      long rows = dataset.getLong(1);
      batches += rows / Math.min(rows, resolved.updateRows());
    }
    long updates = batches * resolved.epochs();
    return Math.toIntExact(
        options.maxSteps() > 0 ? Math.min(updates, options.maxSteps()) : updates);
  }

  /** Names of the data sets that are trained on. */
  List<String> datasets() {
    return datasets;
  }

  /** dataset, query_id, doc_id of the rows that are trained on. */
  Dataset<Row> used() {
    return options.maxRows() > 0
        ? all()
            .orderBy(hash("rows"), col("dataset"), col("query_id"), col("doc_id"))
            .limit(options.maxRows())
        : all();
  }

  private Dataset<Row> all() {
    Dataset<Row> queries =
        context
            .read(normalForm, Tables.QUERIES)
            .filter(col("dataset").isin(datasets.toArray()))
            .filter(col("split").equalTo("train"))
            .select("dataset", "query_id");
    return context
        .read(normalForm, Tables.JUDGEMENTS)
        .filter(col("grade").geq(options.minPositiveGrade()))
        .join(queries, Columns.names("dataset", "query_id"))
        .select("dataset", "query_id", "doc_id");
  }

  /** A hash of each row, of its own for each purpose. */
  Column hash(String purpose) {
    return sha2(
        concat_ws(
                "\u0001", lit(seed + " " + purpose), col("dataset"), col("query_id"), col("doc_id"))
            .cast("binary"),
        256);
  }
}
