package dev.hone.cluster;

import dev.hone.train.TrainingListener;
import dev.hone.train.TrainingUpdate;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows how far training is: loss, rows per second and time left, a line every few seconds. */
final class TrainingProgress implements TrainingListener {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingProgress.class);
  private static final double SECONDS_BETWEEN_LINES = 5;
  private static final int WIDTH = 24;

  private double seconds;
  private double said = -SECONDS_BETWEEN_LINES;
  private double loss;

  @Override
  public void updated(TrainingUpdate update, int updates) {
    seconds += update.seconds();
    loss = update.step() == 0 ? update.loss() : 0.9 * loss + 0.1 * update.loss();
    int done = update.step() + 1;
    if (seconds - said < SECONDS_BETWEEN_LINES && done < updates) {
      return;
    }
    said = seconds;
    int filled = WIDTH * done / updates;
    LOG.info(
        String.format(
            Locale.ROOT,
            "  [%s%s] step %d/%d, loss %.4f, %.0f rows/s, %s left",
            "#".repeat(filled),
            ".".repeat(WIDTH - filled),
            done,
            updates,
            loss,
            update.examples() * done / seconds,
            left(seconds / done * (updates - done))));
  }

  private static String left(double seconds) {
    long whole = Math.round(seconds);
    return whole >= 60 ? whole / 60 + " min " + whole % 60 + " s" : whole + " s";
  }
}
