package dev.hone.evaluate;

import dev.hone.evaluate.ComparisonResult.Forgetting;
import dev.hone.evaluate.ComparisonResult.Verdict;
import dev.hone.pipeline.StageContext;
import dev.hone.store.Commit;
import dev.hone.table.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the candidate lost, against the base that it was tuned from, where it was not trained; of
 * several runs the mean.
 */
final class ForgettingCheck {
  private static final Logger LOG = LoggerFactory.getLogger(ForgettingCheck.class);

  private final Function<EvaluatedModel, StageContext> contexts;
  private final Comparison.Spec spec;
  private final SortedMap<String, List<double[]>> changes = new TreeMap<>();
  private final SortedMap<String, MetricAt> metrics = new TreeMap<>();

  ForgettingCheck(Function<EvaluatedModel, StageContext> contexts, Comparison.Spec spec) {
    this.contexts = contexts;
    this.spec = spec;
  }

  /**
   * Looks at the candidate's runs.
   *
   * @param candidate their metrics
   */
  List<Forgetting> of(List<ModelScores> candidate) {
    for (int i = 0; i < candidate.size(); i++) {
      EvaluatedModel model = spec.candidate().get(i);
      if (!model.reference().model().equals(RunReference.TUNED)) {
        continue; // nothing was trained, so nothing forgotten
      }
      Optional<EvaluatedModel> base = model.other("base");
      if (base.isEmpty()) {
        LOG.warn(
            "{} has no evaluation of its base, so that nobody sees what it forgot. Evaluate it with"
                + " base among evaluate.baselines.",
            model.reference().label());
        continue;
      }
      Optional<Commit> training = model.training();
      if (training.isEmpty() && spec.general().isEmpty()) {
        LOG.warn(
            "{} has no published training, so that nobody knows what it was not trained on. Name it"
                + " in evaluate.general.",
            model.reference().label());
        continue;
      }
      Set<String> trained =
          spec.general().isEmpty() ? trained(contexts.apply(model), training.get()) : Set.of();
      collect(
          ModelScores.of(contexts.apply(model), base.get(), Set.of()), candidate.get(i), trained);
    }
    return changes.keySet().stream().map(this::mean).toList();
  }

  /** The data sets of the updates; each update has one. */
  private static Set<String> trained(StageContext context, Commit training) {
    Set<String> trained = new TreeSet<>();
    context
        .read(training, Tables.TRAINING_LOG)
        .select("dataset")
        .distinct()
        .collectAsList()
        .forEach(row -> trained.add(row.getString(0)));
    return trained;
  }

  private void collect(ModelScores base, ModelScores tuned, Set<String> trained) {
    for (String dataset : tuned.datasets()) {
      if (spec.general().isEmpty()
          ? trained.contains(dataset)
          : !spec.general().contains(dataset)) {
        continue;
      }
      Stream.concat(Stream.of(spec.ranking()), Comparison.UNRANKED.stream())
          .filter(base.means(dataset)::containsKey)
          .filter(tuned.means(dataset)::containsKey)
          .findFirst()
          .ifPresent(
              metric -> {
                metrics.put(dataset, metric);
                changes
                    .computeIfAbsent(dataset, name -> new ArrayList<>())
                    .add(
                        new double[] {
                          base.means(dataset).get(metric), tuned.means(dataset).get(metric)
                        });
              });
    }
  }

  private Forgetting mean(String dataset) {
    double base = mean(dataset, 0);
    double tuned = mean(dataset, 1);
    return new Forgetting(
        dataset,
        metrics.get(dataset),
        base,
        tuned,
        Verdict.isMore(base - tuned, spec.maxForgetting()));
  }

  private double mean(String dataset, int side) {
    return changes.get(dataset).stream()
        .mapToDouble(change -> change[side])
        .average()
        .orElseThrow();
  }
}
