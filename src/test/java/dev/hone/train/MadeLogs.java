package dev.hone.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Training logs made of a shape and a noise. */
final class MadeLogs {
  private MadeLogs() {}

  /** A loss by the share of the run that is done. */
  static List<CurvePoint> shaped(int updates, DoubleUnaryOperator shape, Noise noise, long seed) {
    return stepped(
        updates, step -> shape.applyAsDouble((double) step / updates), noise, seed, "legal");
  }

  /** A loss by step. */
  static List<CurvePoint> stepped(
      int updates, IntToDoubleFunction loss, Noise noise, long seed, String dataset) {
    Random random = new Random(seed);
    return IntStream.range(0, updates)
        .mapToObj(
            step ->
                new CurvePoint(step, dataset, loss.applyAsDouble(step) * noise.factor(random), 0.8))
        .toList();
  }

  /** Updates of several logs in turns, each with its own share of one run's steps. */
  static List<CurvePoint> inTurns(List<List<CurvePoint>> logs) {
    List<CurvePoint> all = new ArrayList<>();
    for (int i = 0; i < logs.get(0).size(); i++) {
      for (List<CurvePoint> log : logs) {
        CurvePoint point = log.get(i);
        all.add(new CurvePoint(all.size(), point.dataset(), point.loss(), point.gradientNorm()));
      }
    }
    return all;
  }

  /** The same losses with other gradient norms. */
  static List<CurvePoint> withNorms(List<CurvePoint> log, IntToDoubleFunction norm) {
    return log.stream()
        .map(
            point ->
                new CurvePoint(
                    point.step(), point.dataset(), point.loss(), norm.applyAsDouble(point.step())))
        .toList();
  }

  /** How much batches differ. */
  enum Noise {
    NONE,
    /** A tenth, as in large batches. */
    SMALL,
    /** A quarter, as in batches of 64. */
    LARGE,
    /** Skewed: now and then a batch of twice the loss. */
    SKEWED;

    double factor(Random random) {
      double normal = random.nextGaussian();
      return switch (this) {
        case NONE -> 1;
        case SMALL -> 1 + 0.1 * normal;
        case LARGE -> 1 + 0.25 * normal;
        case SKEWED -> Math.exp(0.3 * normal - 0.045);
      };
    }
  }
}
