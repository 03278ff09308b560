package dev.hone.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes text from data plain in Markdown: no markup, no HTML, no table cell, no link. */
final class Markdown {
  private static final Pattern SPECIAL = Pattern.compile("[\\\\`*_{}\\[\\]()#+!|~$@]");
  private static final Pattern BACKTICKS = Pattern.compile("`+");

  private Markdown() {}

  /** The text on one line, with everything that Markdown would act on escaped. */
  static String text(String text) {
    String line = text.replaceAll("[\\s\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ").strip();
    return SPECIAL
        .matcher(line)
        .replaceAll(match -> Matcher.quoteReplacement("\\" + match.group()))
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("://", "&#58;//");
  }

  /** A code fence longer than any run of backticks in the text. */
  static String fence(String text) {
    int longest = 2;
    Matcher run = BACKTICKS.matcher(text);
    while (run.find()) {
      longest = Math.max(longest, run.end() - run.start());
    }
    return "`".repeat(longest + 1);
  }
}
