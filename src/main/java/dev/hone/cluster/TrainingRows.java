package dev.hone.cluster;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;

import dev.hone.config.DatasetConfig;
import dev.hone.config.DatasetType;
import dev.hone.config.TrainConfig;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows of a run's training: every (query, positive) and every scored pair of split train, or
 * {@code max-rows} of them, taken by hash.
 */
public final class TrainingRows {
  private final StageContext context;
  private final Commit normalForm;
  private final TrainConfig options;
  private final List<DatasetConfig> datasets;
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
    this.datasets = datasets.stream().filter(DatasetConfig::trainOn).toList();
    this.seed = seed;
  }

  /** How many there are before {@code max-rows}. */
  public long available() {
    return all().count();
  }

  /**
   * How many updates they fill, what each epoch leaves out aside: the number of the plan's steps.
   *
   * @param resolved the size of batches and the number of epochs
   */
  public int updates(PlanStage.Resolved resolved) {
    long updates =
        shares(used(), resolved).stream().mapToLong(EpochShare::updates).sum() * resolved.epochs();
    return Math.toIntExact(
        options.maxSteps() > 0 ? Math.min(updates, options.maxSteps()) : updates);
  }

  /**
   * What becomes of each data set's rows in an epoch, by name.
   *
   * @param used the rows that are trained on
   */
  List<EpochShare> shares(Dataset<Row> used, PlanStage.Resolved resolved) {
    SortedMap<String, Long> counts = new TreeMap<>();
    for (Row counted : used.groupBy("dataset").count().collectAsList()) {
      counts.put(counted.getString(0), counted.getLong(1));
    }
    return EpochShare.of(
        counts, resolved.updateRows(), this::takesSmallerBatches, options.sampling());
  }

  /** Whether a data set's tail is dealt out over smaller batches, and not left out. */
  boolean takesSmallerBatches(String dataset) {
    return datasets.stream()
        .filter(one -> one.name().equals(dataset))
        .anyMatch(one -> options.of(one).loss().loss().takesSmallerBatches());
  }

  /** Names of the data sets that are trained on. */
  List<String> datasets() {
    return datasets.stream().map(DatasetConfig::name).toList();
  }

  /** How many negatives a row of each data set has at most. */
  SortedMap<String, Integer> negatives() {
    SortedMap<String, Integer> negatives = new TreeMap<>();
    datasets.forEach(one -> negatives.put(one.name(), options.of(one).negativesPerQuery()));
    return negatives;
  }

  /**
   * dataset, query_id, doc_id of the rows that are trained on; of a scored pair its pair_id, and no
   * doc_id.
   */
  Dataset<Row> used() {
    return options.maxRows() > 0
        ? all()
            .orderBy(hash("rows"), col("dataset"), col("query_id"), col("doc_id"))
            .limit(options.maxRows())
        : all();
  }

  private Dataset<Row> all() {
    boolean scored = datasets.stream().anyMatch(one -> one.type() == DatasetType.SCORED);
    return scored ? answers().unionByName(pairs()) : answers();
  }

  private Dataset<Row> trained(TableDefinition table) {
    return context
        .read(normalForm, table)
        .filter(col("dataset").isin(datasets().toArray()))
        .filter(col("split").equalTo("train"));
  }

  private Dataset<Row> answers() {
    Dataset<Row> queries = trained(Tables.QUERIES).select("dataset", "query_id");
    return context
        .read(normalForm, Tables.JUDGEMENTS)
        .filter(col("grade").geq(options.minPositiveGrade()))
        .join(queries, Columns.names("dataset", "query_id"))
        .select("dataset", "query_id", "doc_id");
  }

  private Dataset<Row> pairs() {
    return trained(Tables.SCORED_PAIRS)
        .select(
            col("dataset"), col("pair_id").as("query_id"), lit(null).cast("string").as("doc_id"));
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
