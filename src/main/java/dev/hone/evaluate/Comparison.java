package dev.hone.evaluate;

import dev.hone.config.PrimaryMetric;
import dev.hone.error.ErrorCode;
import dev.hone.error.HoneException;
import dev.hone.evaluate.ComparisonResult.Line;
import dev.hone.evaluate.ComparisonResult.Verdict;
import dev.hone.metric.Bootstrap;
import dev.hone.metric.Metric;
import dev.hone.metric.Significance;
import dev.hone.pipeline.StageContext;
import dev.hone.store.LocalCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a candidate with a baseline, query by query, by all metrics that both were measured by.
 * Several runs of a side (training seeds) count as one, whose value of a query is their mean.
 */
public final class Comparison {
  /** Queries shown for each direction. */
  public static final int CHANGES = 10;

  private static final Logger LOG = LoggerFactory.getLogger(Comparison.class);

  /** What data sets without rankings are judged by. */
  static final List<MetricAt> UNRANKED =
      List.of(new MetricAt("spearman", null), new MetricAt("triplet_accuracy", null));

  private final SparkSession spark;
  private final LocalCache cache;

  /** A comparison that reads with a session. */
  public Comparison(SparkSession spark, LocalCache cache) {
    this.spark = spark;
    this.cache = cache;
  }

  /**
   * What to compare.
   *
   * @param baseline one or more runs
   * @param candidate one or more runs
   * @param tolerance largest loss of the primary metric that is not worse, 0 or more
   * @param maxForgetting largest loss on what the candidate was not trained on, 0 or more
   * @param general names of the data sets on which forgetting counts; empty: those that the
   *     candidate was not trained on
   * @param bootstrap behind the intervals; its seed is that of the tests too
   */
  public record Spec(
      List<EvaluatedModel> baseline,
      List<EvaluatedModel> candidate,
      double tolerance,
      double maxForgetting,
      List<String> general,
      Bootstrap bootstrap) {

    /**
     * Copies the lists and checks the bounds.
     *
     * @throws IllegalArgumentException if a side has no run, or a bound is negative or not finite
     */
    public Spec {
      baseline = List.copyOf(baseline);
      candidate = List.copyOf(candidate);
      general = List.copyOf(general);
      if (baseline.isEmpty() || candidate.isEmpty()) {
        throw new IllegalArgumentException("illegal sides: each must have a run");
      }
      requireBound("tolerance", tolerance);
      requireBound("max-forgetting", maxForgetting);
    }

    private static void requireBound(String name, double value) {
      if (!(value >= 0.0 && value < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "illegal " + name + ": " + value + ", must be a number of 0 or more");
      }
    }

    /** The metric of rankings that decides: the candidate's primary one. */
    MetricAt ranking() {
      PrimaryMetric primary = candidate.get(0).primary().orElse(new PrimaryMetric("ndcg", 10));
      return new MetricAt(primary.metric(), primary.k());
    }

    private List<EvaluatedModel> all() {
      return Stream.concat(baseline.stream(), candidate.stream()).toList();
    }
  }

  /**
   * Compares.
   *
   * @throws HoneException with {@link ErrorCode#INPUT} if the two were evaluated on other data, or
   *     in another way
   */
  public ComparisonResult run(Spec spec) {
    requireSameMeanings(spec);
    List<ModelScores> baseline = means(spec.baseline(), leftOut(spec));
    List<ModelScores> candidate = means(spec.candidate(), leftOut(spec));
    List<ModelScores> all = Stream.concat(baseline.stream(), candidate.stream()).toList();
    requireDefined(spec, all);
    SortedSet<String> datasets = common(spec, all);
    requireSameData(spec, all.get(0), datasets);
    readQueries(spec, all, datasets);
    ComparedSide before = new ComparedSide(baseline);
    ComparedSide after = new ComparedSide(candidate);
    SortedMap<String, MetricAt> primary = primary(spec, before, after, datasets);
    requireSameQueries(spec, before, after, primary);
    List<Line> lines = adjusted(lines(spec, before, after, primary));
    EvaluatedModel first = spec.baseline().get(0);
    ChangedQueries ids = ChangedQueries.of(before, after, primary, CHANGES);
    ChangedQueries changes =
        first.publishedData().map(data -> ids.withTexts(context(first), data)).orElse(ids);
    return new ComparisonResult(
        sides(spec.baseline(), baseline),
        sides(spec.candidate(), candidate),
        lines,
        changes.losses(),
        changes.gains(),
        verdict(spec, candidate, lines, primary),
        spec.bootstrap().draws());
  }

