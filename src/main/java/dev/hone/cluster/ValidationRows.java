package dev.hone.cluster;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sha2;

import dev.hone.config.DatasetConfig;
import dev.hone.config.DatasetType;
import dev.hone.config.EvaluateConfig;
import dev.hone.config.ValidationConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.DocumentText;
import dev.hone.table.ParentDocuments;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import dev.hone.train.ValidationPlan;
import dev.hone.train.ValidationSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The validation splits of the data sets that are trained on: queries, and for rankings the
 * documents that are judged for them with a sample of the others, taken by hash.
 */
public final class ValidationRows {
  private static final Logger LOG = LoggerFactory.getLogger(ValidationRows.class);
  private static final String SPLIT = "validation";

  private final ValidationConfig options;
  private final EvaluateConfig measures;
  private final List<DatasetConfig> datasets;
  private final long seed;

  /**
   * Validation of the data sets that are trained on.
   *
   * @param measures the metric of rankings, and what is relevant
   * @param seed of the samples
   */
  public ValidationRows(
      ValidationConfig options, EvaluateConfig measures, List<DatasetConfig> datasets, long seed) {
    this.options = options;
    this.measures = measures;
    this.datasets = datasets.stream().filter(DatasetConfig::trainOn).toList();
    this.seed = seed;
  }

  /** Whether there is any validation. */
  boolean isOn() {
    return options.every() > 0;
  }

  /** All that its result depends on, for a digest. */
  Map<String, Object> keys() {
    Map<String, Object> keys = new TreeMap<>();
    if (isOn()) {
      keys.put("evaluate-every", options.every());
      keys.put("validation-documents", options.documents());
      keys.put("early-stopping", options.patience());
      keys.put("validated", String.join(",", datasets.stream().map(DatasetConfig::name).toList()));
      keys.put(
          "validation-metric",
          "%s@%d gain %s from grade %d"
              .formatted(
                  measures.primary().metric(),
                  measures.primary().k(),
                  measures.gain().name(),
                  measures.minRelevantGrade()));
    }
    return keys;
  }

  /**
   * What a rank needs for it. Data sets without a validation split are left out with a warning.
   *
   * @throws HoneException with {@link ErrorCode#INPUT} if none has one
   */
  ValidationPlan plan(StageContext context, Commit normalForm) {
    List<ValidationSet> sets = new ArrayList<>();
    Reader reader = new Reader(context, normalForm, options.documents(), seed);
    for (DatasetConfig dataset : datasets) {
      Optional<ValidationSet> set = reader.set(dataset.name(), dataset.type());
      set.ifPresent(sets::add);
      if (set.isEmpty()) {
        LOG.warn(
            "Data set {} has nothing in split validation and does not help to choose the best model.",
            dataset.name());
      }
    }
    if (sets.isEmpty()) {
      throw new HoneException(
          ErrorCode.INPUT,
          "Cannot validate: no data set that is trained on has anything in split validation. Give one of them some (split.validation), or set train.evaluate-every = 0.");
    }
    return new ValidationPlan(
        options.every(),
        options.patience(),
        measures.primary().metric(),
        measures.primary().k(),
        measures.minRelevantGrade(),
        measures.gain().name(),
        sets);
  }

  /** Reads the sets of a normal form. */
  private record Reader(StageContext context, Commit normalForm, int sample, long seed) {
    Optional<ValidationSet> set(String dataset, DatasetType type) {
      return switch (type) {
        case PAIRS, RANKING -> ranked(dataset);
        case TRIPLETS, HARD_NEGATIVES, NLI -> compared(dataset);
        case SCORED -> scored(dataset);
      };
    }

    private Dataset<Row> rows(TableDefinition table, String dataset) {
      return context.read(normalForm, table).filter(col("dataset").equalTo(dataset));
    }

    private Dataset<Row> queries(String dataset) {
      return rows(Tables.QUERIES, dataset).filter(col("split").equalTo(SPLIT));
    }

    private Dataset<Row> judgements(String dataset) {
      return rows(Tables.JUDGEMENTS, dataset)
          .join(queries(dataset).select("query_id"), "query_id")
          .select("dataset", "query_id", "doc_id", "grade");
    }

