package dev.hone.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How fast who works, side by side. */
final class SpeedTable {
  private final String title;
  private final List<List<String>> lines = new ArrayList<>();
  private final List<String> leftOut;

  /**
   * A table without lines.
   *
   * @param unit what is done per second
   * @param leftOut whom it lacks, and how to get them
   */
  SpeedTable(String title, String unit, List<String> leftOut) {
    this.title = title;
    lines.add(List.of("", unit, "slowest", "fastest", "beside"));
    this.leftOut = List.copyOf(leftOut);
  }

  /** Adds a line with what it is to be seen beside. */
  void add(SpeedRow row, String beside) {
    List<String> line = new ArrayList<>(List.of(row.name()));
    line.addAll(row.cells());
    line.add(beside);
    lines.add(line);
  }

  /**
   * A row's speed as a multiple of another one's.
   *
   * @param what what people call the other one
   */
  static String times(SpeedRow row, SpeedRow other, String what) {
    return String.format(Locale.ROOT, "%.2f x %s", row.perSecond() / other.perSecond(), what);
  }

  /**
   * A row's time as a share of another one's.
   *
   * @param what what people call the other one
   */
  static String share(SpeedRow row, SpeedRow other, String what) {
    return String.format(
        Locale.ROOT,
        "%.1f %% of the time of %s",
        100 * row.medianSeconds() / other.medianSeconds(),
        what);
  }

  @Override
  public String toString() {
    StringBuilder table = new StringBuilder(title).append("\n\n");
    int widest = lines.stream().mapToInt(line -> line.get(0).length()).max().orElse(0);
    for (List<String> line : lines) {
      table.append(
          ("%-" + Math.max(1, widest) + "s%13s%10s%10s  %s")
              .formatted(line.toArray())
              .stripTrailing());
      table.append('\n');
    }
    leftOut.forEach(line -> table.append('\n').append(line));
    return leftOut.isEmpty() ? table.toString() : table.append('\n').toString();
  }
}