  private StageContext context(EvaluatedModel model) {
    return new StageContext(spark, model.workspace(), model.reference().runId(), cache, "compare");
  }

  private List<ModelScores> means(List<EvaluatedModel> models, Set<String> leftOut) {
    return models.stream().map(model -> ModelScores.of(context(model), model, leftOut)).toList();
  }

  /**
   * How much nobody judged says nothing of a model's worth; and metrics over a whole ranking do not
   * compare where one was searched deeper.
   */
  private static Set<String> leftOut(Spec spec) {
    Set<String> leftOut = new TreeSet<>(Set.of(Metric.UNJUDGED.label()));
    if (spec.all().stream().map(EvaluatedModel::depth).distinct().count() > 1) {
      Arrays.stream(Metric.values())
          .filter(metric -> !metric.hasCutoff())
          .forEach(metric -> leftOut.add(metric.label()));
    }
    return leftOut;
  }

  private static List<ComparisonResult.Side> sides(
      List<EvaluatedModel> models, List<ModelScores> scores) {
    return IntStream.range(0, models.size())
        .mapToObj(
            i -> new ComparisonResult.Side(models.get(i).reference().label(), scores.get(i).form()))
        .toList();
  }

  // --- What may be compared ---------------------------------------------------------------------

  /** One that does not say how it computed is taken to have done as the others. */
  private static void requireSameMeanings(Spec spec) {
    EvaluatedModel first = spec.baseline().get(0);
    SortedMap<String, String> meanings = first.meanings();
    for (EvaluatedModel other : spec.all()) {
      other
          .meanings()
          .forEach(
              (name, value) -> {
                String expected = meanings.getOrDefault(name, value);
                if (!expected.equals(value)) {
                  throw refused(
                      spec,
                      "%s was evaluated with %s = %s, %s with %s"
                          .formatted(
                              first.reference().label(),
                              name,
                              expected,
                              other.reference().label(),
                              value));
                }
              });
    }
  }

  private static HoneException refused(Spec spec, String why) {
    return new HoneException(
        ErrorCode.INPUT,
        "Cannot compare %s with %s: %s. Evaluate both in the same way on the same data."
            .formatted(
                spec.baseline().get(0).reference().label(),
                spec.candidate().get(0).reference().label(),
                why));
  }

  /** A value that one side lacks must not pass for one that is no worse. */
  private static void requireDefined(Spec spec, List<ModelScores> all) {
    for (ModelScores scores : all) {
      for (String undefined : scores.undefined()) {
        if (all.stream().anyMatch(other -> other.isDefined(undefined))) {
          throw refused(
              spec,
              "data set %s is not defined for all of them, since all scores are alike or too few"
                  .formatted(undefined));
        }
      }
    }
  }

  /** Data sets that all runs evaluated, on the same split. */
  private static SortedSet<String> common(Spec spec, List<ModelScores> all) {
    SortedSet<String> common = new TreeSet<>(all.get(0).datasets());
    Set<String> some = new TreeSet<>();
    for (ModelScores scores : all) {
      common.retainAll(scores.datasets());
      some.addAll(scores.datasets());
    }
    if (common.isEmpty()) {
      throw refused(
          spec, "no data set was evaluated by all of them; there are " + String.join(", ", some));
    }
    some.removeAll(common);
    if (!some.isEmpty()) {
      LOG.warn("Not all runs evaluated {}: left out of the comparison.", String.join(", ", some));
    }
    for (String dataset : common) {
      Set<String> splits = new LinkedHashSet<>();
      all.forEach(scores -> splits.add(scores.split(dataset)));
      if (splits.size() > 1) {
        throw refused(
            spec,
            "data set %s was evaluated on the splits %s"
                .formatted(dataset, String.join(" and ", splits)));
      }
    }
    return common;
  }

  /**
   * The digest of the normal form covers all data; where it differs, rows may still be the same.
   */
  private void requireSameData(Spec spec, ModelScores scores, SortedSet<String> datasets) {
    EvaluatedModel first = spec.baseline().get(0);
    SortedMap<String, String> splits = new TreeMap<>();
    datasets.forEach(dataset -> splits.put(dataset, scores.split(dataset)));
    Set<String> seen = new TreeSet<>(Set.of(first.dataDigest()));
    for (EvaluatedModel other : spec.all()) {
      if (seen.add(other.dataDigest())) {
        new SameData(data(first), data(other), splits).require();
      }
    }
  }

