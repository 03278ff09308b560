package dev.hone.train;

import dev.hone.train.Advice.Kind;
import dev.hone.train.ValidationResult.Score;
import java.util.List;
import java.util.Optional;

/** What the advisor says about the loss and the validations of one data set. */
final class LossRules {
  /** Fewer updates of a data set show no shape. */
  private static final int FEWEST = 30;

  /** The updates that show where a loss begins, and its noise: warm-up, as a rule. */
  private static final int BEGINNING = 10;

  /** Of a short run, ten updates are too many: the first fall would count as the beginning. */
  private static final int BEGINNING_SHARE = 20;

  private static final int FEWEST_FOR_A_MEDIAN = 5;

  /** What is early: before it the first fall is still going on, after it the rate is low anyway. */
  private static final double EARLY_FROM = 0.2;

  private static final double EARLY_TO = 0.7;
  private static final double LATEST_WARMUP = 0.4;

  /** Fewer updates give no line. */
  private static final int FEWEST_FOR_A_LINE = 20;

  /** A change of less than this share is none. */
  private static final double FLAT = 0.1;

  /** A loss below this share of its beginning has been learned, flat or not. */
  private static final double STILL_HIGH = 0.5;

  /** Two standard errors: 19 of 20 values are nearer than that to what they stand for. */
  private static final double SURE = 2;

  /** A loss that falls by less than this share may as well stay. */
  private static final double FALLS = 0.05;

  /** A validation within this share of the best one is as good: queries are few. */
  private static final double WORSE = 0.02;

  private static final int FEWEST_WORSE = 2;

  private final AdvisedRun run;
  private final List<CurvePoint> log;
  private final List<ValidationResult> validations;

  LossRules(AdvisedRun run, List<CurvePoint> log, ValidationHistory validations) {
    this.run = run;
    this.log = log;
    this.validations = validations.results();
  }

  /** Whether the loss swings, within each mining round for itself. */
  Optional<Advice> oscillates(String dataset) {
    if (run.curriculum()) {
      return Optional.empty();
    }
    LossCurve all = LossCurve.of(dataset, log);
    int every = run.refreshEvery() == 0 ? run.updates() : run.refreshEvery();
    for (int from = 0; every >= FEWEST && from < run.updates(); from += every) {
      LossCurve round = all.between(from, from + every);
      LossCurve rest = round.after(BEGINNING);
      if (rest.size() >= FEWEST) {
        Optional<String> swings = new Swings(round.first(BEGINNING), rest).evidence();
        if (swings.isPresent()) {
          return Optional.of(
              new Advice(
                  round.firstStep(),
                  round.lastStep(),
                  Kind.OSCILLATES,
                  dataset,
                  swings.get(),
                  lowerRate()));
        }
      }
    }
    return Optional.empty();
  }

  private String lowerRate() {
    String lower =
        "Lower train.learning-rate (it is %s), for instance to half".formatted(run.learningRate());
    return run.warmupRatio() < 0.15
        ? "%s, or set train.warmup-ratio to 0.15 or 0.2 (it is %s) where it oscillates early."
            .formatted(lower, run.warmupRatio())
        : lower + ".";
  }

