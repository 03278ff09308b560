package dev.hone.normalize.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Records of the old collections (Cranfield, CACM, CISI, MED), where a line of a dot and a letter
 * begins a field and {@code .I} with an id a record. They have no end mark, so one that is cut off
 * cannot be told from a short one.
 */
final class TaggedRecords {
  private static final Pattern RECORD = Pattern.compile("\\.I(?:\\s+(.*))?");
  private static final Pattern FIELD = Pattern.compile("\\.([A-Z])\\s*");

  private final BufferedReader reader;
  private String ahead;

  /** Begins at a file's first record. */
  TaggedRecords(BufferedReader reader) throws IOException {
    this.reader = reader;
    this.ahead = reader.readLine();
  }

  /** The next record, or empty after the last. */
  Optional<TrecRecord> next() throws IOException {
    if (ahead == null) {
      return Optional.empty();
    }
    Matcher first = RECORD.matcher(ahead);
    String id = first.matches() && first.group(1) != null ? first.group(1) : "";
    Map<String, StringBuilder> written = new LinkedHashMap<>();
    written.put("i", new StringBuilder(id));
    String tag = "i";
    for (ahead = reader.readLine(); ahead != null; ahead = reader.readLine()) {
      if (RECORD.matcher(ahead).matches()) {
        break;
      }
      Matcher field = FIELD.matcher(ahead);
      if (field.matches()) {
        tag = field.group(1).toLowerCase(java.util.Locale.ROOT);
        written.computeIfAbsent(tag, name -> new StringBuilder());
      } else {
        written.get(tag).append('\n').append(ahead);
      }
    }
    return Optional.of(record(written));
  }

  private static TrecRecord record(Map<String, StringBuilder> written) {
    Map<String, String> fields = new LinkedHashMap<>();
    written.forEach((tag, text) -> fields.put(tag, text.toString().strip()));
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("id", fields.get("i"));
    columns.put("title", fields.get("t"));
    columns.put("authors", fields.get("a"));
    columns.put("source", fields.get("b"));
    columns.put("text", fields.get("w"));
    return TrecRecord.whole(columns, fields);
  }
}
