package dev.hone.normalize;

import org.apache.spark.sql.api.java.UDF1;
import org.jsoup.Jsoup;

/**
 * Cleans a text, without HTML where that is asked for. Of a text that is too long it gives the
 * beginning, one character more than a text may have, so that no row carries it through the stage.
 *
 * @param longest most characters of a text
 * @param html whether tags are taken out and character references resolved
 */
record Cleaning(int longest, boolean html) implements UDF1<String, String> {
  private static final long serialVersionUID = 1L;

  /** A text with more characters than this is not cleaned at all: it is too long as it is. */
  private static final int LONGEST_WRITTEN = 10_000_000;

  /** How many characters of a written text are worth looking at. */
  static int looksAt(int longest) {
    return Math.max(LONGEST_WRITTEN, longest) + 1;
  }

  @Override
  public String call(String written) {
    if (written == null) {
      return null;
    }
    if (written.codePointCount(0, written.length()) >= looksAt(longest)) {
      return beginning(written);
    }
    return beginning(NormalRows.clean(html ? Jsoup.parse(written).text() : written));
  }

  private String beginning(String text) {
    return text.codePointCount(0, text.length()) <= longest
        ? text
        : text.substring(0, text.offsetByCodePoints(0, longest + 1));
  }
}
