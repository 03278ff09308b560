package dev.hone.config;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How models are measured.
 *
 * @param split the split that is evaluated
 * @param k ranks at which metrics are cut off, ascending
 * @param dims first dimensions that are compared, 1 or more each, descending; auto: all, and those
 *     of Matryoshka training
 * @param precisions number formats that rankings are measured in, fp32 always among them
 * @param baselines what the tuned model is compared with
 * @param models other models to measure
 * @param runs other systems' rankings to measure
 * @param writeRuns whether rankings are published as TREC run files too
 * @param useCase what the model is for; decides the primary metric where that is auto
 * @param primaryMetric what rankings are judged by; auto: the use case's
 * @param gain how a grade counts in NDCG
 * @param minRelevantGrade lowest grade of a relevant document, 1 or more
 * @param excludeIdentical whether a document whose text is the query's is left out of its ranking
 * @param confidenceDraws bootstrap draws behind a confidence interval, 100 to 1,000,000
 */
public record EvaluateConfig(
    Split split,
    List<Integer> k,
    Auto<List<Integer>> dims,
    List<StoredPrecision> precisions,
    List<Baseline> baselines,
    List<OtherModel> models,
    List<OtherRun> runs,
    boolean writeRuns,
    UseCase useCase,
    Auto<PrimaryMetric> primaryMetric,
    Gain gain,
    int minRelevantGrade,
    boolean excludeIdentical,
    int confidenceDraws) {
  private static final Set<String> OWN_NAMES = Set.of("base", "tuned", "bm25", "hybrid");

  /** Sorts the ranks; refuses values out of range, and a primary metric that is not computed. */
  public EvaluateConfig {
    Keys.EVALUATE_SPLIT.check(split);
    Keys.K.check(k);
    Keys.DIMS.check(dims);
    Keys.PRECISIONS.check(precisions);
    Keys.BASELINES.check(baselines);
    Keys.USE_CASE.check(useCase);
    Keys.PRIMARY_METRIC.check(primaryMetric);
    Keys.GAIN.check(gain);
    Keys.MIN_RELEVANT_GRADE.check(minRelevantGrade);
    Keys.CONFIDENCE_DRAWS.check(confidenceDraws);
    k = k.stream().sorted().toList();
    dims =
        dims instanceof Auto.Fixed<List<Integer>> fixed
            ? Auto.fixed(fixed.value().stream().sorted(Comparator.reverseOrder()).toList())
            : dims;
    precisions =
        Stream.concat(Stream.of(StoredPrecision.FP32), precisions.stream())
            .distinct()
            .sorted()
            .toList();
    baselines = baselines.stream().sorted().toList();
    models = List.copyOf(models);
    runs = List.copyOf(runs);
    checkNames(models, runs);
    PrimaryMetric primary = primary(primaryMetric, useCase);
    if (!k.contains(primary.k())) {
      throw new IllegalArgumentException(
          "evaluate.k is "
              + k
              + ", but must contain "
              + primary.k()
              + (primaryMetric.isAuto()
                  ? ", where the primary metric of use-case "
                      + ValueTypes.word(useCase)
                      + " is cut off"
                  : ", where primary-metric = " + primary.label() + " is cut off: add it"));
    }
  }

  /** Names become parts of paths, and some file systems do not tell case apart. */
  private static void checkNames(List<OtherModel> models, List<OtherRun> runs) {
    Set<String> names = new HashSet<>(OWN_NAMES);
    Stream.concat(models.stream().map(OtherModel::name), runs.stream().map(OtherRun::name))
        .forEach(
            name -> {
              if (!names.add(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                    "evaluate.models and evaluate.runs name %s, which is taken: give each model and run a name of its own, none of base, tuned, bm25 and hybrid"
                        .formatted(name));
              }
            });
  }

  private static PrimaryMetric primary(Auto<PrimaryMetric> metric, UseCase useCase) {
    return metric.orElse(new PrimaryMetric(useCase.metric(), useCase.k()));
  }

  /** What rankings are judged by, in validation too. */
  public PrimaryMetric primary() {
    return primary(primaryMetric, useCase);
  }

  /** The same without other models and runs, which count by their content, not by their place. */
  public EvaluateConfig ofOwnModels() {
    return new EvaluateConfig(
        split,
        k,
        dims,
        precisions,
        baselines,
        List.of(),
        List.of(),
        writeRuns,
        useCase,
        primaryMetric,
        gain,
        minRelevantGrade,
        excludeIdentical,
        confidenceDraws);
  }
}