  private SameData.Side data(EvaluatedModel model) {
    return new SameData.Side(model.reference().label(), context(model), model.data());
  }

  private void readQueries(Spec spec, List<ModelScores> all, SortedSet<String> datasets) {
    for (int i = 0; i < all.size(); i++) {
      EvaluatedModel model = spec.all().get(i);
      all.get(i).readQueries(context(model), model, datasets);
    }
  }

  // --- What differs -----------------------------------------------------------------------------

  /** The metric that each data set is judged by. */
  private static SortedMap<String, MetricAt> primary(
      Spec spec, ComparedSide before, ComparedSide after, SortedSet<String> datasets) {
    SortedMap<String, MetricAt> primary = new TreeMap<>();
    for (String dataset : datasets) {
      Set<MetricAt> common = commonMetrics(before, after, dataset);
      primary.put(
          dataset,
          Stream.concat(Stream.of(spec.ranking()), UNRANKED.stream())
              .filter(common::contains)
              .findFirst()
              .orElseThrow(
                  () ->
                      refused(
                          spec,
                          "data set %s was not measured by %s in all of them; common metrics: %s"
                              .formatted(dataset, spec.ranking().label(), labels(common)))));
    }
    return primary;
  }

  /** Data may be the same and yet another version of Hone have measured other queries of it. */
  private static void requireSameQueries(
      Spec spec, ComparedSide before, ComparedSide after, SortedMap<String, MetricAt> primary) {
    primary.forEach(
        (dataset, metric) -> {
          if (!UNRANKED.contains(metric)
              && MetricLines.pairs(before, after, dataset, metric) == null) {
            throw refused(
                spec,
                "%s of data set %s is published for other queries"
                    .formatted(metric.label(), dataset));
          }
        });
  }

  private static String labels(Set<MetricAt> metrics) {
    return metrics.isEmpty()
        ? "none"
        : String.join(", ", metrics.stream().map(MetricAt::label).toList());
  }

  private static Set<MetricAt> commonMetrics(
      ComparedSide before, ComparedSide after, String dataset) {
    Set<MetricAt> common = new TreeSet<>(before.metrics(dataset));
    common.retainAll(after.metrics(dataset));
    return common;
  }

  private static List<Line> lines(
      Spec spec, ComparedSide before, ComparedSide after, SortedMap<String, MetricAt> primary) {
    SortedMap<MetricAt, SortedSet<String>> datasets =
        new TreeMap<>(
            Comparator.comparing((MetricAt metric) -> !primary.containsValue(metric))
                .thenComparing(Comparator.naturalOrder()));
    for (String dataset : primary.keySet()) {
      for (MetricAt metric : commonMetrics(before, after, dataset)) {
        datasets.computeIfAbsent(metric, one -> new TreeSet<>()).add(dataset);
      }
    }
    return datasets.entrySet().stream()
        .flatMap(
            entry ->
                new MetricLines(spec.bootstrap(), before, after, primary, entry.getKey())
                    .of(entry.getValue()).stream())
        .toList();
  }

  private static List<Line> adjusted(List<Line> lines) {
    double[] pValues =
        lines.stream()
            .filter(line -> line.paired() != null)
            .mapToDouble(line -> line.paired().randomizationP())
            .toArray();
    double[] adjusted = Significance.holm(pValues);
    List<Line> result = new ArrayList<>();
    int next = 0;
    for (Line line : lines) {
      result.add(line.paired() == null ? line : line.adjusted(adjusted[next++]));
    }
    return result;
  }

  /** The mean over data sets of each one's own primary metric. */
  private Verdict verdict(
      Spec spec,
      List<ModelScores> candidate,
      List<Line> lines,
      SortedMap<String, MetricAt> primary) {
    List<Line> own =
        lines.stream().filter(line -> line.metric().equals(primary.get(line.dataset()))).toList();
    Set<String> metrics = new LinkedHashSet<>();
    own.forEach(line -> metrics.add(line.metric().label()));
    return new Verdict(
        String.join(", ", metrics),
        own.size(),
        own.stream().mapToDouble(Line::baseline).average().orElseThrow(),
        own.stream().mapToDouble(Line::candidate).average().orElseThrow(),
        own.stream().mapToDouble(Line::delta).average().orElseThrow(),
        spec.tolerance(),
        spec.maxForgetting(),
        new ForgettingCheck(this::context, spec).of(candidate));
  }
}
