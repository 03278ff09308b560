package dev.hone.normalize.source;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jsoup.parser.Parser;

/**
 * The content of a TREC topic, whose fields have no end tags: each reaches to the next tag. The
 * labels that introduce some fields, such as {@code Number:}, are no part of them.
 */
final class TopicContent implements MarkedRecords.Content {
  private static final Map<String, String> LABELS =
      Map.of("num", "Number", "title", "Topic", "desc", "Description", "narr", "Narrative");

  private final Map<String, StringBuilder> written = new LinkedHashMap<>();
  private String current = "";

  @Override
  public void open(String tag) {
    current = tag;
    text("\n");
  }

  /** Where an end tag is written, only white space stands up to the next field. */
  @Override
  public void close(String tag) {}

  @Override
  public void text(String text) {
    written.computeIfAbsent(current, tag -> new StringBuilder()).append(text);
  }

  @Override
  public TrecRecord record() {
    Map<String, String> fields = new LinkedHashMap<>();
    written.forEach((tag, content) -> fields.put(tag, field(tag, content.toString())));
    fields.remove("");
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("id", fields.get("num"));
    columns.put("title", fields.get("title"));
    columns.put("description", fields.get("desc"));
    columns.put("narrative", fields.get("narr"));
    String title = fields.getOrDefault("title", "");
    columns.put("text", title.isEmpty() ? fields.get("desc") : title);
    return TrecRecord.whole(columns, fields);
  }

  private static String field(String tag, String content) {
    String text = Parser.unescapeEntities(content, true).strip();
    String label = LABELS.get(tag);
    return label == null ? text : text.replaceFirst("^(?i)" + label + "\\s*:\\s*", "");
  }
}
