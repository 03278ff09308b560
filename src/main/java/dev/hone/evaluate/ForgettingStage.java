package dev.hone.evaluate;

import static org.apache.spark.sql.functions.col;

import dev.hone.config.DatasetConfig;
import dev.hone.config.ForgettingConfig;
import dev.hone.config.PrimaryMetric;
import dev.hone.metric.Bootstrap;
import dev.hone.metric.Interval;
import dev.hone.pipeline.Attempt;
import dev.hone.pipeline.StageContext;
import dev.hone.pipeline.StepSpec;
import dev.hone.store.Commit;
import dev.hone.table.Headline;
import dev.hone.table.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The forgetting step: what training cost where nothing was trained on, as rows of {@code advice}.
 */
public final class ForgettingStage {
  /** Raised when results change. */
  public static final int REVISION = 1;

  private static final Logger LOG = LoggerFactory.getLogger(ForgettingStage.class);
  private static final String KIND = "forgets";
  private static final String SUGGESTION =
      "Set train.interpolate below 1 (the tuned model lies between the base and what was trained), lower train.learning-rate or train.epochs, or train on such rows too.";

  private final StageContext context;
  private final PrimaryMetric primary;
  private final ForgettingConfig options;
  private final List<DatasetConfig> general;
  private final long seed;

  /**
   * A stage over the data sets on which a drop counts.
   *
   * @param primary the metric of rankings
   * @param datasets all of the run
   * @param seed of the bootstrap
   */
  public ForgettingStage(
      StageContext context,
      PrimaryMetric primary,
      ForgettingConfig options,
      List<DatasetConfig> datasets,
      long seed) {
    this.context = context;
    this.primary = primary;
    this.options = options;
    this.general = options.among(datasets);
    this.seed = seed;
  }

  /** The metric that a data set is judged by, of its base and of its tuned model. */
  private record Change(DatasetConfig dataset, MetricAt measure, double base, double tuned) {
    double drop() {
      return base - tuned;
    }

    String describe() {
      return String.format(
          Locale.ROOT, "%s %.4f -> %.4f (%+.4f", measure.label(), base, tuned, tuned - base);
    }
  }

  /**
   * Compares two evaluations where their comparison is not published yet.
   *
   * @param updates of the training between them
   * @return empty where no data set of the run is general
   */
  public Optional<Commit> run(Commit base, Commit tuned, int updates) {
    if (general.isEmpty()) {
      return Optional.empty();
    }
    StepSpec spec =
        StepSpec.of(
            "forgetting",
            "tuned",
            REVISION,
            Map.of(
                "max-forgetting",
                options.most(),
                "general",
                general.stream().map(DatasetConfig::name).toList(),
                "metric",
                rankingMeasure().label(),
                "seed",
                seed),
            Map.of("base", base.digest(), "tuned", tuned.digest()),
            Map.of());
    return Optional.of(context.run(spec, attempt -> write(attempt, base, tuned, updates)));
  }

  private MetricAt rankingMeasure() {
    return new MetricAt(primary.metric(), primary.k());
  }

  private MetricAt measure(DatasetConfig dataset) {
    return switch (dataset.type()) {
      case PAIRS, RANKING -> rankingMeasure();
      case TRIPLETS, HARD_NEGATIVES, NLI -> new MetricAt("triplet_accuracy", null);
      case SCORED -> new MetricAt("spearman", null);
    };
  }

  private void write(Attempt attempt, Commit base, Commit tuned, int updates) {
    Map<String, Double> before = values(base);
    Map<String, Double> after = values(tuned);
    List<Row> advice = new ArrayList<>();
    for (DatasetConfig dataset : general) {
      if (!before.containsKey(dataset.name()) || !after.containsKey(dataset.name())) {
        LOG.warn(
            "Data set {} has nothing in the evaluated split, so that nobody sees what the model forgot of it.",
            dataset.name());
        continue;
      }
      Change change =
          new Change(
              dataset, measure(dataset), before.get(dataset.name()), after.get(dataset.name()));
      String seen = change.describe() + interval(change, base, tuned) + ")";
      if (change.drop() > options.most()) {
        String evidence = seen + ", a drop of more than max-forgetting = " + options.most();
        LOG.warn("advice: {}, data set {}: {}. {}", KIND, dataset.name(), evidence, SUGGESTION);
        advice.add(
            RowFactory.create(
                0, Math.max(0, updates - 1), KIND, evidence, SUGGESTION, dataset.name()));
      } else {
        LOG.info("  forgetting: data set {}: {}", dataset.name(), seen);
      }
    }
    attempt.table(
        Tables.ADVICE, context.spark().createDataFrame(advice, Tables.ADVICE.schema()).coalesce(1));
  }

  /** Each general data set's own metric. */
  private Map<String, Double> values(Commit evaluation) {
    Map<String, Double> values = new TreeMap<>();
    List<Row> rows =
        Headline.of(context.read(evaluation, Tables.RUN_METRICS))
            .filter("value is not null")
            .select("dataset", "metric", "k", "value")
            .collectAsList();
    for (DatasetConfig dataset : general) {
      MetricAt measure = measure(dataset);
      rows.stream()
          .filter(row -> row.getString(0).equals(dataset.name()))
          .filter(row -> row.getString(1).equals(measure.metric()))
          .filter(row -> row.isNullAt(2) ? measure.k() == null : row.get(2).equals(measure.k()))
          .forEach(row -> values.put(dataset.name(), row.getDouble(3)));
    }
    return values;
  }

  /** Over the queries of a ranking; other metrics have no values per query. */
  private String interval(Change change, Commit base, Commit tuned) {
    if (!change.dataset().type().isRanked()) {
      return "";
    }
    double[] differences =
        byQuery(change, tuned)
            .join(byQuery(change, base).withColumnRenamed("value", "before"), "query_id")
            .orderBy("query_id")
            .select(col("value").minus(col("before")))
            .collectAsList()
            .stream()
            .mapToDouble(row -> row.getDouble(0))
            .toArray();
    Interval interval = Bootstrap.seeded(seed).mean(differences);
    return String.format(
        Locale.ROOT,
        "; 95 %% of draws from %+.4f to %+.4f, %d queries",
        interval.low(),
        interval.high(),
        differences.length);
  }

  private Dataset<Row> byQuery(Change change, Commit evaluation) {
    return Headline.of(context.read(evaluation, Tables.QUERY_METRICS))
        .filter(col("dataset").equalTo(change.dataset().name()))
        .filter(col("metric").equalTo(change.measure().metric()))
        .filter(col("k").equalTo(change.measure().k()))
        .select("query_id", "value");
  }
}
