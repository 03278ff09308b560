package dev.hone.cluster;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;

import dev.hone.config.DatasetConfig;
import dev.hone.config.DatasetType;
import dev.hone.loss.GuidedRanking;
import dev.hone.loss.RankingOptions;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import dev.hone.train.AdvisedRun;
import dev.hone.train.AdvisedRun.CutTexts;
import dev.hone.train.AdvisedRun.TrainedSet;
import dev.hone.train.DatasetTraining;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** What the advisor is told of the rows that are trained on: how many, of which types, how long. */
public final class AdvisedRows {
  /** The checks of the audit that count texts that are cut, and what these texts are. */
  private static final Map<String, String> CUT =
      Map.of(
          "truncation-relevant",
          "documents that answer something",
          "truncation-queries",
          "queries");

  private final TrainingRows rows;
  private final PlanStage.Resolved batches;
  private final Curriculum curriculum;
  private final List<DatasetConfig> datasets;

  /**
   * Rows as they are planned.
   *
   * @param curriculum the value of {@code train.curriculum}
   */
  public AdvisedRows(
      TrainingRows rows,
      PlanStage.Resolved batches,
      String curriculum,
      List<DatasetConfig> datasets) {
    this.rows = rows;
    this.batches = batches;
    this.curriculum = Curriculum.of(curriculum);
    this.datasets = datasets.stream().filter(DatasetConfig::trainOn).toList();
  }

  /** All that the advisor knows of a run besides its log. */
  AdvisedRun run(StageContext context, Commit normalForm, TrainingSpec spec, Segment segment) {
    return new AdvisedRun(
        segment.updates(),
        batches.epochs(),
        spec.learningRate(),
        spec.warmupRatio(),
        spec.maxGradientNorm(),
        spec.batchRows(),
        batches.updateRows(),
        spec.maxLength(),
        segment.every(),
        !curriculum.isNone(),
        sets(context, normalForm, spec));
  }

  private List<TrainedSet> sets(StageContext context, Commit normalForm, TrainingSpec spec) {
    Map<String, Row> counts = new TreeMap<>();
    rows.used()
        .groupBy("dataset")
        .agg(count(lit(1)), countDistinct("query_id"))
        .collectAsList()
        .forEach(row -> counts.put(row.getString(0), row));
    Map<String, List<CutTexts>> cut = cut(context, normalForm);
    List<TrainedSet> sets = new ArrayList<>();
    for (DatasetConfig dataset : datasets) {
      Row counted = counts.get(dataset.name());
      if (counted != null) {
        DatasetType type = dataset.type();
        DatasetTraining training = spec.datasets().get(dataset.name());
        boolean measured = training.maxLength() == spec.maxLength();
        sets.add(
            new TrainedSet(
                dataset.name(),
                training.loss().objective() instanceof RankingOptions
                    || training.loss().objective() instanceof GuidedRanking,
                counted.getLong(1),
                counted.getLong(type.countsQueries() ? 2 : 1),
                type.countsQueries() ? "queries" : "rows",
                type.enoughFrom(),
                measured ? cut.getOrDefault(dataset.name(), List.of()) : List.of()));
      }
    }
    return sets;
  }

  private static Map<String, List<CutTexts>> cut(StageContext context, Commit normalForm) {
    Map<String, List<CutTexts>> cut = new TreeMap<>();
    context
        .read(normalForm, Tables.AUDIT)
        .filter(col("check").isin(CUT.keySet().toArray()).and(col("share").isNotNull()))
        .orderBy("dataset", "check")
        .select("dataset", "check", "count", "share")
        .collectAsList()
        .forEach(
            row ->
                cut.computeIfAbsent(row.getString(0), name -> new ArrayList<>())
                    .add(
                        new CutTexts(CUT.get(row.getString(1)), row.getLong(2), row.getDouble(3))));
    return cut;
  }
}
