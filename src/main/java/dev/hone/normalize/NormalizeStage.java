package dev.hone.normalize;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import dev.hone.config.DatasetConfig;
import dev.hone.config.NormalizeConfig;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.store.Commit;
import dev.hone.table.Columns;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The normalize step: all data sets of a configuration in the normal form. */
public final class NormalizeStage {
  private static final int REVISION = 1;

  private final StageContext context;
  private final List<DatasetConfig> datasets;
  private final NormalizeConfig options;

  /** A stage over the data sets given, at least one. */
  public NormalizeStage(
      StageContext context, List<DatasetConfig> datasets, NormalizeConfig options) {
    this.context = context;
    this.datasets = datasets;
    this.options = options;
  }

  /** Everything that the result depends on. */
  public static StepSpec spec(List<DatasetConfig> datasets, NormalizeConfig options) {
    Map<String, String> keys = new TreeMap<>();
    boolean wordNet = false;
    for (DatasetConfig dataset : datasets) {
      requireWordNet(dataset);
      wordNet = true;
      keys.put("dataset " + dataset.name(), dataset.toString());
    }
    keys.put("normalize", options.toString());
    return StepSpec.of(
        "normalize",
        "all",
        REVISION,
        keys,
        wordNet ? Map.of("wordnet", WordNetLexicon.digest()) : Map.of(),
        Map.of());
  }

  private static void requireWordNet(DatasetConfig dataset) {
    dataset
        .sources()
        .forEach(
            (role, source) -> {
              if (!source.isWordNet()) {
                throw new HoneException(
                    ErrorCode.CONFIGURATION,
                    "Data set %s has the source format '%s', which this version cannot read: it reads wordnet alone."
                        .formatted(dataset.name(), source.format()));
              }
            });
  }

  /** Runs the step where its result is not published yet. */
  public Commit run() {
    return context.run(spec(datasets, options), this::write);
  }

  private void write(Attempt attempt) {
    SortedMap<String, Concept> concepts = WordNetLexicon.read();
    List<NormalRows> parts =
        datasets.stream().map(dataset -> WordNetRows.of(concepts, dataset)).toList();
    parts.forEach(this::limitRejects);
    NormalForm form = NormalRows.form(context.spark(), parts);
    attempt.table(Tables.DOCUMENTS, form.documents());
    attempt.table(Tables.QUERIES, form.queries());
    attempt.table(Tables.JUDGEMENTS, form.judgements());
    attempt.table(Tables.SCORED_PAIRS, form.scoredPairs());
    attempt.table(Tables.REJECTS, form.rejects());
    attempt.table(Tables.AUDIT, audit(form));
  }

  private void limitRejects(NormalRows part) {
    double share = part.rejected() / (double) Math.max(1, part.rejected() + part.size());
    if (share > options.maxRejectShare()) {
      throw new HoneException(
          ErrorCode.INPUT,
          "Data set %s: %d records were refused, a share of %.4f, above normalize.max-reject-share = %s."
              .formatted(part.dataset(), part.rejected(), share, options.maxRejectShare()));
    }
  }

  /** Counts per split, and whether anything held out is trained on. */
  private Dataset<Row> audit(NormalForm form) {
    Dataset<Row> counts =
        form.queries()
            .groupBy(col("dataset"), col("split"))
            .agg(count(lit(1)).as("count"))
            .select(finding(lit("queries"), lit("info")));
    return counts.unionByName(leakage(form));
  }

  /** Texts of test queries and of their answers that stand in training rows of any data set. */
  private Dataset<Row> leakage(NormalForm form) {
    List<String> trained =
        datasets.stream().filter(DatasetConfig::trainOn).map(DatasetConfig::name).toList();
    Dataset<Row> positives =
        form.judgements()
            .filter("grade > 0")
            .join(
                form.queries().drop("domain", "content_hash"), Columns.names("dataset", "query_id"))
            .join(
                form.documents().select("dataset", "doc_id", "content_hash"),
                Columns.names("dataset", "doc_id"));
    Dataset<Row> training =
        positives
            .filter(col("split").equalTo("train"))
            .filter(col("dataset").isin(trained.toArray()));
    Dataset<Row> seen =
        training
            .select(col("content_hash"))
            .union(
                form.queries()
                    .filter(col("split").equalTo("train"))
                    .filter(col("dataset").isin(trained.toArray()))
                    .select(col("content_hash")))
            .distinct();
    Dataset<Row> heldOut =
        positives
            .filter(col("split").equalTo("test"))
            .filter(col("dataset").isin(trained.toArray()))
            .select("dataset", "content_hash")
            .union(
                form.queries()
                    .filter(col("split").equalTo("test"))
                    .select("dataset", "content_hash"))
            .distinct();
    return heldOut
        .join(seen.withColumn("seen", lit(1)), Columns.names("content_hash"), "left")
        .groupBy("dataset")
        .agg(count(col("seen")).as("count"), count(lit(1)).as("looked_at"))
        .select(
            col("dataset"),
            lit("test").as("split"),
            lit("leakage").as("check"),
            org.apache
                .spark
                .sql
                .functions
                .when(col("count").gt(0), "error")
                .otherwise("info")
                .as("severity"),
            col("count"),
            col("count").divide(col("looked_at")).as("share"),
            lit(null).cast("string").as("examples"));
  }

  private static Column[] finding(Column check, Column severity) {
    TableDefinition audit = Tables.AUDIT;
    return new Column[] {
      col("dataset"),
      col("split"),
      check.as("check"),
      severity.as("severity"),
      col("count"),
      lit(null).cast(audit.schema().apply("share").dataType()).as("share"),
      lit(null).cast("string").as("examples")
    };
  }
}
