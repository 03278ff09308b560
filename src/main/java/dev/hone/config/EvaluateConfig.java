package dev.hone.config;

import java.util.Comparator;
import java.util.List;
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
 * @param useCase what the model is for; decides the primary metric
 * @param gain how a grade counts in NDCG
 * @param minRelevantGrade lowest grade of a relevant document, 1 or more
 * @param confidenceDraws bootstrap draws behind a confidence interval, 1 to 1,000,000
 */
public record EvaluateConfig(
    Split split,
    List<Integer> k,
    Auto<List<Integer>> dims,
    List<StoredPrecision> precisions,
    List<Baseline> baselines,
    UseCase useCase,
    Gain gain,
    int minRelevantGrade,
    int confidenceDraws) {
  /** Sorts the ranks; refuses values out of range, and a primary metric that is not computed. */
  public EvaluateConfig {
    Keys.EVALUATE_SPLIT.check(split);
    Keys.K.check(k);
    Keys.DIMS.check(dims);
    Keys.PRECISIONS.check(precisions);
    Keys.BASELINES.check(baselines);
    Keys.USE_CASE.check(useCase);
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
    if (!k.contains(useCase.k())) {
      throw new IllegalArgumentException(
          "evaluate.k is "
              + k
              + ", but must contain "
              + useCase.k()
              + ", where the primary metric of use-case "
              + ValueTypes.word(useCase)
              + " is cut off");
    }
  }
}
