package dev.hone.train;

import java.io.Serializable;

/**
 * An update of the training log as far as the advisor looks at it.
 *
 * @param step from 0
 * @param dataset the batch's data set
 * @param loss mean over the update's rows; not finite where the update was left out
 * @param gradientNorm global L2 norm before clipping
 */
public record CurvePoint(int step, String dataset, double loss, double gradientNorm)
    implements Serializable {
  /** A point of an update that was just made. */
  public static CurvePoint of(TrainingUpdate update) {
    return new CurvePoint(update.step(), update.dataset(), update.loss(), update.gradientNorm());
  }

  boolean isFinite() {
    return Double.isFinite(loss) && Double.isFinite(gradientNorm);
  }
}
