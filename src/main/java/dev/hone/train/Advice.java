package dev.hone.train;

import java.util.Locale;

/**
 * What is worth changing about a training, and why.
 *
 * @param from the first step that was looked at
 * @param to the last step that was looked at
 * @param kind what was seen
 * @param dataset the data set that it was seen on; {@value #WHOLE_RUN} for all of them
 * @param evidence what was seen, with its numbers
 * @param suggestion what to change
 */
public record Advice(
    int from, int to, Kind kind, String dataset, String evidence, String suggestion) {
  /** Stands for all data sets, as in the metric tables. */
  public static final String WHOLE_RUN = "*";

  /** What can be seen. */
  public enum Kind {
    /** Updates were left out because loss or gradient was not finite. */
    NON_FINITE("non-finite"),
    /** The loss goes up and down more than batches differ. */
    OSCILLATES("oscillates"),
    /** The loss stays where it is before the middle of the run, and is still high. */
    PLATEAUS("plateaus"),
    /** The validation gets worse while the loss falls. */
    OVERFITS("overfits"),
    /** Nearly every gradient is far above the norm that it is cut to, or grows above it. */
    CLIPPED("clipped"),
    /** A contrastive batch is smaller than the rows allow. */
    SMALL_BATCH("small-batch"),
    /** A data set has fewer rows than its type usually needs. */
    SMALL_DATASET("small-dataset"),
    /** Many rows fill no batch and are left out of each epoch. */
    DROPPED_TAIL("dropped-tail"),
    /** Most texts are longer than the model reads. */
    TRUNCATED("truncated");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** As tables and logs call it. */
    public String label() {
      return label;
    }
  }

  /** In one line, for the log. */
  public String describe() {
    return describe(from, to, kind.label, evidence, suggestion, dataset);
  }

  /** In one line, of the values of its row. */
  public static String describe(
      int from, int to, String kind, String evidence, String suggestion, String dataset) {
    String where = dataset.equals(WHOLE_RUN) ? "" : ", data set " + dataset;
    return "%s, steps %d to %d%s: %s. %s".formatted(kind, from, to, where, evidence, suggestion);
  }

  /** A text with numbers written the same way everywhere. */
  static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
