package dev.hone.tune;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Writes what became of trials as a table for people: those that went furthest first. */
final class TrialsTable {
  private static final String LINE = "%-6s%-6s%9s  %-24s%9s%10s  %-11s%s%n";

  private TrialsTable() {}

  static String render(List<Outcome> outcomes) {
    StringBuilder table =
        new StringBuilder(
            LINE.formatted(
                "rung", "trial", "updates", "metric", "value", "seconds", "status", "parameters"));
    outcomes.stream()
        .sorted(Comparator.comparingInt(Outcome::rung).reversed().thenComparing(Tuning.BY_RANK))
        .forEach(outcome -> table.append(line(outcome)));
    return table.toString();
  }

  private static String line(Outcome outcome) {
    return String.format(
        Locale.ROOT,
        LINE,
        outcome.rung(),
        outcome.trial().number(),
        outcome.failed() ? "" : outcome.updates(),
        outcome.failed() ? "" : outcome.metric(),
        outcome.failed() ? "" : String.format(Locale.ROOT, "%.4f", outcome.value()),
        outcome.failed() ? "" : String.format(Locale.ROOT, "%.1f", outcome.seconds()),
        outcome.status().name().toLowerCase(Locale.ROOT),
        outcome.trial().describe());
  }
}
