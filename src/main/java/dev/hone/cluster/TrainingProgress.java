package dev.hone.cluster;

import dev.hone.train.TrainingListener;
import dev.hone.train.TrainingUpdate;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows how far training is: loss, rows per second and time left. A bar that moves on a terminal, a
 * line every few seconds elsewhere.
 */
final class TrainingProgress implements TrainingListener {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingProgress.class);
  private static final double SECONDS_BETWEEN_LINES = 5;
  private static final int WIDTH = 24;
  private static final String CLEAR_TO_END_OF_LINE = "\u001b[K";

  private static final double SECONDS_BETWEEN_MOVES = 0.2;

  // submit.sh knows whether stderr is a terminal; a JVM does not.
  private final boolean terminal = System.getenv("HONE_TERMINAL") != null;
  private final int end;
  private int seen;
  private double seconds;
  private double said = -SECONDS_BETWEEN_LINES;
  private double loss;

  /**
   * Progress of a run or of a part of it.
   *
   * @param end the number, in the run, of the update after the last
   */
  TrainingProgress(int end) {
    this.end = end;
  }

  @Override
  public void updated(TrainingUpdate update, int updates) {
    seconds += update.seconds();
    loss = seen == 0 ? update.loss() : 0.9 * loss + 0.1 * update.loss();
    seen++;
    int done = update.step() + 1;
    double pause = terminal ? SECONDS_BETWEEN_MOVES : SECONDS_BETWEEN_LINES;
    if (seconds - said < pause && done < end) {
      return;
    }
    said = seconds;
    show(line(done, updates, update.examples() * seen / seconds), done == end);
  }

  private void show(String line, boolean last) {
    if (terminal) {
      System.err.print("\r" + line + CLEAR_TO_END_OF_LINE + (last ? "\n" : ""));
      System.err.flush();
    } else {
      LOG.info(line);
    }
  }

  private String line(int done, int updates, double rowsPerSecond) {
    int filled = WIDTH * done / updates;
    return String.format(
        Locale.ROOT,
        "  [%s%s] step %d/%d, loss %.4f, %.0f rows/s, %s left",
        "#".repeat(filled),
        ".".repeat(WIDTH - filled),
        done,
        updates,
        loss,
        rowsPerSecond,
        left(seconds / seen * (updates - done)));
  }

  private static String left(double seconds) {
    long whole = Math.round(seconds);
    return whole >= 60 ? whole / 60 + " min " + whole % 60 + " s" : whole + " s";
  }
}
