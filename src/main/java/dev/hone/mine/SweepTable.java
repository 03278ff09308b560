package dev.hone.mine;

import java.util.Locale;

/** Writes what a sweep found as plain text for a terminal. */
public final class SweepTable {
  private static final int TEXT_LENGTH = 160;

  /** Scores of a cross-encoder with Sigmoid may all be tiny, and steps of that size too. */
  private static final double SMALLEST_IN_FULL = 0.001;

  private SweepTable() {}

  /**
   * One line per margin, the suggestion, then each margin's hardest candidates.
   *
   * @return lines that end in a line feed
   */
  public static String render(Sweep.Result sweep) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%d candidates that were searched for, of %d queries, pass the other filters.%n%n",
            sweep.candidates(),
            sweep.queries()));
    text.append(
        "margin              candidates kept      queries kept   gap to the positive: 5 %     25 %     50 %     75 %     95 %\n");
    for (Sweep.Line line : sweep.lines()) {
      text.append(line(sweep, line));
    }
    text.append('\n').append(sweep.advice()).append('\n');
    for (Sweep.Line line : sweep.lines()) {
      text.append('\n').append(examples(line));
    }
    return text.toString();
  }

  private static String line(Sweep.Result sweep, Sweep.Line line) {
    StringBuilder gaps = new StringBuilder();
    line.gaps().forEach(gap -> gaps.append(String.format(Locale.ROOT, "%9.4f", gap)));
    return String.format(
                Locale.ROOT,
                "%-16s %10d %7s %9d %7s                    %s",
                name(line.margin()),
                line.candidates(),
                share(line.candidates(), sweep.candidates()),
                line.queries(),
                share(line.queries(), sweep.queries()),
                gaps)
            .stripTrailing()
        + "\n";
  }

  private static String examples(Sweep.Line line) {
    StringBuilder text = new StringBuilder();
    text.append("Hardest that margin ")
        .append(name(line.margin()))
        .append(" keeps")
        .append(line.examples().isEmpty() ? ": nothing\n" : ", one per query:\n");
    for (Sweep.Example example : line.examples()) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %.4f beside %.4f, %s%n    query     %s%n    positive  %s%n    negative  %s%n",
              example.score(),
              example.positiveScore(),
              example.strategy(),
              cut(example.query()),
              cut(example.positive()),
              cut(example.negative())));
    }
    return text.toString();
  }

  private static String name(Margin margin) {
    if (Double.isInfinite(margin.size())) {
      return "none";
    }
    String size =
        margin.size() > 0 && margin.size() < SMALLEST_IN_FULL
            ? String.format(Locale.ROOT, "%.1e", margin.size())
            : String.format(Locale.ROOT, "%.4f", margin.size()).replaceFirst("\\.?0+$", "");
    return switch (margin.kind()) {
          case ABSOLUTE -> "absolute ";
          case RELATIVE -> "relative ";
        }
        + size;
  }

  private static String share(long part, long whole) {
    return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
  }

  private static String cut(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= TEXT_LENGTH ? line : line.substring(0, TEXT_LENGTH - 3) + "...";
  }
}
