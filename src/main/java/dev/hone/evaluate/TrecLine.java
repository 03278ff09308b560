package dev.hone.evaluate;

import java.util.regex.Pattern;

/**
 * One line of a TREC run file: query, Q0, document, rank, score, tag, with white space between.
 * Rank and tag are not looked at, as trec_eval does not.
 *
 * @param queryId the query
 * @param documentId the document
 * @param score as float64; higher is better
 */
record TrecLine(String queryId, String documentId, double score) {
  private static final int COLUMNS = 6;
  private static final Pattern SPACE = Pattern.compile("[ \\t\\x0B\\f\\r]+");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");

  /** Whether a line is to be read. */
  static boolean isBlank(String line) {
    return SPACE.matcher(line).replaceAll("").isEmpty();
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if it is none, with what is wrong with it
   */
  static TrecLine of(String line) {
    String[] columns = SPACE.split(line.trim(), -1);
    if (columns.length != COLUMNS) {
      throw new IllegalArgumentException(
          "it has %d columns, not the 6 of a run: query, Q0, document, rank, score, tag"
              .formatted(columns.length));
    }
    String score = columns[4];
    double value = NUMBER.matcher(score).matches() ? Double.parseDouble(score) : Double.NaN;
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("its score, \"%s\", is no number".formatted(score));
    }
    return new TrecLine(columns[0], columns[2], value);
  }

  /**
   * Writes a line whose score reads as the same float64 again.
   *
   * @param rank from 1
   */
  static String write(String query, String document, int rank, double score, String tag) {
    return query + " Q0 " + document + " " + rank + " " + score + " " + tag;
  }
}