  /** Whether the loss stops falling before the middle of the run while it is still high. */
  Optional<Advice> plateaus(String dataset) {
    int from = run.stepAt(Math.max(EARLY_FROM, run.warmupRatio()));
    int to = run.stepAt(EARLY_TO);
    boolean reached = !log.isEmpty() && log.get(log.size() - 1).step() >= to - 1;
    if (!run.isSteady() || !reached || run.warmupRatio() > LATEST_WARMUP) {
      return Optional.empty();
    }
    LossCurve all = LossCurve.of(dataset, log);
    LossCurve early = all.between(from, to);
    if (early.size() < FEWEST_FOR_A_LINE) {
      return Optional.empty();
    }
    int beginning = Math.max(FEWEST_FOR_A_MEDIAN, all.size() / BEGINNING_SHARE);
    double began = all.first(Math.min(BEGINNING, beginning)).median();
    double median = early.median();
    LossCurve.Trend trend = early.trend();
    boolean flat = Math.abs(trend.change()) + SURE * trend.error() < FLAT * median;
    return flat && median >= STILL_HIGH * began
        ? Optional.of(
            new Advice(
                early.firstStep(),
                early.lastStep(),
                Kind.PLATEAUS,
                dataset,
                Advice.text(
                    "the loss began at %.4g, has a median of %.4g over %d updates, and changes from the first of them to the last by %.4g, give or take %.4g",
                    began, median, early.size(), trend.change(), SURE * trend.error()),
                "Raise train.learning-rate (it is %s), for instance to twice that."
                    .formatted(run.learningRate())))
        : Optional.empty();
  }

  /** Whether the validation gets worse after its best while the loss falls. */
  Optional<Advice> overfits(String dataset) {
    List<ValidationResult> measured =
        validations.stream().filter(result -> score(result, dataset).isPresent()).toList();
    if (measured.isEmpty()) {
      return Optional.empty();
    }
    double[] values =
        measured.stream().mapToDouble(result -> score(result, dataset).orElseThrow()).toArray();
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    int after = values.length - 1 - best;
    double limit = values[best] * (1 - WORSE);
    boolean worse = after >= FEWEST_WORSE && values[best] > 0;
    for (int i = values.length - FEWEST_WORSE; worse && i < values.length; i++) {
      worse = values[i] <= limit;
    }
    return worse
        ? overfits(dataset, measured.get(best), measured.get(values.length - 1))
        : Optional.empty();
  }

  private static Optional<Double> score(ValidationResult result, String dataset) {
    return result.scores().stream()
        .filter(score -> score.dataset().equals(dataset) && Double.isFinite(score.value()))
        .map(Score::value)
        .findFirst();
  }

  /** The losses before the best validation, or the first ones, beside the last ones. */
  private Optional<Advice> overfits(String dataset, ValidationResult best, ValidationResult last) {
    int span = Math.max(1, (last.step() - best.step()) / 2);
    int from = Math.max(0, best.step() - span);
    LossCurve all = LossCurve.of(dataset, log);
    LossCurve before = all.between(from, from + span);
    LossCurve now = all.between(last.step() - span, last.step());
    if (all.size() < FEWEST
        || Math.min(before.size(), now.size()) < FEWEST_FOR_A_MEDIAN
        || !falls(before, now)) {
      return Optional.empty();
    }
    return Optional.of(
        new Advice(
            best.step(),
            last.step(),
            Kind.OVERFITS,
            dataset,
            Advice.text(
                "validation fell from %.4f after %d updates to %.4f after %d; the median loss fell from %.4g (steps %d to %d) to %.4g (steps %d to %d)",
                score(best, dataset).orElseThrow(),
                best.step(),
                score(last, dataset).orElseThrow(),
                last.step(),
                before.median(),
                before.firstStep(),
                before.lastStep(),
                now.median(),
                now.firstStep(),
                now.lastStep()),
            fewerUpdates(best.step())));
  }

  private static boolean falls(LossCurve before, LossCurve now) {
    double error = Math.hypot(before.medianError(before.size()), now.medianError(now.size()));
    double fall = before.median() - now.median();
    return fall > FALLS * before.median() && fall > SURE * error;
  }

  private String fewerUpdates(int best) {
    if (best == 0) {
      return "Lower train.learning-rate (it is %s), freeze layers (train.freeze), or train on more rows."
          .formatted(run.learningRate());
    }
    int epochs = (int) Math.ceil((double) best * run.epochs() / run.updates());
    return epochs < run.epochs()
        ? "Set train.epochs = %d (it is %d).".formatted(epochs, run.epochs())
        : "Set train.max-steps = %d (%d were planned), or lower train.learning-rate (it is %s)."
            .formatted(best, run.updates(), run.learningRate());
  }
}
