package dev.hone.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Puts the source of an archive together from resources. */
final class ScriptSource {
  private static final String EACH = "#each ";

  private ScriptSource() {}

  /**
   * The classes of some resources, without comments, with repeated lines written out.
   *
   * @param lists what lines are repeated for: by a list's name, the values of each element
   */
  static String of(List<String> resources, Map<String, List<Map<String, String>>> lists) {
    return resources.stream()
        .flatMap(resource -> text(resource).lines())
        .filter(line -> !line.strip().startsWith("#"))
        .flatMap(line -> expanded(line, lists).stream())
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static List<String> expanded(String line, Map<String, List<Map<String, String>>> lists) {
    int mark = line.indexOf(EACH);
    if (mark < 0) {
      return List.of(line);
    }
    String template = line.substring(0, mark).stripTrailing();
    List<String> lines = new ArrayList<>();
    for (Map<String, String> values : lists.get(line.substring(mark + EACH.length()).strip())) {
      String filled = template;
      for (Map.Entry<String, String> value : values.entrySet()) {
        filled = filled.replace("{" + value.getKey() + "}", value.getValue());
      }
      lines.add(filled);
    }
    return lines;
  }

  private static String text(String resource) {
    try (InputStream stream = ScriptSource.class.getResourceAsStream(resource)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
