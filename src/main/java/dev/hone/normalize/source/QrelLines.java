package dev.hone.normalize.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** TREC's judgements: lines of four fields with white space between them. */
final class QrelLines {
  private static final int FIELDS = 4;

  private final BufferedReader reader;
  private boolean anyWhole;
  private boolean anyBroken;

  QrelLines(BufferedReader reader) {
    this.reader = reader;
  }

  /** The next judgement, or empty after the last; blank lines are none. */
  Optional<TrecRecord> next() throws IOException {
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (!line.isBlank()) {
        return Optional.of(record(line.strip()));
      }
    }
    return Optional.empty();
  }

  /** Whether there were lines and none of them was a judgement. */
  boolean wasNoneAJudgement() {
    return anyBroken && !anyWhole;
  }

  private TrecRecord record(String line) {
    String[] values = line.split("\\s+", FIELDS + 1);
    if (values.length != FIELDS) {
      anyBroken = true;
      return TrecRecord.broken(line);
    }
    anyWhole = true;
    Map<String, String> columns =
        Map.of(
            "query_id", values[0],
            "iteration", values[1],
            "doc_id", values[2],
            "grade", values[3]);
    return TrecRecord.whole(columns, Map.of());
  }
}