    private Optional<ValidationSet> ranked(String dataset) {
      Dataset<Row> documents = rows(Tables.DOCUMENTS, dataset);
      Dataset<Row> judged =
          ParentDocuments.judgements(
              judgements(dataset).filter(col("grade").isNotNull()), documents);
      Map<String, Map<String, Integer>> grades = new TreeMap<>();
      judged
          .select("query_id", "doc_id", "grade")
          .collectAsList()
          .forEach(
              row ->
                  grades
                      .computeIfAbsent(row.getString(0), id -> new TreeMap<>())
                      .put(row.getString(1), row.getInt(2)));
      if (grades.isEmpty()) {
        return Optional.empty();
      }
      List<ValidationSet.Text> queries =
          texts(queries(dataset).select(col("query_id"), col("text"), col("query_id").as("place")))
              .stream()
              .filter(query -> grades.containsKey(query.id()))
              .toList();
      List<ValidationSet.Text> ranked =
          texts(
              documents
                  .join(parents(documents, judged), Columns.names("parent_id"))
                  .select(col("parent_id"), DocumentText.whole(), col("doc_id").as("place")));
      return Optional.of(new ValidationSet.Ranked(dataset, queries, ranked, grades));
    }

    /** parent_id of the judged documents and of the sample. */
    private Dataset<Row> parents(Dataset<Row> documents, Dataset<Row> judged) {
      Dataset<Row> all = documents.select("parent_id").distinct();
      Dataset<Row> known = judged.select(col("doc_id").as("parent_id")).distinct();
      Column hash =
          sha2(
              concat_ws("\u0001", lit(seed + " validation"), col("parent_id")).cast("binary"), 256);
      return known.union(
          all.join(known, Columns.names("parent_id"), "left_anti")
              .withColumn("place", row_number().over(Window.orderBy(hash, col("parent_id"))))
              .filter(col("place").leq(sample))
              .select("parent_id"));
    }

    /** Rows of id, text and place as texts in the order of places. */
    private static List<ValidationSet.Text> texts(Dataset<Row> rows) {
      return rows.orderBy("place").collectAsList().stream()
          .map(row -> new ValidationSet.Text(row.getString(0), row.getString(1)))
          .toList();
    }

    private Optional<ValidationSet> compared(String dataset) {
      Dataset<Row> documents =
          rows(Tables.DOCUMENTS, dataset)
              .select(col("doc_id"), DocumentText.whole().as("document"));
      Dataset<Row> judged =
          judgements(dataset)
              .join(queries(dataset).select("query_id", "text"), "query_id")
              .join(documents, "doc_id");
      Dataset<Row> positives =
          judged
              .filter("grade > 0")
              .select(
                  col("query_id"),
                  col("text"),
                  col("doc_id").as("positive_id"),
                  col("document").as("positive"));
      Dataset<Row> others =
          judged
              .filter("grade is null or grade <= 0")
              .select(col("query_id"), col("doc_id").as("other_id"), col("document").as("other"));
      List<ValidationSet.Triplet> triplets =
          positives
              .join(others, "query_id")
              .orderBy("query_id", "positive_id", "other_id")
              .select("text", "positive", "other")
              .collectAsList()
              .stream()
              .map(
                  row ->
                      new ValidationSet.Triplet(
                          row.getString(0), row.getString(1), row.getString(2)))
              .toList();
      return triplets.isEmpty()
          ? Optional.empty()
          : Optional.of(new ValidationSet.Compared(dataset, triplets));
    }

    private Optional<ValidationSet> scored(String dataset) {
      List<ValidationSet.Pair> pairs =
          rows(Tables.SCORED_PAIRS, dataset)
              .filter(col("split").equalTo(SPLIT))
              .orderBy("pair_id")
              .select("text_a", "text_b", "score")
              .collectAsList()
              .stream()
              .map(
                  row ->
                      new ValidationSet.Pair(row.getString(0), row.getString(1), row.getDouble(2)))
              .toList();
      return pairs.isEmpty()
          ? Optional.empty()
          : Optional.of(new ValidationSet.Scored(dataset, pairs));
    }
  }
}
