package dev.hone.doctor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All findings: a table, and what to do about those that are not fine. */
public final class Examination {
  private static final List<String> HEADER = List.of("check", "where", "result", "found");

  private final List<Finding> findings;

  Examination(List<Finding> findings) {
    this.findings = merged(findings);
  }

  /** Equal findings of several executors become one; the order is that of the first. */
  private static List<Finding> merged(List<Finding> findings) {
    Map<List<Object>, Finding> merged = new LinkedHashMap<>();
    for (Finding finding : findings) {
      List<Object> same =
          List.of(
              finding.check(),
              finding.level(),
              finding.found(),
              finding.places().stream().anyMatch(Place::isDriver));
      merged.merge(same, finding, Examination::join);
    }
    return List.copyOf(merged.values());
  }

  private static Finding join(Finding one, Finding other) {
    List<Place> places = new ArrayList<>(one.places());
    places.addAll(other.places());
    return new Finding(one.check(), places, one.level(), one.found(), one.mend());
  }

  List<Finding> findings() {
    return findings;
  }

  /** Whether some command cannot work. */
  public boolean hasFault() {
    return findings.stream().anyMatch(finding -> finding.level() == Level.FAULT);
  }

  /** The table, and below it each warning and fault with what to do. */
  @Override
  public String toString() {
    List<List<String>> rows = new ArrayList<>(List.of(HEADER));
    findings.forEach(
        finding ->
            rows.add(
                List.of(
                    finding.check(),
                    finding.where(),
                    finding.level().toString(),
                    finding.brief())));
    StringBuilder text = new StringBuilder();
    rows.forEach(row -> text.append(line(row, rows)));
    findings.stream()
        .filter(finding -> finding.level() != Level.OK)
        .forEach(finding -> text.append('\n').append(finding.details()));
    return text.toString();
  }

  private static String line(List<String> row, List<List<String>> rows) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.size() - 1; column++) {
      int place = column;
      int width = rows.stream().mapToInt(other -> other.get(place).length()).max().orElse(0);
      line.append(row.get(column)).append(" ".repeat(width - row.get(column).length() + 2));
    }
    return line.append(row.get(row.size() - 1)).append('\n').toString();
  }
}
