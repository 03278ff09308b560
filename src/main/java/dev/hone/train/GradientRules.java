package dev.hone.train;

import dev.hone.train.Advice.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the advisor says about gradients. */
final class GradientRules {
  /** Fewer finite updates say nothing. */
  private static final int FEWEST = 30;

  /** The share of clipped updates that is nearly every one. */
  private static final double NEARLY_ALL = 0.9;

  /**
   * Median norm over limit that is far. Contrastive runs that went well had every update clipped,
   * with medians of 4 to 9 times the limit (scale 20, limit 1); Adam divides a constant factor out
   * again.
   */
  private static final double FAR = 25;

  /** Median norm of the last quarter over that of the first, warm-up aside, that is growth. */
  private static final double GROWTH = 2;

  private final AdvisedRun run;
  private final List<CurvePoint> log;
  private final LossCurve finite;

  GradientRules(AdvisedRun run, List<CurvePoint> log) {
    this.run = run;
    this.log = log;
    this.finite = new LossCurve(log.stream().filter(CurvePoint::isFinite).toList());
  }

  List<Advice> advice() {
    List<Advice> found = new ArrayList<>();
    nonFinite().ifPresent(found::add);
    clipped().ifPresent(found::add);
    return found;
  }

  private Optional<Advice> nonFinite() {
    List<CurvePoint> left = log.stream().filter(point -> !point.isFinite()).toList();
    if (left.isEmpty()) {
      return Optional.empty();
    }
    CurvePoint first = left.get(0);
    return Optional.of(
        new Advice(
            first.step(),
            left.get(left.size() - 1).step(),
            Kind.NON_FINITE,
            Advice.WHOLE_RUN,
            "%d of %d updates were left out; the first, step %d, had loss %s and gradient norm %s"
                .formatted(
                    left.size(), log.size(), first.step(), first.loss(), first.gradientNorm()),
            "Lower train.learning-rate (it is %s), raise train.warmup-ratio (it is %s), or set train.precision = fp32 where it is bf16."
                .formatted(run.learningRate(), run.warmupRatio())));
  }

  private Optional<Advice> clipped() {
    double limit = run.maxGradientNorm();
    long above = finite.points().stream().filter(point -> point.gradientNorm() > limit).count();
    if (finite.size() < FEWEST || above < NEARLY_ALL * finite.size()) {
      return Optional.empty();
    }
    String share =
        Advice.text(
            "%d of %d gradients were cut to train.max-gradient-norm = %s",
            above, finite.size(), limit);
    double median = finite.median(CurvePoint::gradientNorm);
    if (median >= FAR * limit) {
      return Optional.of(
          clipped(
              Advice.text("%s; their median norm is %.4g", share, median),
              Advice.text(
                  "Set train.max-gradient-norm near %.3g, so that outliers alone are cut; if the loss is restless too, lower train.learning-rate (it is %s).",
                  2 * median, run.learningRate())));
    }
    return growth()
        .map(
            growth ->
                clipped(
                    share + ", and " + growth,
                    "Lower train.learning-rate (it is %s): clipping hides that the gradients grow."
                        .formatted(run.learningRate())));
  }

  /** How the norms grow, in words, where they do. */
  private Optional<String> growth() {
    int from = run.stepAt(run.warmupRatio());
    int quarter = (run.updates() - from) / 4;
    LossCurve early = finite.between(from, from + quarter);
    LossCurve late = finite.between(run.updates() - quarter, run.updates());
    double before = early.median(CurvePoint::gradientNorm);
    double after = late.median(CurvePoint::gradientNorm);
    boolean grows = Math.min(early.size(), late.size()) >= FEWEST / 4 && after >= GROWTH * before;
    return run.isSteady() && grows
        ? Optional.of(
            Advice.text(
                "their median norm grew from %.4g (steps %d to %d) to %.4g (steps %d to %d)",
                before,
                early.firstStep(),
                early.lastStep(),
                after,
                late.firstStep(),
                late.lastStep()))
        : Optional.empty();
  }

  private Advice clipped(String evidence, String suggestion) {
    return new Advice(
        finite.firstStep(),
        finite.lastStep(),
        Kind.CLIPPED,
        Advice.WHOLE_RUN,
        evidence,
        suggestion);
  }
}
