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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The report step: the page for people and the tuned model's card. */
public final class ReportStage {
  private static final int REVISION = 7;

  /** Name of the artifact that holds the page and the card. */
  public static final String ARTIFACT = "report";

  /** What the name of a step begins with that compared a model's probes; the model ends it. */
  public static final String PROBES = "probes-";

  private final StageContext context;
  private final Map<String, Commit> inputs;
  private final List<MinedRound> mined;
  private final Collection<Commit> evaluations;
  private final Map<String, Commit> vectors;

  /**
   * A stage over what a run published.
   *
   * @param steps the run's commits by step: normalize, and train, forgetting and probes where there
   *     are any
   * @param mined the mining rounds from the first; none without mining
   * @param evaluations one commit per model
   * @param vectors the vectors of each model that has any
   */
  public ReportStage(
      StageContext context,
      Map<String, Commit> steps,
      List<MinedRound> mined,
      Collection<Commit> evaluations,
      Map<String, Commit> vectors) {
    this.context = context;
    this.inputs = new TreeMap<>(steps);
    this.mined = List.copyOf(mined);
    this.evaluations = List.copyOf(evaluations);
    this.vectors = new TreeMap<>(vectors);
  }

  /** Reads what the page shows. */
  public ReportData read(
      ReportData.Run run,
      List<ReportData.DatasetFacts> datasets,
      ReportData.Training training,
      ReportData.Cost cost) {
    return ReportReader.read(run, datasets, training, cost.with(StepTimes.of(context)), tables());
  }

  /** Publishes the page and the card where they are not published yet. */
  public Commit run(ReportData data, CardFacts card) {
    Map<String, String> digests = new TreeMap<>();
    inputs.forEach((step, commit) -> digests.put(step, commit.digest()));
    vectors.forEach((model, commit) -> digests.put("vectors-" + model, commit.digest()));
    for (int round = 0; round < mined.size(); round++) {
      digests.put("candidates-" + round, mined.get(round).candidates().digest());
      digests.put("negatives-" + round, mined.get(round).negatives().digest());
    }
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
        miningTables(documents),
        table("train", Tables.TRAINING_LOG),
        advice(),
        all(evaluations, Tables.RANKINGS),
        all(evaluations, Tables.QUERY_METRICS),
        all(evaluations, Tables.RUN_METRICS),
        probes());
  }

  private Dataset<Row> probes() {
    return all(
        inputs.entrySet().stream()
            .filter(step -> step.getKey().startsWith(PROBES))
            .map(Map.Entry::getValue)
            .toList(),
        Tables.PROBES);
  }

  private MiningTables miningTables(Dataset<Row> documents) {
    List<Commit> candidates = mined.stream().map(MinedRound::candidates).toList();
    List<Commit> negatives = mined.stream().map(MinedRound::negatives).toList();
    return new MiningTables(
        documents,
        table("normalize", Tables.QUERIES),
        all(candidates, Tables.CANDIDATES),
        all(negatives, Tables.NEGATIVES),
        all(negatives, Tables.FILTER_COUNTS));
  }

  private Dataset<Row> table(String step, TableDefinition table) {
    Commit commit = inputs.get(step);
    return commit == null ? empty(table) : context.read(commit, table);
  }

  /** Empty, too, where training was published by a version that gave none. */
  private Dataset<Row> advice() {
    Commit trained = inputs.get("train");
    boolean given =
        trained != null
            && trained.tables().stream()
                .anyMatch(table -> table.name().equals(Tables.ADVICE.name()));
    Dataset<Row> ofTraining = given ? context.read(trained, Tables.ADVICE) : empty(Tables.ADVICE);
    return ofTraining.unionByName(table("forgetting", Tables.ADVICE));
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

  private Dataset<Row> all(Collection<Commit> commits, TableDefinition table) {
    Dataset<Row> all = empty(table);
    for (Commit commit : commits) {
      all = all.unionByName(context.read(commit, table));
    }
    return all;
  }

  private Dataset<Row> empty(TableDefinition table) {
    return context.spark().createDataFrame(List.of(), table.schema());
  }
}
