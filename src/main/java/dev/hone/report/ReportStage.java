package dev.hone.report;

import static org.apache.spark.sql.functions.lit;

import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.store.Commit;
import dev.hone.store.LocalCache;
import dev.hone.table.ParentDocuments;
import dev.hone.table.TableDefinition;
import dev.hone.table.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The report step: the page for people and the tuned model's card. */
public final class ReportStage {
  private static final int REVISION = 2;

  /** Name of the artifact that holds the page and the card. */
  public static final String ARTIFACT = "report";

  private final StageContext context;
  private final Map<String, Commit> inputs;
  private final Collection<Commit> evaluations;
  private final Map<String, Commit> vectors;

  /**
   * A stage over what a run published.
   *
   * @param steps the run's commits by step: normalize, and negatives and train where there are
   * @param evaluations one commit per model
   * @param vectors the vectors of each model that has any
   */
  public ReportStage(
      StageContext context,
      Map<String, Commit> steps,
      Collection<Commit> evaluations,
      Map<String, Commit> vectors) {
    this.context = context;
    this.inputs = new TreeMap<>(steps);
    this.evaluations = List.copyOf(evaluations);
    this.vectors = new TreeMap<>(vectors);
  }

  /** Reads what the page shows. */
  public ReportData read(
      ReportData.Run run,
      List<ReportData.DatasetFacts> datasets,
      ReportData.Training training,
      ReportData.Cost cost) {
    return ReportReader.read(run, datasets, training, cost, tables());
  }

  /** Publishes the page and the card where they are not published yet. */
  public Commit run(ReportData data, CardFacts card) {
    Map<String, String> digests = new TreeMap<>();
    inputs.forEach((step, commit) -> digests.put(step, commit.digest()));
    vectors.forEach((model, commit) -> digests.put("vectors-" + model, commit.digest()));
    int number = 0;
    for (Commit evaluation : evaluations) {
      digests.put("evaluate-" + number++, evaluation.digest());
    }
    StepSpec spec =
        StepSpec.of(
            "report",
            "all",
            REVISION,
            Map.of("run-id", context.runId(), "configuration", data.run().configuration()),
            digests,
            Map.of());
    return context.run(spec, attempt -> write(attempt, data, card));
  }

  private static void write(Attempt attempt, ReportData data, CardFacts card) {
    try {
      Path folder = Files.createTempDirectory("hone-report");
      try {
        Files.writeString(folder.resolve("report.html"), HtmlReport.render(data));
        Files.writeString(folder.resolve("README.md"), ModelCardText.render(card, data));
        attempt.artifact(ARTIFACT, folder);
      } finally {
        LocalCache.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ReportTables tables() {
    Dataset<Row> documents = table("normalize", Tables.DOCUMENTS);
    return new ReportTables(
        ParentDocuments.documents(documents),
        table("normalize", Tables.QUERIES),
        ParentDocuments.judgements(table("normalize", Tables.JUDGEMENTS), documents),
        table("normalize", Tables.SCORED_PAIRS),
        table("normalize", Tables.AUDIT),
        truncationCounts(),
        table("negatives", Tables.FILTER_COUNTS),
        table("train", Tables.TRAINING_LOG),
        evaluated(Tables.RANKINGS),
        evaluated(Tables.QUERY_METRICS),
        evaluated(Tables.RUN_METRICS));
  }

  private Dataset<Row> table(String step, TableDefinition table) {
    Commit commit = inputs.get(step);
    return commit == null ? empty(table) : context.read(commit, table);
  }

  private Dataset<Row> truncationCounts() {
    Dataset<Row> all = empty(Tables.TRUNCATION_COUNTS).withColumn("model", lit(""));
    for (Map.Entry<String, Commit> one : vectors.entrySet()) {
      all =
          all.unionByName(
              context
                  .read(one.getValue(), Tables.TRUNCATION_COUNTS)
                  .withColumn("model", lit(one.getKey())));
    }
    return all;
  }

  private Dataset<Row> evaluated(TableDefinition table) {
    Dataset<Row> all = empty(table);
    for (Commit evaluation : new ArrayList<>(evaluations)) {
      all = all.unionByName(context.read(evaluation, table));
    }
    return all;
  }

  private Dataset<Row> empty(TableDefinition table) {
    return context.spark().createDataFrame(List.of(), table.schema());
  }
}
