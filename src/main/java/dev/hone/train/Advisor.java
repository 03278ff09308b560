package dev.hone.train;

import dev.hone.train.Advice.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Says what a practitioner's guide says about a training: a function of its log, its validations
 * and its settings alone.
 *
 * <p>Losses are compared within a data set and relative to its own, so that a factor on the loss
 * changes nothing; where noise hides what a rule looks for, nothing is said.
 */
public final class Advisor {
  private static final Set<Kind> AGAINST_A_HIGHER_RATE =
      EnumSet.of(Kind.NON_FINITE, Kind.OSCILLATES, Kind.OVERFITS, Kind.CLIPPED);

  private Advisor() {}

  /**
   * The advice for a training, finished or not: at most one of a kind for each data set.
   *
   * @param log all updates so far by ascending step, over all mining rounds
   * @param validations all so far
   * @return by first step, kind and data set
   */
  public static List<Advice> advise(
      AdvisedRun run, List<CurvePoint> log, ValidationHistory validations) {
    List<Advice> found = new ArrayList<>(new PlanRules(run).advice());
    found.addAll(new GradientRules(run, log).advice());
    LossRules rules = new LossRules(run, log, validations);
    for (AdvisedRun.TrainedSet set : run.sets()) {
      rules.oscillates(set.name()).ifPresent(found::add);
      rules.overfits(set.name()).ifPresent(found::add);
      Optional<Advice> plateau = rules.plateaus(set.name());
      if (found.stream().noneMatch(one -> speaksAgainst(one, set.name()))) {
        plateau.ifPresent(found::add);
      }
    }
    found.sort(
        Comparator.comparingInt(Advice::from)
            .thenComparing(Advice::kind)
            .thenComparing(Advice::dataset));
    return List.copyOf(found);
  }

  /** A rate that is too high for one thing is not to be raised for another. */
  private static boolean speaksAgainst(Advice advice, String dataset) {
    boolean concerned =
        advice.dataset().equals(dataset) || advice.dataset().equals(Advice.WHOLE_RUN);
    return concerned && AGAINST_A_HIGHER_RATE.contains(advice.kind());
  }
}
