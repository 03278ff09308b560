package dev.hone.evaluate;

import dev.hone.evaluate.ComparisonResult.Change;
import dev.hone.evaluate.ComparisonResult.Forgetting;
import dev.hone.evaluate.ComparisonResult.Line;
import dev.hone.evaluate.ComparisonResult.Side;
import dev.hone.evaluate.ComparisonResult.Verdict;
import dev.hone.metric.Interval;
import dev.hone.metric.PairedComparison;
import dev.hone.metric.Significance;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes what a comparison found as plain text for a terminal. */
public final class ComparisonTable {
  private static final int TEXT_LENGTH = 100;
  private static final String NONE = "-";
  private static final double SMALLEST_P = 0.0001;

  private static final List<String> HEADER =
      List.of(
          "data set",
          "metric",
          "queries",
          "baseline",
          "candidate",
          "delta",
          "95 % interval",
          "p (t)",
          "p (random.)",
          "p (Holm)",
          "d_z",
          "won/tied/lost");

  private ComparisonTable() {}

  /**
   * The runs, one line per metric and data set, how to read it, the queries that changed most, and
   * the verdict last.
   *
   * @return lines that end in a line feed; control characters of names and texts are escaped
   */
  public static String render(ComparisonResult result) {
    StringBuilder text = new StringBuilder();
    sides(text, "baseline ", result.baseline());
    sides(text, "candidate", result.candidate());
    text.append('\n').append(lines(result.lines())).append('\n').append(explained(result));
    text.append(changes("Lost most", result, result.losses()));
    text.append(changes("Gained most", result, result.gains()));
    text.append(forgetting(result.verdict()));
    return text.append('\n').append(verdict(result.verdict())).append('\n').toString();
  }

  private static void sides(StringBuilder text, String name, List<Side> sides) {
    for (Side side : sides) {
      text.append(name)
          .append("  ")
          .append(escaped(side.run()))
          .append(" (")
          .append(side.form())
          .append(")\n");
    }
  }

  private static String lines(List<Line> lines) {
    List<List<String>> rows = new ArrayList<>(List.of(HEADER));
    lines.forEach(line -> rows.add(cells(line)));
    return aligned(rows, 2);
  }

  private static List<String> cells(Line line) {
    List<String> cells =
        new ArrayList<>(
            List.of(
                escaped(line.dataset()),
                escaped(line.metric().label()),
                String.valueOf(line.count()),
                value(line.baseline()),
                value(line.candidate()),
                signed(line.delta())));
    PairedComparison paired = line.paired();
    if (paired == null) {
      cells.addAll(List.of(NONE, NONE, NONE, NONE, NONE, NONE));
    } else {
      cells.addAll(
          List.of(
              interval(paired.interval()),
              probability(paired.tTestP()),
              probability(paired.randomizationP()),
              probability(line.adjustedP()),
              effect(paired.effectSize()),
              paired.wins() + "/" + paired.ties() + "/" + paired.losses()));
    }
    return cells;
  }

