package dev.hone.report;

import java.util.Locale;

/** Quotes text for YAML 1.1 and 1.2: any text at all becomes one double-quoted scalar. */
final class Yaml {
  private Yaml() {}

  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(point -> append(quoted, point));
    return quoted.append('"').toString();
  }

  private static void append(StringBuilder quoted, int point) {
    if (point == '"' || point == '\\') {
      quoted.append('\\').appendCodePoint(point);
    } else if (point >= 0xD800 && point <= 0xDFFF) {
      quoted.append('\uFFFD');
    } else if (printable(point)) {
      quoted.appendCodePoint(point);
    } else {
      quoted.append(String.format(Locale.ROOT, "\\u%04x", point));
    }
  }

  /** YAML's printable characters less the line separators, which a quoted scalar folds. */
  private static boolean printable(int point) {
    return (point >= 0x20 && point <= 0x7E)
        || (point >= 0xA0
            && point <= 0xFFFD
            && point != 0x2028
            && point != 0x2029
            && point != 0xFEFF)
        || point >= 0x10000;
  }
}