  /** The first columns to the left, the others, numbers, to the right. */
  private static String aligned(List<List<String>> rows, int left) {
    int[] widths =
        IntStream.range(0, rows.get(0).size())
            .map(i -> rows.stream().mapToInt(row -> length(row.get(i))).max().orElse(0))
            .toArray();
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String padding = " ".repeat(widths[i] - length(row.get(i)));
        line.append(i < left ? row.get(i) + padding : padding + row.get(i)).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String explained(ComparisonResult result) {
    String draws =
        result.lines().stream()
            .filter(line -> line.paired() != null)
            .map(line -> line.paired().draws())
            .distinct()
            .sorted()
            .map(
                count ->
                    count == 0
                        ? "every assignment (up to " + Significance.MOST_ENUMERATED + " queries)"
                        : String.format(Locale.ROOT, "%,d draws", count))
            .collect(Collectors.joining(" or "));
    return """
    delta is candidate - baseline; * is the mean over data sets. Intervals: %s bootstrap draws over queries.
    p (t): paired t-test. p (random.): randomization test, %s.
    p (Holm): the latter, corrected for all lines of this table. d_z: mean / deviation of the differences.
    Tests and intervals are over queries: they say nothing about the spread over training seeds%s.
    """
        .formatted(
            String.format(Locale.ROOT, "%,d", result.bootstrapDraws()),
            draws.isEmpty() ? "none here" : draws,
            seeds(result));
  }

  private static String seeds(ComparisonResult result) {
    int baseline = result.baseline().size();
    int candidate = result.candidate().size();
    return baseline + candidate == 2
        ? ""
        : ", whose values were averaged per query (%d and %d runs)".formatted(baseline, candidate);
  }

  private static String changes(String title, ComparisonResult result, List<Change> changes) {
    if (changes.isEmpty()) {
      return "";
    }
    List<List<String>> rows = new ArrayList<>();
    for (Change change : changes) {
      rows.add(
          List.of(
              "  " + signed(change.delta()),
              value(change.baseline()) + " -> " + value(change.candidate()),
              escaped(change.dataset()),
              escaped(change.queryId()),
              cut(escaped(change.text()))));
    }
    return "\n%s (%s):%n%s".formatted(title, result.verdict().metric(), aligned(rows, 5));
  }

  private static String forgetting(Verdict verdict) {
    if (verdict.forgetting().isEmpty()) {
      return "";
    }
    StringBuilder text =
        new StringBuilder("\nWhat may not be forgotten, the candidate against its own base:\n");
    verdict.forgetting().forEach(one -> text.append("  ").append(describe(one)).append('\n'));
    return text.toString();
  }

  private static String describe(Forgetting one) {
    return "%s: %s %s -> %s (%s)"
        .formatted(
            escaped(one.dataset()),
            one.metric().label(),
            value(one.base()),
            value(one.tuned()),
            signed(one.tuned() - one.base()));
  }

  /** Whether the candidate is worse, in what, and by how much, on one line. */
  public static String verdict(Verdict verdict) {
    List<String> reasons = new ArrayList<>();
    String primary =
        "%s%s %s -> %s (%s)"
            .formatted(
                verdict.metric(),
                verdict.datasets() == 1 ? "" : " (mean over " + verdict.datasets() + " data sets)",
                value(verdict.baseline()),
                value(verdict.candidate()),
                signed(verdict.delta()));
    if (verdict.isLower()) {
      reasons.add(
          primary
              + " is lower by "
              + plain(-verdict.delta())
              + ", more than the tolerance of "
              + verdict.tolerance());
    }
    verdict.forgetting().stream()
        .filter(Forgetting::isTooMuch)
        .forEach(
            one ->
                reasons.add(
                    "it forgets "
                        + plain(one.base() - one.tuned())
                        + " of "
                        + describe(one)
                        + ", more than max-forgetting = "
                        + verdict.maxForgetting()));
    return reasons.isEmpty()
        ? "Not worse: %s; worse is lower by more than the tolerance of %s."
            .formatted(primary, verdict.tolerance())
        : "Worse than the baseline: " + String.join("; ", reasons) + ".";
  }

  private static String value(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String signed(double value) {
    return String.format(Locale.ROOT, "%+.4f", value + 0.0);
  }

  /** Enough digits that a loss just above a bound does not read like the bound. */
  private static String plain(double value) {
    return String.format(Locale.ROOT, "%.6f", value).replaceFirst("0{1,2}$", "");
  }

  private static String interval(Interval interval) {
    return "[" + signed(interval.low()) + ", " + signed(interval.high()) + "]";
  }

  private static String probability(double p) {
    if (Double.isNaN(p)) {
      return NONE;
    }
    return p < SMALLEST_P ? "<0.0001" : value(p);
  }

  private static String effect(double size) {
    if (Double.isNaN(size)) {
      return NONE;
    }
    return Double.isInfinite(size)
        ? (size > 0 ? "+inf" : "-inf")
        : String.format(Locale.ROOT, "%+.3f", size + 0.0);
  }

  private static String cut(String line) {
    return length(line) <= TEXT_LENGTH
        ? line
        : line.substring(0, line.offsetByCodePoints(0, TEXT_LENGTH - 3)) + "...";
  }

  /**
   * Names and texts are anybody's: no line break, no terminal's commands, no change of direction.
   */
  private static String escaped(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              if (point == '\n' || point == '\t' || point == '\r') {
                line.append(' ');
              } else if (isUnseen(point)) {
                line.append(String.format(Locale.ROOT, "\\u%04x", point));
              } else {
                line.appendCodePoint(point);
              }
            });
    return line.toString();
  }

  private static boolean isUnseen(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
